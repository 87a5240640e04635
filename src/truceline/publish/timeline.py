"""The timeline: squares for what happened, ticks for what was entered, a hatched strip for what nobody is known to have seen."""

from __future__ import annotations

from datetime import datetime, timedelta
from html import escape

from truceline.publish.desk import Desk
from truceline.publish.edition import Drawing
from truceline.publish.tokens import bare

WIDTH = 1000.0
_BOX = 9.0
_MOST = 9


def timeline_of(desk: Desk) -> Drawing:
    """Draw when incidents happened and when items were entered, in the direction of reading."""
    happened = [i.valid_at.start for i in desk.last.incidents if i.valid_at and i.valid_at.start]
    entered = [r.known_at for r in desk.view.reports if r.known_at and r.known_at <= desk.last.known_at]
    moments = [*happened, *entered, desk.last.known_at]
    start, end = min(moments) - timedelta(days=2), max(moments) + timedelta(days=2)
    line = _Line(start, end, rtl=desk.words.direction == "rtl")
    squares, levels = _squares(line, happened)
    line.base = 8 + levels * (_BOX + 1.5)
    say = desk.words.say
    inner = (
        f'<path class="t-base" d="M0 {line.base}H{WIDTH}"/>'
        f'{_months(desk, line)}<g transform="translate(0 {line.base})">{squares}</g>{_entries(line, entered)}'
        f'<rect class="t-hatch" x="0.5" y="{line.base + 22}" width="{WIDTH - 1}" height="9"/>'
        f"{_key(desk, line)}"
    )
    return Drawing(WIDTH, line.base + 78, inner, say("report.timeline"))


class _Line:
    """Places instants on the drawing; ``base`` is how far its base line lies from the upper edge."""

    def __init__(self, start: datetime, end: datetime, *, rtl: bool) -> None:
        self.start, self.end, self.rtl = start, end, rtl
        self.base = 0.0

    def at(self, moment: datetime) -> float:
        """Return the distance from the left edge in units."""
        share = (moment - self.start) / (self.end - self.start)
        return round(WIDTH * ((1 - share) if self.rtl else share), 1)

    def flip(self, x: float) -> float:
        """Turn a distance from the reading start into one from the left edge."""
        return WIDTH - x if self.rtl else x


def _squares(line: _Line, happened: list[datetime]) -> tuple[str, int]:
    heights: dict[int, int] = {}
    out = []
    for moment in sorted(happened):
        slot = round(line.at(moment) / (_BOX + 1.5))
        level = heights.get(slot, 0)
        heights[slot] = level + 1
        if level < _MOST:
            x, y = slot * (_BOX + 1.5) - _BOX / 2, -3 - (level + 1) * (_BOX + 1.5)
            out.append(f'<rect class="t-box" x="{x:.1f}" y="{y:.1f}" width="{_BOX}" height="{_BOX}"/>')
    return "".join(out), min(max(heights.values(), default=1), _MOST)


def _entries(line: _Line, entered: list[datetime]) -> str:
    places = sorted({line.at(moment) for moment in entered})
    return "".join(f'<path class="t-tick" d="M{x} {line.base + 5}v11"/>' for x in places)


def _months(desk: Desk, line: _Line) -> str:
    zone = desk.view.mission.zone
    first, last = line.start.astimezone(zone), line.end.astimezone(zone)
    months = (last.year - first.year) * 12 + last.month - first.month
    every = max(1, -(-months // 9))
    out = []
    for offset in range(0, months + 1, every):
        year, month = divmod(first.month - 1 + offset, 12)
        day = first.replace(year=first.year + year, month=month + 1, day=1, hour=0, minute=0, second=0)
        if not first <= day <= last:
            continue
        x = line.at(day)
        name = escape(bare(desk.tokens.month(day.date())))
        out.append(f'<path class="t-base" d="M{x} {line.base}v6"/>')
        if 40 <= x <= WIDTH - 40:
            out.append(
                f'<text class="t-text" x="{x}" y="{line.base + 48}" text-anchor="middle">{name}</text>'
            )
    return "".join(out)


def _key(desk: Desk, line: _Line) -> str:
    words = [desk.words.say(f"report.{key}") for key in ("happened", "entered", "unseen")]
    shapes = (
        '<rect class="t-box" x="-4.5" y="-9" width="9" height="9"/>',
        '<path class="t-tick" d="M0 -10v11"/>',
        '<rect class="t-hatch" x="-14" y="-9" width="28" height="9"/>',
    )
    anchor = "end" if line.rtl else "start"
    out = []
    x = 8.0
    for word, shape in zip(words, shapes, strict=True):
        out.append(f'<g transform="translate({line.flip(x + 8):.1f} {line.base + 72})">{shape}</g>')
        at = line.flip(x + 28)
        out.append(
            f'<text class="t-text" x="{at:.1f}" y="{line.base + 72}" text-anchor="{anchor}">{escape(word)}</text>'
        )
        x += 60 + 8.2 * len(word)
    return "".join(out)
