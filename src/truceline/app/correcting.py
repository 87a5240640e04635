"""Taking back: undone within half a minute as never on a screen, later struck through as entered in error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from truceline.app.acts import ALONE, UNDO_WITHIN, Desk, Plan, mark_beside, recipient_of
from truceline.app.folding import IN_ERROR, RELEASE, UNDO, Folder, thing_of, voided
from truceline.core.access import ForbiddenError
from truceline.core.errors import ConflictError, InputError
from truceline.core.filters import Filter
from truceline.core.imagery import INSIDE, READINGS, SORTIE
from truceline.core.release import CENTRE, DELEGATIONS, JOINT, OWNER_ONLY, PUBLIC, check_release
from truceline.core.times import parse_instant
from truceline.ledger.entry import Statement, parse_payload
from truceline.ledger.log import RecordItem

_REACH = {OWNER_ONLY: 0, JOINT: 1, PUBLIC: 2}


@dataclass(frozen=True)
class Correct:
    """A correction of one act.

    Args:
        entry: Its place in the record.
        step: ``undo`` or ``error``.
        seen: The version of the thing that was seen; an undo names its own act by its place and needs none.
        reason: In a word, for an error.
    """

    entry: int
    step: str
    seen: int | None = None
    reason: str = ""
    right = "undo"

    @property
    def touches(self) -> frozenset[str]:
        """Everything: which thing it is about stands in the record."""
        return frozenset({ALONE})

    def plan(self, desk: Desk) -> Plan:
        """Write the correction."""
        item = _item(desk, self.entry)
        thing = thing_of(item)
        if thing is None or item.payload is None:
            raise InputError("correction.none", "this entry is no act of a person", where=str(self.entry))
        model, id_ = thing
        asked = {"step": self.step, "entry": self.entry}
        value = desk.thing(model, id_) if self.step == UNDO else desk.fresh(model, id_, self.seen, asked)
        folder = Folder(desk.store, desk.forms, desk.store.models.get, desk.settings.realm)
        gone, struck = voided(folder.about(id_, model))
        if item.index in gone or item.index in struck:
            raise ConflictError("correction.twice", "this act was taken back already", where=str(self.entry))
        if self.step == UNDO:
            _check_undo(desk, item)
        elif (owner := _owner(item)) != desk.viewer.owner:
            raise ForbiddenError("act.owner", f"this is an act of {owner}, who alone takes it back")
        mark = mark_beside(value)
        body = {"step": self.step, "of": item.index, "model": model}
        if self.step == IN_ERROR:
            body["reason"] = self.reason
        statements = [desk.state("correction", id_, body, release=mark)]
        return Plan((*statements, *_ends_too(desk, folder, item, body, mark)))


@dataclass(frozen=True)
class Release:
    """Raising the release mark of a report, and with it of its claims: its owner's head alone (MISSION rule 19).

    Args:
        report: Its id.
        to: The new mark.
        seen: The version that was seen.
    """

    report: str
    to: str
    seen: int | None
    right = "release"

    @property
    def touches(self) -> frozenset[str]:
        """The report."""
        return frozenset({self.report})

    def plan(self, desk: Desk) -> Plan:
        """Write the new mark.

        The entry is the log's own, for a delegation's disclosure is signed by its key and no key of its is here: it says
        for whom (``of``) and by which officer.
        """
        check_release(self.to)
        value = desk.fresh("reports", self.report, self.seen, {"step": RELEASE, "to": self.to})
        owner = value["owner"]
        if desk.viewer.role.rank != "head" or owner != desk.viewer.owner or owner not in DELEGATIONS:
            raise ForbiddenError(
                "release.head", f"this is {owner}'s; a head of {owner} alone raises its mark"
            )
        desk.forms.lives["observation"].after("entered", RELEASE)
        if value["kind"] in INSIDE and self.to != JOINT:
            raise ForbiddenError(
                "release.inside", f"what is seen from above never leaves as it is ('{value['kind']}')",
                todo="make a copy with parts made unreadable, and release that",
            )  # fmt: skip
        if _reach(self.to) <= _reach(value["release"]):
            raise InputError(
                "release.raise", f"'{self.to}' does not reach further than '{value['release']}'", where="to",
                todo="a mark is only raised",
            )  # fmt: skip
        body = {"step": RELEASE, "of": owner, "to": self.to, "model": "reports"}
        mark = self.to if self.to.startswith("party:") else JOINT
        things = [self.report, *(value[SORTIE]["frames"] if value["kind"] == SORTIE else ())]
        return Plan(tuple(desk.state("disclosure", one, body, release=mark, owner=CENTRE) for one in things))


def _owner(item: RecordItem) -> str:
    """Return whose act an entry is; a disclosure is the log's own entry and says for whom."""
    payload = item.payload or {}
    return str(payload["body"]["of"] if item.type == "disclosure" else payload["owner"])


def _reach(mark: str) -> int:
    return _REACH.get(mark, 1)


def _item(desk: Desk, index: int) -> RecordItem:
    entry = desk.store.ledger.entry(index)
    blob = desk.store.payloads.get(entry.payload_sha256)
    return RecordItem(index, entry.type, entry.id, entry.round, None if blob is None else parse_payload(blob))


def _check_undo(desk: Desk, item: RecordItem) -> None:
    payload = item.payload or {}
    if payload["by"]["officer"] != desk.viewer.number:
        raise ForbiddenError("undo.other", "an act is undone by whoever did it, nobody else")
    if item.type == "correction" and payload["body"]["step"] == UNDO:
        raise InputError("undo.undo", "what was undone is not undone again", todo="do it anew")
    if desk.now > parse_instant(payload["known_at"]) + UNDO_WITHIN:
        raise ConflictError(
            "undo.late", f"more than {UNDO_WITHIN.seconds} s have passed", where=str(item.index),
            todo="say that it was entered in error; it stays in sight, struck through",
        )  # fmt: skip


def _ends_too(
    desk: Desk, folder: Folder, item: RecordItem, body: dict[str, object], mark: str
) -> list[Statement]:
    """Where the taking of a watch is taken back, the one before it has not ended; with a sortie go its frames."""
    said = (item.payload or {})["body"]
    if item.type == "correction":
        value = desk.store.models.get("reports", item.id) or {}
        return _with_frames(desk, folder, value, body) if value.get("kind") == SORTIE else []
    if item.type != "report":
        return []
    if said.get("kind") == SORTIE:
        return _with_frames(desk, folder, {**said, "id": item.id}, body)
    before = said.get("follows")
    if not before:
        return []
    return [
        desk.state("correction", str(before), {**body, "of": other.index}, release=mark)
        for other in folder.about(str(before), "watches")
        if (other.payload or {})["body"].get("by_watch") == item.id
    ]


def _with_frames(
    desk: Desk, folder: Folder, sortie: Mapping[str, Any], body: Mapping[str, object]
) -> list[Statement]:
    """Do to every frame of a sortie what is done to it; not where somebody has read one: a reading stands by itself.

    What is taken back of a frame is its own newest act of the same sort: that it was handed in, or that this was an error.
    """
    who = recipient_of(desk.viewer, desk.settings, desk.now)
    asked = Filter(kinds=READINGS, words=str(sortie["id"]))
    if any(
        "struck" not in one
        for one in desk.store.models.find("reports", asked, who, after=None, limit=500).values
    ):
        raise ConflictError(
            "sortie.read", "frames of this sortie were read", where=str(sortie["id"]),
            todo="say of each mark and reading first that it was entered in error",
        )  # fmt: skip
    found = list[Statement]()
    for frame in sortie[SORTIE]["frames"]:
        acts = folder.about(frame, "reports")
        gone, struck = voided(acts)
        standing = [one for one in acts if one.index not in gone]
        corrections = [one for one in standing if one.type == "correction"]
        entered = [one for one in standing if one.type == "report" and one.index not in struck]
        last = next(iter((entered or corrections)[::-1]), None)
        if last is not None:
            mark = mark_beside(desk.store.models.get("reports", frame) or {})
            found.append(desk.state("correction", frame, {**body, "of": last.index}, release=mark))
    return found
