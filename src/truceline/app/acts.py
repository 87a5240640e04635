"""What every act of a person is made of: who does it, what they saw before, which entries it writes, what it is answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from truceline.app.folding import CONSOLE
from truceline.app.shaping import is_outside, shaped
from truceline.app.wiring import Store, World
from truceline.core.access import ForbiddenError, Viewer
from truceline.core.errors import ConflictError, InputError
from truceline.core.lives import Forms
from truceline.core.mission import MissionSettings
from truceline.core.release import CENTRE, JOINT, PUBLIC
from truceline.core.rows import Recipient
from truceline.core.times import KnownBasis, ValidAt, parse_instant
from truceline.ledger.entry import Statement
from truceline.ledger.log import RecordItem

UNDO_WITHIN = timedelta(seconds=30)
"""How long an act can be taken back as if it had never been on a screen."""
ALONE = "*"
"""Stands for everything: an act that touches it shares its group with no other."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an act writes.

    Args:
        statements: Its entries; the first one is the act itself.
        evidence: Bytes that they name, to be kept before them.
    """

    statements: tuple[Statement, ...]
    evidence: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What an act is answered, now and whenever the same request comes again: it follows from the entry alone.

    Args:
        entry: Place of the act in the record.
        type: Type of the entry.
        id: What it is about.
        version: The version that the thing has now.
        known_at: When it was done.
        undo_until: Until when the same officer can take it back.
    """

    entry: int
    type: str
    id: str
    version: int
    known_at: datetime
    undo_until: datetime


class Act(Protocol):
    """An act: planned with the store as it is at that moment, by the one thread that writes."""

    @property
    def right(self) -> str:
        """The word of `core.access.ACTS` that whoever does it needs."""

    @property
    def touches(self) -> frozenset[str]:
        """What it touches; two acts that touch one thing are not planned beside each other."""

    def plan(self, desk: Desk) -> Plan:
        """Return what it writes, or say why it cannot be done."""


@dataclass(frozen=True)
class Desk:
    """What an act is planned with.

    Args:
        store: The store of the thread that writes.
        world: The mission and its readers.
        forms: What people may enter.
        viewer: Who acts.
        now: The time.
        request: Digests of the request, which stand with the act: ``request`` of its key, ``asked`` of its body.
    """

    store: Store
    world: World
    forms: Forms
    viewer: Viewer
    now: datetime
    request: Mapping[str, str] = field(default_factory=dict)

    @property
    def settings(self) -> MissionSettings:
        """The mission's settings."""
        return self.world.mission.settings

    def thing(self, model: str, id_: str) -> dict[str, Any]:
        """Return a thing that the viewer may have.

        Args:
            model: Read model.
            id_: Its id.

        Returns:
            Its value.

        Raises:
            InputError: There is none, or none for this viewer.
        """
        found = self.store.models.get(model, id_, recipient_of(self.viewer, self.settings, self.now))
        if found is None:
            raise InputError("api.none", f"there is no such thing among {model}", where=id_[:80])
        return found

    def fresh(self, model: str, id_: str, seen: int | None, asked: object) -> dict[str, Any]:
        """Return a thing in the version that the viewer has seen.

        Args:
            model: Read model.
            id_: Its id.
            seen: The version that the viewer saw; 0 is a thing that nobody acted upon.
            asked: What they want to do, for the answer where another version stands.

        Returns:
            Its value.

        Raises:
            InputError: There is none for this viewer, or no version was named.
            ConflictError: Somebody else has acted on it; both versions are told.
        """
        value = self.thing(model, id_)
        version = int(value.get("version", 0))
        if seen is None:
            raise InputError(
                "act.unseen", "the act does not say which version of the thing it was made for", where=id_,
                todo="send If-Match, or 'seen', with the version that was shown",
            )  # fmt: skip
        if seen != version:
            word = self.viewer.recipient or PUBLIC
            raise ConflictError(
                "act.changed", "somebody else has acted on it since; nothing was overwritten", where=id_,
                todo="look at what stands now, and decide again",
                yours={"seen": seen, "asked": asked},
                theirs={"version": version, "value": shaped(value, word, self.settings)},
            )  # fmt: skip
        return value

    def refuse_others(self, value: Mapping[str, Any], what: str) -> None:
        """Stop where a thing is another delegation's.

        Args:
            value: The thing.
            what: What is done to it, in a word, for the message.

        Raises:
            ForbiddenError: It is.
        """
        owner = value.get("owner", CENTRE)
        if owner not in {CENTRE, self.viewer.owner}:
            raise ForbiddenError("act.owner", f"this is {owner}'s; {owner} alone may {what} it")

    def state(
        self,
        type_: str,
        id_: str,
        body: Mapping[str, Any],
        *,
        release: str = JOINT,
        owner: str | None = None,
        valid_at: ValidAt | None = None,
    ) -> Statement:
        """Make an entry of an act.

        Args:
            type_: Type of the entry.
            id_: What it is about.
            body: What it says.
            release: How far it may travel.
            owner: Whose it is; None is the viewer's own side.
            valid_at: When it was so.

        Returns:
            The statement.
        """
        basis: KnownBasis = "received"
        return Statement(
            type=type_,
            id=id_,
            mission=self.settings.id,
            realm=self.settings.realm,
            body=body,
            owner=owner or self.viewer.owner,
            release=release,
            known_at=self.now,
            known_basis=basis,
            valid_at=valid_at,
            by={"stage": CONSOLE, "officer": self.viewer.number, **self.request},
        )


def recipient_of(viewer: Viewer, settings: MissionSettings, now: datetime) -> Recipient:
    """Say what the release gate is told of a viewer.

    Args:
        viewer: Who asks or acts.
        settings: The mission's: its realm, and how late those outside are told.
        now: The time.

    Returns:
        The recipient.

    Raises:
        ForbiddenError: The role is given nothing.
    """
    word = viewer.recipient
    if word is None:
        raise ForbiddenError(
            "access.nothing", f"the role '{viewer.role.name}' reads nothing of what the centre holds"
        )
    delay = timedelta(hours=settings.release.delay_h)
    return Recipient(word, settings.realm, now - delay if is_outside(word) else None)


def mark_beside(value: Mapping[str, Any]) -> str:
    """Return the mark of an entry about a thing: it travels as far as the thing among those inside, never further."""
    mark = str(value.get("release", JOINT))
    return JOINT if mark in {JOINT, PUBLIC} else mark


def answer_of(item: RecordItem) -> Answer:
    """Return what the act of an entry is answered."""
    payload = item.payload or {}
    at = parse_instant(str(payload["known_at"]))
    return Answer(item.index, item.type, item.id, item.index, at, at + UNDO_WITHIN)


def questions(found: Sequence[Mapping[str, Any]], confirmed: Sequence[str]) -> None:
    """Ask about what looks wrong before anything is written.

    Args:
        found: The questions: ``code``, ``field``, ``what``, and what it could mean instead.
        confirmed: Codes that were answered with yes.

    Raises:
        ConflictError: One is not answered yet; it bears them all.
    """
    open_ = [one for one in found if one["code"] not in confirmed]
    if open_:
        raise ConflictError(
            "act.questions", "; ".join(str(one["what"]) for one in open_),
            todo="mend it, or send the codes of the questions in 'confirmed'", questions=open_,
        )  # fmt: skip
