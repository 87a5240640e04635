"""Reviewing a claim: accepted, rejected with a reason, or superseded by a mended copy. Source: MISSION rule 18."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from truceline.app import shapes
from truceline.app.acts import Desk, Plan, mark_beside
from truceline.core.access import ForbiddenError
from truceline.core.claims import GROUP_OF, Claim
from truceline.core.errors import InputError
from truceline.core.ids import identify
from truceline.core.imagery import MARK
from truceline.core.times import format_instant, valid_at
from truceline.ledger.entry import sha256_hex

ACCEPT, REJECT, SUPERSEDE = "accept", "reject", "supersede"

MENDABLE = (
    "type", "subtype", "actors", "targets", "places", "quantities", "when", "due", "attribution", "speakers",
    "capacity", "modality", "polarity",
)  # fmt: skip
"""What of a claim can be mended; which words it rests on, and whose it is, cannot."""


@dataclass(frozen=True)
class Review:
    """A review of one claim.

    Args:
        claim: Its id.
        step: ``accept``, ``reject`` or ``supersede``.
        seen: The version that the reviewer saw.
        reason: Why it is rejected, a word of the claim's table of states.
        mended: What the mended copy says otherwise: field -> value, fields of `MENDABLE`.
    """

    claim: str
    step: str
    seen: int | None
    reason: str | None = None
    mended: Mapping[str, Any] | None = None
    right = "review"

    @property
    def touches(self) -> frozenset[str]:
        """The claim."""
        return frozenset({self.claim})

    def plan(self, desk: Desk) -> Plan:
        """Write the review; a mended copy is kept as evidence, for it quotes the words."""
        asked = {"step": self.step, "reason": self.reason, "mended": self.mended}
        value = desk.fresh("claims", self.claim, self.seen, asked)
        desk.refuse_others(value, "review")
        if self.step != REJECT:
            _check_second(desk, value)
        life = desk.forms.lives["claim"]
        life.after(value["review"]["state"], self.step)
        body: dict[str, Any] = {"step": self.step}
        if self.step == REJECT:
            body["reason"] = life.reason(self.reason or "")
        if self.step != SUPERSEDE:
            return Plan((desk.state("claim", self.claim, body, release=mark_beside(value)),))
        copy = mended_copy(value, self.mended or {}, desk)
        data = shapes.encode(copy)
        body |= {"mended": copy["id"], "mended_sha256": sha256_hex(data)}
        return Plan((desk.state("claim", self.claim, body, release=mark_beside(value)),), (data,))


def _check_second(desk: Desk, value: Mapping[str, Any]) -> None:
    """Stop where whoever marked a thing in a frame would stand behind the mark too; taking it back is always theirs."""
    report = desk.store.models.get("reports", str(value["report"])) or {}
    if report.get("kind") != MARK:
        return
    history: Sequence[Mapping[str, Any]] = report.get("history") or ()
    if history and history[0].get("by") == desk.viewer.number:
        raise ForbiddenError(
            "review.second",
            "a mark is accepted by another pair of eyes",
            todo="ask another officer or analyst to look at it",
        )


def mended_copy(value: Mapping[str, Any], mended: Mapping[str, Any], desk: Desk) -> dict[str, Any]:
    """Make the copy of a claim that says what its words mean.

    Args:
        value: The claim.
        mended: What the copy says otherwise.
        desk: Who mends it, when.

    Returns:
        The copy: a claim of its own that a person accepted, and that names the claim which it mends.

    Raises:
        InputError: A field that cannot be mended, or a value that the field cannot have.
    """
    if not mended:
        raise InputError("review.mended", "a mended copy says nothing otherwise", where="mended")
    for name in mended:
        if name not in MENDABLE:
            raise InputError(
                "review.field",
                f"'{name[:40]}' cannot be mended",
                where="mended",
                todo=f"use {', '.join(MENDABLE)}",
            )
    if mended.get("type", value["type"]) not in GROUP_OF:
        raise InputError("review.type", f"'{str(mended['type'])[:40]}' is no claim type", where="mended.type")
    now = format_instant(desk.now)
    span = value["evidence"]
    identity = {
        "report": value["report"], "type": mended.get("type", value["type"]), "start": span["start"],
        "end": span["end"], "n": f"mends {value['id']} {now}",
    }  # fmt: skip
    kept = {key: item for key, item in value.items() if key not in {"history", "version", "struck"}}
    copy = kept | dict(mended) | {
        "id": identify("claim", identity), "mends": value["id"], "rule": "mended", "known_at": now,
        "known_basis": "received", "review": {"state": "accepted", "by": desk.viewer.number, "known_at": now},
        "by": {"stage": "console", "rule": "mended", "pack": desk.world.mission.version[:12]},
    }  # fmt: skip
    try:
        whole = shapes.revive(copy, Claim)
        if "when" in mended:
            whole = replace(whole, valid_at=valid_at(whole.when, desk.world.mission.zone))
    except (ValueError, OverflowError) as error:
        raise InputError(
            "review.mended", f"a mended field has another form: {error}", where="mended",
            todo="send each field as the claim has it",
        ) from error  # fmt: skip
    if len(whole.speakers) != len(whole.capacity) or len(whole.speakers) != len(whole.attribution):
        raise InputError(
            "review.speakers", "every speaker has one label and one capacity", where="mended",
            todo="send attribution, speakers and capacity together",
        )  # fmt: skip
    return {**shapes.plain(whole), "mends": value["id"]}
