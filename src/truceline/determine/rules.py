"""The procedure as a record states it in its founding entry: whoever holds a copy can compute every outcome from it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from truceline.core.determinations import CONFIRMED, PRELIMINARY
from truceline.core.errors import InputError
from truceline.core.mission import Mission

MATTER_OF = {
    "casualties": "casualties",
    "prisoners": "casualties",
    "weapon_use": "weapons",
    "equipment_loss": "weapons",
}
"""Type of claim -> what a procedure may reserve for heads."""


@dataclass(frozen=True, slots=True)
class Rules:
    """How a record's rounds are held.

    Args:
        determiners: Letters, sorted.
        quorum: How many must say the same.
        chair: Letter whose answer stands where no agreement is reached, or empty.
        levels: Level -> roles.
        confirmed_for: Matters that need the level ``confirmed``.
        four_eyes: Whether two keys of a delegation must sign its position.
        clocks: Urgency -> how long a round waits.
        escrow: Public key of the escrow (X25519, hex), or empty.
    """

    determiners: tuple[str, ...]
    quorum: int
    chair: str
    levels: Mapping[str, tuple[str, ...]]
    confirmed_for: tuple[str, ...]
    four_eyes: bool
    clocks: Mapping[str, timedelta]
    escrow: str


def stated_rules(mission: Mission, escrow: str = "") -> dict[str, Any]:
    """Return a pack's procedure as the founding entry of its record states it.

    Args:
        mission: The pack.
        escrow: Public key of the escrow, hex, or empty for nobody.

    Returns:
        Values that a payload may hold.
    """
    procedure = mission.procedure
    letter_of = {delegation.id: delegation.letter for delegation in mission.delegations}
    return {
        "kind": procedure.kind,
        "determiners": sorted(letter_of[slug] for slug in procedure.determiners),
        "quorum": procedure.quorum,
        "chair": letter_of.get(procedure.chair, ""),
        "levels": {level: list(roles) for level, roles in procedure.levels.items()},
        "confirmed_for": list(procedure.confirmed_for),
        "four_eyes": procedure.four_eyes,
        "clocks_h": dict(procedure.clocks_h),
        "escrow": escrow,
        "release": procedure.release,
    }


def read_rules(stated: Mapping[str, Any]) -> Rules:
    """Read the procedure out of a founding entry.

    Args:
        stated: As `stated_rules` gives it.

    Returns:
        The rules.

    Raises:
        InputError: It states none that can be followed.
    """
    try:
        rules = Rules(
            determiners=tuple(sorted(map(str, stated["determiners"]))),
            quorum=int(stated["quorum"]),
            chair=str(stated["chair"]),
            levels={level: tuple(stated["levels"][level]) for level in (PRELIMINARY, CONFIRMED)},
            confirmed_for=tuple(stated["confirmed_for"]),
            four_eyes=bool(stated["four_eyes"]),
            clocks={word: timedelta(hours=int(hours)) for word, hours in stated["clocks_h"].items()},
            escrow=str(stated["escrow"]),
        )
        if not 1 <= rules.quorum <= max(1, len(rules.determiners)):
            raise ValueError(f"a quorum of {rules.quorum}")  # noqa: TRY301 - one refusal for every fault of it
    except (KeyError, TypeError, ValueError) as error:
        raise InputError(
            "procedure.stated",
            f"the record states no procedure that can be followed: {error}",
            where="entry 0",
            todo="found the record anew with the procedure of its pack",
        ) from error
    return rules
