"""Fixed cameras: one that is off or blocked sees nothing of what it covers, and the record says from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from truceline.core.feeds import BLIND, Happening
from truceline.core.frames import Frame
from truceline.core.ids import identify
from truceline.detect.decoders.cameras import FORMAT, ON

__all__ = ["FORMAT", "Cameras"]
_NEAR_M = 50.0


@dataclass(frozen=True, slots=True)
class Blind:
    """A stretch of time in which a camera saw nothing.

    Args:
        since_s: Beginning, seconds since 1970.
        until_s: End.
        cause: ``camera_off`` or ``camera_blocked``.
        body: What else its entry says: the camera, where it stands, how far it sees, why.
    """

    since_s: float
    until_s: float
    cause: str
    body: dict[str, Any]


@dataclass(slots=True)
class _Camera:
    """What is known of a camera: since when it is in a state, when it was heard last, and the newest of its facts."""

    state: str
    since_s: float
    last_s: float
    facts: dict[str, Any] = field(default_factory=dict)


class Cameras:
    """Holds the states of the cameras of a feed.

    Args:
        feed: Its slug.
    """

    def __init__(self, feed: str) -> None:
        self._feed = feed
        self._cameras: dict[str, _Camera] = {}
        self._blind: list[Happening] = []
        self._ended: list[Blind] = []

    def take(self, frame: Frame) -> None:
        """Take a row; one that is older than the newest that is known changes nothing."""
        name, state, at_s = str(frame.values["camera"]), str(frame.values["state"]), frame.at_s or 0.0
        new = {key: value for key, value in frame.values.items() if key not in {"camera", "state"}}
        held = self._cameras.get(name)
        if held is not None and at_s < held.last_s:
            return
        if held is not None and held.state == state:
            held.last_s, held.facts = at_s, {**held.facts, **new}
            return
        # where a camera stands holds on; why it was off does not
        facts = {
            **{key: value for key, value in (held.facts if held else {}).items() if key != "reason"},
            **new,
        }
        if held is not None and held.state != ON and at_s > held.since_s:
            self._ended.append(Blind(held.since_s, at_s, f"camera_{held.state}", _told(name, held.facts)))
        self._cameras[name] = _Camera(state, at_s, at_s, facts)
        if state != ON and "lon" in facts:
            self._blind.append(
                Happening(
                    "", identify("track", {"feed": self._feed, "camera": name}), at_s, BLIND, 1.0, facts["lon"],
                    facts["lat"], facts.get("range_m", _NEAR_M), None, name,
                )
            )  # fmt: skip

    def recall(self, frame: Frame) -> None:
        """Take a row that the record has already: what follows from it is written there."""
        self.take(frame)
        self._blind.clear()
        self._ended.clear()

    def blinded(self) -> Iterator[Happening]:
        """Give each camera that has gone blind since this was asked last."""
        while self._blind:
            yield self._blind.pop(0)

    def ended(self) -> Iterator[Blind]:
        """Give each stretch of blindness that has ended since this was asked last."""
        while self._ended:
            yield self._ended.pop(0)


def _told(name: str, facts: dict[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        key: facts[key] for key in ("lon", "lat", "range_m", "night_range_m", "reason") if key in facts
    }
    return {"camera": name, **kept}
