"""Read the known fields of an item: dates, language, source, owner, release, realm; say which one is wrong."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from truceline.collect.ports import CollectKnowledge, Item
from truceline.core.errors import InputError, TrucelineError
from truceline.core.release import CENTRE, PUBLIC, Realm, check_release, refuse_other_realm
from truceline.core.reports import Publication, Rejection
from truceline.core.times import format_instant

KNOWN_FIELDS = (
    "title",
    "published",
    "received",
    "source",
    "publisher",
    "wire",
    "url",
    "language",
    "owner",
    "release",
    "realm",
)
"""Fields that a manifest line or a column may give; everything else is kept as it is."""

_LANGUAGE = re.compile(r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$")
_SLUG = re.compile(r"^[a-z0-9][a-z0-9:._-]*$")
_EARLIEST_ZONE = timedelta(hours=14)
_FIX_DATE = "write it as 2020-11-16 or 2020-11-16T09:30:00Z"


@dataclass(frozen=True, slots=True)
class Given:
    """The known fields of an item, checked."""

    title: str | None
    publication: Publication | None
    received: str | None
    source: str | None
    publisher: str | None
    wire: str | None
    url: str | None
    language: str | None
    owner: str
    release: str
    realm: Realm


def read_given(item: Item, knowledge: CollectKnowledge) -> Given | Rejection:
    """Read and check what is given beside an item's words.

    Args:
        item: The item.
        knowledge: Realm of the store, and the moment up to which a date can have been.

    Returns:
        The fields, or why the item cannot be taken: a wrong mark must not end as an open one.
    """
    given = {name: value.strip() for name, value in item.fields.items() if value and value.strip()}
    name = ""
    try:
        name = "published"
        publication = _publication(given.get(name), knowledge.now) or item.publication
        if publication is item.publication and publication is not None:
            _moment(publication.value, knowledge.now)
        name = "received"
        received = _moment(given[name], knowledge.now) if name in given else None
        name = "language"
        language = _matching(given.get(name), _LANGUAGE, "is no language code", "write ar, en, ru …")
        name = "source"
        source = _matching(
            given.get(name), _SLUG, "is no source slug", "write it as src:name, as in sources.yaml"
        )
        name = "realm"
        realm = _realm(given.get(name), knowledge.realm, item.file)
        name = "release"
        release = check_release(given.get(name, PUBLIC))
    except TrucelineError as error:
        return Rejection(item.file, error.code, error.what, error.todo, f"field '{name}'")
    return Given(
        title=given.get("title"),
        publication=publication,
        received=received,
        source=source,
        publisher=given.get("publisher"),
        wire=given.get("wire"),
        url=given.get("url"),
        language=language,
        owner=given.get("owner", CENTRE),
        release=release,
        realm=realm,
    )


def _publication(text: str | None, now: datetime | None) -> Publication | None:
    return None if text is None else Publication(_moment(text, now), "manifest", text)


def _moment(text: str, now: datetime | None) -> str:
    """Return a day or an instant in UTC; a moment without a time zone counts as its day."""
    try:
        value = datetime.fromisoformat(text)
    except ValueError as error:
        raise InputError("input.date", f"'{text[:40]}' is no date", todo=_FIX_DATE) from error
    has_zone = value.tzinfo is not None
    earliest = (
        value if has_zone else datetime.combine(value.date(), datetime.min.time(), UTC) - _EARLIEST_ZONE
    )
    if now is not None and earliest > now:
        raise InputError(
            "input.future",
            f"'{text[:40]}' had not come yet on {date.isoformat(now.date())}",
            todo="correct the date, or run with a later moment",
        )
    return format_instant(value) if has_zone else value.date().isoformat()


def _matching(text: str | None, pattern: re.Pattern[str], why: str, todo: str) -> str | None:
    if text is not None and not pattern.match(text):
        raise InputError("input.field", f"'{text[:40]}' {why}", todo=todo)
    return text


def _realm(text: str | None, mine: Realm, file: str) -> Realm:
    if text is None:
        return mine
    try:
        theirs = Realm(text)
    except ValueError as error:
        raise InputError(
            "input.realm", f"'{text[:40]}' is no realm", todo="use live, exercise or demo"
        ) from error
    refuse_other_realm(mine, theirs, file)
    return theirs
