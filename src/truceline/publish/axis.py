"""The board's axis of time: the weeks in which most due dates lie; what is later stands at its end and says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from truceline.publish.desk import Desk
from truceline.publish.edition import Tick

NEAR = timedelta(days=45)
"""A due date further from the first instrument's start than this stands at the end of the axis."""
_TICK_DAYS = (1, 2, 5, 10, 15)
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class Axis:
    """A stretch of time: first and last instant."""

    start: datetime
    end: datetime

    def at(self, moment: datetime) -> float:
        """Place an instant on the axis, 0 to 1; what lies outside is cut to the ends."""
        share = (moment - self.start) / (self.end - self.start)
        return round(min(1.0, max(0.0, share)), 4)

    def holds(self, moment: datetime) -> bool:
        """Say whether an instant lies on the axis."""
        return self.start <= moment <= self.end


def axis_of(desk: Desk) -> Axis:
    """Choose the stretch: from the first instrument with a due date to three days after the last near due date."""
    dated = {status.instrument for s in desk.steps for status in s.statuses if status.due}
    starts = [at for slug in sorted(dated) if (at := desk.starts_at(slug)) is not None]
    dues = [desk.day_at(step.due) for s in desk.steps for status in s.statuses for step in status.due_history]
    if not starts:
        starts = dues or [desk.last.known_at]
    start = min(starts)
    near = [due for due in dues if timedelta() <= due - start <= NEAR]
    end = max([*near, start + timedelta(days=14)]) + timedelta(days=4)
    zone = desk.view.mission.zone
    local = start.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)
    return Axis(local, end.astimezone(zone))


def ticks_of(desk: Desk) -> tuple[Tick, ...]:
    """Choose days to name on the axis: the first of each month and round days between."""
    axis = axis_of(desk)
    days = (axis.end - axis.start).days + 1
    every = next((step for step in _TICK_DAYS if days / step <= _MOST_TICKS), 30)
    out: list[Tick] = []
    seen = None
    for offset in range(days):
        day = axis.start + timedelta(days=offset)
        round_day = day.day % every == 0 and day.day < 31 - every // 2
        if not (day.day == 1 or round_day):
            continue
        month = "" if seen == day.month else desk.tokens.month(day.date())
        seen = day.month
        out.append(Tick(axis.at(day), desk.tokens.ident(str(day.day)), month))
    return tuple(out)
