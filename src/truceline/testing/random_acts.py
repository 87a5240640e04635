"""Officers who act at random over the API: for whoever must show that nothing acknowledged is lost and all can be rebuilt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

_T = TypeVar("_T")


class Chance(Protocol):
    """What decides; `random.Random` is one."""

    def random(self) -> float:
        """Return a number from 0 to 1."""

    def randint(self, a: int, b: int, /) -> int:
        """Return a whole number from the first to the second."""

    def randrange(self, start: int, /) -> int:
        """Return a whole number below one."""

    def choice(self, seq: Sequence[_T], /) -> _T:
        """Return one of several."""


Look = Callable[[str], Any]
"""Gives the JSON of an address, or None where the viewer may not have it."""

PLACES = ("place:agdam", "place:kelbajar", "place:lachin", "place:shusha")
KINDS = ("ceasefire_violation", "attack", "ceasefire_respected", "patrol")
PHRASES = ("fire_reported", "explosion_reported", "fire_ceased")
_ROOT = "/api/v1"


@dataclass(frozen=True, slots=True)
class Call:
    """A request: its path and body."""

    path: str
    body: dict[str, Any]


@dataclass
class Officer:
    """Somebody who acts at random.

    Args:
        number: Duty number.
        chance: What they do; the same chance and the same answers give the same acts.
        look: Looks at what they are shown.
        done: What they were answered, the latest last.
    """

    number: str
    chance: Chance
    look: Look
    done: list[dict[str, Any]] = field(default_factory=list)

    def next(self) -> Call:
        """Return what they do next; now and then on a version that has passed, or something that cannot be done."""
        acts = (
            self._review, self._review, self._review, self._observe, self._paste, self._notify, self._read_back,
            self._stand_down, self._take, self._hand_over, self._undo, self._error, self._disclose,
        )  # fmt: skip
        return self.chance.choice(acts)()

    def _some(self, path: str) -> dict[str, Any]:
        found = self.look(f"{_ROOT}/{path}") or {"items": []}
        return self.chance.choice(found["items"]) if found["items"] else {"id": "none_x", "version": 0}

    def _seen(self, thing: dict[str, Any]) -> int:
        version = int(thing.get("version", 0))
        return version if self.chance.random() < 0.9 else max(0, version - 1)

    def _review(self) -> Call:
        claim = self._some("claims?limit=60")
        step = self.chance.choice(("accept", "reject", "supersede"))
        body: dict[str, Any] = {"step": step, "seen": self._seen(claim)}
        if step == "reject":
            body["reason"] = self.chance.choice(("misread", "not_said", "off_topic"))
        if step == "supersede":
            body["mended"] = {"modality": self.chance.choice(("asserted", "alleged", "denied"))}
        return Call(f"{_ROOT}/claims/{claim['id']}/review", body)

    def _observe(self) -> Call:
        body = {
            "kind": self.chance.choice(KINDS), "when": f"2020-11-{self.chance.randint(10, 28)} 0{self.chance.randint(0, 9)}:30",
            "where": {"place": self.chance.choice(PLACES)}, "what": f"Line {self.chance.randrange(10**6)} of the watch log",
            "says": self.chance.choice(("", "party:armenia", "party:azerbaijan")),
            "basis": self.chance.choice(("saw", "heard", "told", "read")), "release": self.chance.choice(("joint", "owner")),
        }  # fmt: skip
        return Call(f"{_ROOT}/reports", body)

    def _paste(self) -> Call:
        text = (
            f"BAKU, 1{self.chance.randint(0, 9)} November 2020. Azerbaijan's Defence Ministry said that "
            f"{self.chance.randint(2, 900)} of its soldiers were killed in fighting near Agdam on 9 November."
        )
        return Call(f"{_ROOT}/reports", {"pasted": text, "release": self.chance.choice(("joint", "owner"))})

    def _notify(self) -> Call:
        body = {"phrase": self.chance.choice(PHRASES), "place": self.chance.choice(PLACES), "since": "00:00"}
        return Call(f"{_ROOT}/notices", body)

    def _read_back(self) -> Call:
        notice = self._some("notices")
        return Call(f"{_ROOT}/notices/{notice['id']}/read-back", {"seen": self._seen(notice)})

    def _stand_down(self) -> Call:
        notice = self._some("notices")
        body = {"seen": self._seen(notice), "reason": self.chance.choice(("ended", "unfounded"))}
        return Call(f"{_ROOT}/notices/{notice['id']}/stand-down", body)

    def _take(self) -> Call:
        found = self.look(f"{_ROOT}/hand-over") or {"lines": [], "standing": None}
        body: dict[str, Any] = {"confirmed": [line["key"] for line in found["lines"]]}
        if found["standing"]:
            body |= {"follows": found["standing"]["id"], "seen": found["standing"]["version"]}
        return Call(f"{_ROOT}/watches", body)

    def _hand_over(self) -> Call:
        found = self.look(f"{_ROOT}/hand-over") or {"lines": [], "standing": None}
        standing = found["standing"] or {"id": "none_x", "version": 0}
        body = {"confirmed": [line["key"] for line in found["lines"]], "seen": standing["version"]}
        return Call(f"{_ROOT}/watches/{standing['id']}/hand-over", body)

    def _undo(self) -> Call:
        entry = self.chance.choice(self.done[-5:])["entry"] if self.done else 0
        return Call(f"{_ROOT}/corrections", {"entry": entry, "step": "undo"})

    def _error(self) -> Call:
        act = self.chance.choice(self.done) if self.done else {"entry": 0, "type": "claim", "id": "none_x"}
        models = {"claim": "claims", "report": "reports", "notice": "notices"}
        model = models.get(str(act["type"]), "claims")
        thing = self.look(f"{_ROOT}/{model}/{act['id']}") or self.look(f"{_ROOT}/watches/{act['id']}") or {}
        body = {
            "entry": act["entry"],
            "step": "error",
            "seen": int(thing.get("version", 0)),
            "reason": "typed wrongly",
        }
        return Call(f"{_ROOT}/corrections", body)

    def _disclose(self) -> Call:
        report = self._some("reports?limit=60")
        body = {
            "report": report["id"],
            "seen": self._seen(report),
            "to": self.chance.choice(("joint", "public")),
        }
        return Call(f"{_ROOT}/disclosures", body)
