"""Notices: a fixed phrase to both delegations at once, read back by each, stood down with a reason.

Nothing urgent waits for a second signature (MISSION rule 4): a notice says first that it is unverified.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from truceline.app.acts import Desk, Plan, mark_beside, questions
from truceline.app.asking_back import Moment, read_moment
from truceline.core.errors import InputError
from truceline.core.ids import identify
from truceline.core.names import name_in
from truceline.core.times import ValidAt, format_instant

ISSUE, READ_BACK, STAND_DOWN = "issue", "read_back", "stand_down"


@dataclass(frozen=True)
class Issue:
    """A notice.

    Args:
        phrase: A word of ``data/notices.yaml``.
        place: Slug of a place.
        since: As typed; see `asking_back.read_moment`.
        confirmed: Codes of questions that were answered with yes.
    """

    phrase: str
    place: str
    since: str
    confirmed: Sequence[str] = ()
    right = "notify"

    @property
    def touches(self) -> frozenset[str]:
        """The phrase at the place."""
        return frozenset({f"notice:{self.phrase}:{self.place}"})

    def plan(self, desk: Desk) -> Plan:
        """Write the notice in the words that are read in each language."""
        phrase = desk.forms.phrase(self.phrase)
        place = desk.world.mission.place_of.get(self.place)
        if place is None:
            raise InputError("notice.place", f"there is no place '{self.place[:60]}'", where="place")
        zone = desk.world.mission.zone
        since, asked = read_moment(self.since, zone, desk.now)
        questions(asked, self.confirmed)
        written = _since(since, zone, desk)
        words = {
            language: text.format(place=name_in(place.names, language), since=written)
            for language, text in phrase.words.items()
        }
        body = {"step": ISSUE, "phrase": phrase.id, "place": place.id, "since": since.start, "words": words}
        identity = {
            "phrase": phrase.id, "place": place.id, "since": since.start, "owner": desk.viewer.owner,
            "at": format_instant(desk.now),
        }  # fmt: skip
        valid_at = ValidAt(since.at, None, since.precision, "explicit")
        return Plan((desk.state("notice", identify("notice", identity), body, valid_at=valid_at),))


@dataclass(frozen=True)
class ReadBack:
    """One side's word that a notice has reached it.

    Args:
        notice: Its id.
        seen: The version that was read.
    """

    notice: str
    seen: int | None
    right = "read_back"

    @property
    def touches(self) -> frozenset[str]:
        """The notice."""
        return frozenset({self.notice})

    def plan(self, desk: Desk) -> Plan:
        """Write it; whose word it is stands as the entry's owner."""
        value = desk.fresh("notices", self.notice, self.seen, {"step": READ_BACK})
        desk.forms.lives["notice"].after(value["state"], READ_BACK)
        return Plan((desk.state("notice", self.notice, {"step": READ_BACK}, release=mark_beside(value)),))


@dataclass(frozen=True)
class StandDown:
    """The end of a notice, by the side that gave it.

    Args:
        notice: Its id.
        reason: A word of the notice's table of states.
        seen: The version that was seen.
    """

    notice: str
    reason: str
    seen: int | None
    right = "notify"

    @property
    def touches(self) -> frozenset[str]:
        """The notice."""
        return frozenset({self.notice})

    def plan(self, desk: Desk) -> Plan:
        """Write it with its reason."""
        value = desk.fresh("notices", self.notice, self.seen, {"step": STAND_DOWN, "reason": self.reason})
        desk.refuse_others(value, "stand down")
        life = desk.forms.lives["notice"]
        life.after(value["state"], STAND_DOWN)
        body = {"step": STAND_DOWN, "reason": life.reason(self.reason)}
        return Plan((desk.state("notice", self.notice, body, release=mark_beside(value)),))


def _since(since: Moment, zone: ZoneInfo, desk: Desk) -> str:
    """Write the time in the mission's zone, with its day where that is not today."""
    local = since.at.astimezone(zone)
    if since.precision == "day":
        return f"{local:%Y-%m-%d}"
    is_today = local.date() == desk.now.astimezone(zone).date()
    return f"{local:%H:%M}" if is_today else f"{local:%Y-%m-%d %H:%M}"
