"""What an officer does on watch, every string ready: the notices that stand, the list by which a watch changes hands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from truceline.core.determinations import Determination
from truceline.core.release import DELEGATIONS
from truceline.core.times import parse_instant
from truceline.publish.board import title_of as duty_title_of
from truceline.publish.desk import Desk
from truceline.publish.incidents import title_of
from truceline.publish.tokens import quoted

OPEN = ("issued", "read_back")
"""States of a notice that nobody has stood down."""


@dataclass(frozen=True, slots=True)
class NoticeSide:
    """A delegation, and whether a notice has reached it: in words."""

    letter: str
    says: str
    is_back: bool


@dataclass(frozen=True, slots=True)
class ShownNotice:
    """A notice.

    Args:
        id: Its id.
        entry: The entry that gave it.
        version: The version that is shown.
        text: The phrase in the viewer's language.
        texts: Language and phrase, of every other language that it went out in.
        state: Its state in words.
        is_open: Whether it stands.
        given: When it was given, and by which side.
        sides: The delegations.
        may_read_back: Whether the viewer's side has not said yet that it has it.
        is_mine: Whether the viewer's side gave it.
    """

    id: str
    entry: int
    version: int
    text: str
    texts: tuple[tuple[str, str], ...]
    state: str
    is_open: bool
    given: str
    sides: tuple[NoticeSide, ...]
    may_read_back: bool
    is_mine: bool


@dataclass(frozen=True, slots=True)
class ShownLine:
    """A line of the list by which a watch changes hands: its key, theme, what it says, until when, what it opens."""

    key: str
    theme: str
    says: str
    due: str
    href: str


def notices_of(desk: Desk, values: Iterable[Mapping[str, Any]], owner: str) -> tuple[ShownNotice, ...]:
    """Lay out notices, those that stand first, then the newest.

    Args:
        desk: Words and names.
        values: Notices as the read model holds them.
        owner: The viewer's side, as entries name it.

    Returns:
        One for each.
    """
    shown = [_notice(desk, value, owner) for value in values]
    return tuple(sorted(shown, key=lambda one: (not one.is_open, -one.entry)))


def lines_of(
    desk: Desk,
    lines: Iterable[Mapping[str, Any]],
    rounds: Mapping[str, Sequence[Determination]],
    notices: Mapping[str, str],
) -> tuple[ShownLine, ...]:
    """Lay out the list of a watch.

    Args:
        desk: Words and names.
        lines: Its lines: ``key``, ``theme``, ``id``, ``due``, ``n``.
        rounds: Incident's id -> its rounds.
        notices: Notice's id -> its phrase.

    Returns:
        One for each, in order.
    """
    subject = {one.id: incident for incident, some in rounds.items() for one in some}
    return tuple(_line(desk, line, subject, notices) for line in lines)


def _notice(desk: Desk, value: Mapping[str, Any], owner: str) -> ShownNotice:
    words, own = value["words"], desk.words.language
    language = own if own in words else "en"
    state = str(value["state"])
    history = [line for line in value["history"] if line["entry"] is not None]
    return ShownNotice(
        id=str(value["id"]),
        entry=int(history[0]["entry"]),
        version=int(value["version"]),
        text=quoted(str(words[language])),
        texts=tuple((code, quoted(str(text))) for code, text in sorted(words.items()) if code != language),
        state=desk.words.say(f"console.tasks.state.{state}"),
        is_open=state in OPEN,
        given=desk.words.say(
            "console.tasks.given", letter=str(value["owner"]), when=_at(desk, str(value["known_at"]))
        ),
        sides=tuple(_sides(desk, value)),
        may_read_back=state in OPEN and owner not in value["read_back"],
        is_mine=value["owner"] == owner,
    )


def _sides(desk: Desk, value: Mapping[str, Any]) -> Iterator[NoticeSide]:
    for letter in DELEGATIONS:
        back = value["read_back"].get(letter)
        says = (
            desk.words.say("console.tasks.not_back")
            if back is None
            else desk.words.say("console.tasks.back_at", when=_at(desk, str(back["at"])))
        )
        yield NoticeSide(letter, says, back is not None)


def _line(
    desk: Desk, line: Mapping[str, Any], subject: Mapping[str, str], notices: Mapping[str, str]
) -> ShownLine:
    theme, id_, due = str(line["theme"]), str(line["id"]), line.get("due")
    says, href = desk.tokens.ident(id_), ""
    if theme == "round":
        incident = next((one for one in desk.last.incidents if one.id == subject.get(id_)), None)
        if incident is not None:
            says, href = title_of(desk, incident), f"/incidents/{incident.id}"
    elif theme == "notice":
        says, href = notices.get(id_, says), "/notices"
    elif theme == "obligation":
        says, href = duty_title_of(desk, id_), "/board"
    elif theme == "intake":
        says, href = desk.tokens.count("console.to_review", int(line.get("n") or 0)), "/review"
    return ShownLine(
        str(line["key"]),
        desk.words.say_or(f"console.tasks.theme.{theme}", quoted(theme)),
        says,
        "" if not due else desk.tokens.day(due) if len(str(due)) == 10 else _at(desk, str(due)),
        href,
    )


def _at(desk: Desk, instant: str) -> str:
    return desk.tokens.instant(parse_instant(instant))
