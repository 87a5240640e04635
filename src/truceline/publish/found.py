"""What a search found, every string ready: a line for each incident, claim, item and notice, in its own words and direction."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from truceline.core.filters import fold_words
from truceline.core.mission import Mission
from truceline.publish.desk import Desk
from truceline.publish.evidence import quote_of
from truceline.publish.incidents import title_of, when_of
from truceline.publish.tokens import quoted


@dataclass(frozen=True, slots=True)
class Hit:
    """A line of a search.

    Args:
        id: What was found.
        head: What it is called.
        meta: When it was, or became known.
        words: Its own words, or empty.
        language: Their language, or empty.
    """

    id: str
    head: str
    meta: str
    words: str = ""
    language: str = ""


SEARCHED = ("incidents", "claims", "reports", "notices")
"""What is searched, in the order of the page."""


def hits_of(desk: Desk, entity: str, values: Iterable[Mapping[str, Any]]) -> tuple[Hit, ...]:
    """Put what was found into words.

    Args:
        desk: What the viewer may know, with words.
        entity: One of `SEARCHED`.
        values: What was found, as the viewer may have it.

    Returns:
        One line each; what the desk does not know is left out.
    """
    make = {"incidents": _incident, "claims": _claim, "reports": _report, "notices": _notice}[entity]
    return tuple(hit for value in values if (hit := make(desk, value)) is not None)


def spellings(mission: Mission, words: str) -> tuple[str, ...]:
    """List what is looked for: the words, and where they are a name of the pack that name in its other languages.

    Args:
        mission: The mission; its places and parties have names.
        words: What was typed.

    Returns:
        At most eight spellings, the typed one first.
    """
    typed = fold_words(words.strip())
    found = [words]
    for names in (*(one.names for one in mission.places), *(one.names for one in mission.parties)):
        forms = [form.text for forms in names.values() for form in forms]
        if len(typed) > 1 and any(fold_words(form) == typed for form in forms):
            found += forms
    return tuple({fold_words(one): one for one in reversed(found)}.values())[::-1][:_MOST_SPELLINGS]


_MOST_SPELLINGS = 8


def _incident(desk: Desk, value: Mapping[str, Any]) -> Hit | None:
    found = next((one for one in desk.last.incidents if one.id == value["id"]), None)
    return None if found is None else Hit(found.id, title_of(desk, found), when_of(desk, found))


def _claim(desk: Desk, value: Mapping[str, Any]) -> Hit | None:
    claim = desk.claim_of.get(value["id"])
    if claim is None:
        return None
    quote = quote_of(desk, claim)
    head = desk.words.say("join.colon", a=quote.speaker, b=quote.what)
    return Hit(claim.id, head, quote.known, quote.words, quote.language)


def _report(desk: Desk, value: Mapping[str, Any]) -> Hit | None:
    report = desk.report_of.get(value["id"])
    if report is None:
        return None
    head = quoted(report.title) if report.title else desk.tokens.ident(report.doc)
    return Hit(report.id, head, desk.tokens.known_day(report.known_at), "", report.language or "")


def _notice(desk: Desk, value: Mapping[str, Any]) -> Hit | None:
    words = value.get("words") or {}
    text = words.get(desk.words.language) or words.get("en") or ""
    return Hit(str(value["id"]), str(text), "") if text else None
