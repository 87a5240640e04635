"""What a linking engine must do: the first documented rule does it now, a calibrated engine later."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from truceline.core.claims import Claim
from truceline.core.ids import ClaimId
from truceline.core.mission import Mission


@dataclass(frozen=True, slots=True)
class Material:
    """What may belong together.

    Args:
        claims: Standing claims, by ``known_at`` then id.
        observations: Ids of watch-log lines.
        detections: Ids of detections and tracks.
        alerts: Ids of alerts.
    """

    claims: tuple[Claim, ...]
    observations: tuple[str, ...] = ()
    detections: tuple[str, ...] = ()
    alerts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Group:
    """What an engine puts together.

    Args:
        claims: The claims' ids.
        observations: Ids of watch-log lines.
        detections: Ids of detections, tracks and alerts.
        p_happened: Calibrated probability in [0, 1]; None where the engine has none.
        p_of_type: Claim type and its calibrated probability; empty where the engine has none.
    """

    claims: tuple[ClaimId, ...]
    observations: tuple[str, ...] = ()
    detections: tuple[str, ...] = ()
    p_happened: float | None = None
    p_of_type: tuple[tuple[str, float], ...] = ()


class Linker(Protocol):
    """Puts material about one happening together."""

    @property
    def rule(self) -> str:
        """Name and version of the rule or model, as it stands on every incident."""
        ...

    def group(self, material: Material, mission: Mission) -> Sequence[Group]:
        """Return disjoint groups; what belongs to no happening is in none. The order of input must not matter."""
        ...
