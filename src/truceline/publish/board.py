"""The board: obligations against their due dates, as known at each moment."""

from __future__ import annotations

from datetime import timedelta
from itertools import pairwise

from truceline.core.obligations import NOT_WATCHED, POSTS_PRESENT, Obligation, ObligationStatus
from truceline.publish.axis import Axis, axis_of, ticks_of
from truceline.publish.desk import Desk
from truceline.publish.detail import detail_of
from truceline.publish.edition import (
    Band,
    Board,
    Chip,
    Counted,
    DueText,
    Exposed,
    Group,
    Mark,
    Row,
    Run,
    Tally,
    runs,
)
from truceline.publish.evidence import counted
from truceline.publish.given import Step
from truceline.publish.tokens import ltr, quoted

STYLES = {
    "not_yet_due": ("due", "empty"),
    "due": ("due", "dots"),
    "kept": ("met", "check"),
    "fulfilled_on_time": ("met", "check"),
    "fulfilled_late": ("late", "late-check"),
    "overdue": ("late", "clock"),
    "breached": ("breached", "cross"),
    "disputed": ("disputed", "differ"),
    "not_observed": ("unjudged", "ask"),
    "outside_mandate": ("unjudged", "outside"),
    "superseded": ("due", "arrow"),
    "expired": ("due", "end"),
}
"""Status -> style of the chip and its sign; sign and word always stand together."""
_GROUPS = (
    ("group_dated", {"dated", "relative"}),
    ("group_continuing", {"continuing", "corridor", "simultaneous"}),
    ("group_other", {"cap", "renewing", "undated", "institution"}),
)
_BANDED = {"continuing", "corridor", "simultaneous", "cap"}
_STATEMENTS = 4
_LABEL_ROOM = 0.12
"""Width of a day in letters, as a share of the axis."""
_CLEAR = 0.03
"""Room kept free round a due date, as a share of the axis."""


def board_of(desk: Desk) -> Board:
    """Lay out every obligation of the last step, with what each earlier step knew of it."""
    axis = axis_of(desk)
    statuses = desk.last.statuses
    groups = []
    for key, kinds in _GROUPS:
        found = [status for status in statuses if status.kind in kinds]
        rows = tuple(_row(desk, axis, status) for status in sorted(found, key=lambda s: s.due or "9999"))
        if rows:
            groups.append(Group(desk.words.say(f"board.{key}"), rows))
    return Board(
        title=desk.words.say("board.title"),
        under=desk.tokens.count("board.of", len(statuses)),
        ticks=ticks_of(desk),
        tallies=runs([_tallies(desk, step) for step in desk.steps]),
        groups=tuple(groups),
    )


def chip_of(desk: Desk, word: str, note: str = "") -> Chip:
    """Show a status by its sign and word."""
    style, sign = STYLES.get(word, ("unjudged", "ask"))
    return Chip(word, style, sign, desk.words.say(f"status.{word}"), note)


def _tallies(desk: Desk, step: Step) -> tuple[Tally, ...]:
    figures: dict[str, int] = {}
    for status in step.statuses:
        figures[status.status] = figures.get(status.status, 0) + 1
    return tuple(Tally(chip_of(desk, w), ltr(str(figures[w]))) for w in STYLES if w in figures)


def _row(desk: Desk, axis: Axis, status: ObligationStatus) -> Row:
    then = [_find(step, status.id) for step in desk.steps]
    duty = desk.duty_of.get(status.id)
    first = next(index for index, found in enumerate(then) if found is not None)
    return Row(
        id=status.id,
        there=Run(first, len(then) - 1, value=True),
        clause=ltr(status.clause),
        title=title_of(desk, status.id),
        under=_under(desk, status),
        marks=_marks(desk, axis, then),
        bands=runs([_band(desk, axis, s, step) for s, step in zip(then, desk.steps, strict=True)]),
        due=runs([due_of(desk, s) for s in then]),
        chip=runs([_chip(desk, s, step) for s, step in zip(then, desk.steps, strict=True)]),
        exposed=runs([exposed_of(desk, s, duty) for s in then]),
        counted=runs([_counted(desk, s) for s in then]),
        accepted=runs([accepted_of(desk, s) or None for s in then]),
        detail=detail_of(desk, status.id, then),
    )


def _find(step: Step, duty: str) -> ObligationStatus | None:
    return next((status for status in step.statuses if status.id == duty), None)


def title_of(desk: Desk, duty: str) -> str:
    """Name an obligation in the edition's language."""
    found = desk.duty_of.get(duty)
    return desk.called.text(found.names) if found else desk.called.slug(duty)


def _under(desk: Desk, status: ObligationStatus) -> str:
    bound = set(desk.view.mission.bound_parties)
    bearer = desk.called.several(status.duty_bearer)
    if bound and bound <= set(status.duty_bearer):
        bearer = desk.words.say("board.all_parties")
    if status.beneficiary and set(status.beneficiary) != set(status.duty_bearer):
        return desk.words.say(
            "board.owes", bearer=bearer, beneficiary=desk.called.several(status.beneficiary)
        )
    return desk.words.say("board.owes_alone", bearer=bearer)


def due_of(desk: Desk, status: ObligationStatus | None) -> DueText | None:
    """Put a due date into words, with those it replaced and the reading in force."""
    if status is None:
        return None
    if status.due is None:
        return DueText((), desk.words.say("board.no_date"), "")
    old = tuple(desk.tokens.day(a.due) for a, b in pairwise(status.due_history) if a.due != b.due)
    reading = desk.words.say(f"reading.word_{status.due_reading}")
    if any(duty.readings_open for duty in (desk.duty_of.get(status.id),) if duty):
        reading = desk.words.say("join.semicolon").join((reading, desk.words.say("reading.open")))
    return DueText(old, desk.tokens.day(status.due), reading)


def _chip(desk: Desk, status: ObligationStatus | None, step: Step) -> Chip | None:
    if status is None:
        return None
    note = ""
    if status.due and status.status in {"not_yet_due", "due", "overdue"}:
        days = (desk.day_at(status.due) + timedelta(days=1) - step.known_at).days
        note = desk.tokens.count("board.left" if days >= 0 else "board.past", abs(days))
    elif status.since:
        note = desk.words.say("board.since", when=desk.tokens.known_day(status.since))
    return chip_of(desk, status.status, note)


def exposed_of(desk: Desk, status: ObligationStatus | None, duty: Obligation | None) -> Exposed | None:
    """Say what could be seen for an obligation; an act on paper is no watched duty."""
    if status is None:
        return None
    exposure = status.exposure
    state = NOT_WATCHED if duty and not duty.observable else exposure.state
    style = {POSTS_PRESENT: "posts", NOT_WATCHED: "none"}.get(state, "unseen")
    notes = []
    if exposure.n_posts is not None and style != "none":
        notes.append(desk.tokens.count("exposure.posts", exposure.n_posts))
    if exposure.n_restrictions:
        notes.append(desk.tokens.count("exposure.restrictions", exposure.n_restrictions))
    word = desk.words.say_or(f"exposure.{state}", quoted(state))
    return Exposed(style, word, desk.words.say("join.comma").join(notes))


def _counted(desk: Desk, status: ObligationStatus | None) -> Counted | None:
    if status is None:
        return None
    cited = (reason.claim for reason in status.reasons)
    return counted(desk, [desk.claim_of[c] for c in cited if c is not None and c in desk.claim_of])


def accepted_of(desk: Desk, status: ObligationStatus | None) -> str:
    """Say what accepted claims alone would give, where that differs."""
    if status is None or status.accepted_would_be is None:
        return ""
    other = status.accepted_would_be
    word = desk.words.say(f"status.{other.status}")
    if other.due and other.due != status.due:
        return desk.words.say("board.accepted_due", status=word, due=desk.tokens.day(other.due))
    return desk.words.say("board.accepted_differs", status=word)


def _band(desk: Desk, axis: Axis, status: ObligationStatus | None, step: Step) -> Band | None:
    if status is None:
        return None
    start = desk.starts_at(status.instrument)
    at = axis.at(start) if start else 0.0
    if status.kind not in _BANDED:
        return None if status.due else Band(at, 1.0, "dotted")
    end = axis.at(step.known_at)
    exposed = exposed_of(desk, status, desk.duty_of.get(status.id))
    style = {"posts": "posts", "unseen": "unseen"}.get(exposed.style if exposed else "", "dotted")
    if style == "dotted" or end <= at:
        return Band(at, 1.0, "dotted")
    return Band(at, end, style)


def _marks(desk: Desk, axis: Axis, then: list[ObligationStatus | None]) -> tuple[Run[Mark], ...]:
    lists = [_marks_then(desk, axis, status) if status else () for status in then]
    slots = max((len(marks) for marks in lists), default=0)
    out: list[Run[Mark]] = []
    for slot in range(slots):
        out += runs([marks[slot] if slot < len(marks) else None for marks in lists])
    return tuple(out)


def _marks_then(desk: Desk, axis: Axis, status: ObligationStatus) -> tuple[Mark, ...]:
    marks: list[Mark] = []
    for old, new in pairwise(status.due_history):
        if old.due == new.due:
            continue
        to = axis.at(desk.day_at(new.due))
        title = desk.words.say("board.legend_old")
        marks.append(Mark("old", axis.at(desk.day_at(old.due)), desk.tokens.short_day(old.due), title, to))
    if status.due:
        marks.append(_due_mark(desk, axis, status))
        marks += _done_late(desk, axis, status)
    marks += _statements(desk, axis, status)
    return tuple(marks)


def _due_mark(desk: Desk, axis: Axis, status: ObligationStatus) -> Mark:
    due = desk.day_at(status.due or "")
    if not axis.holds(due):
        when = desk.tokens.day(status.due)
        return Mark("far", axis.at(due), when, desk.words.say("board.later_than_axis", when=when))
    kind = "done" if status.status == "fulfilled_on_time" else "due"
    return Mark(kind, axis.at(due), desk.tokens.short_day(status.due), desk.tokens.day(status.due))


def _done_late(desk: Desk, axis: Axis, status: ObligationStatus) -> list[Mark]:
    if status.status != "fulfilled_late" or status.since is None or not axis.holds(status.since):
        return []
    x, day = axis.at(status.since), status.since.astimezone(desk.view.mission.zone).date()
    apart = abs(x - axis.at(desk.day_at(status.due or ""))) > _LABEL_ROOM
    return [Mark("done", x, desk.tokens.short_day(day) if apart else "", desk.words.say("board.legend_done"))]


def _statements(desk: Desk, axis: Axis, status: ObligationStatus) -> list[Mark]:
    places: dict[float, Mark] = {}
    taken = [axis.at(desk.day_at(step.due)) for step in status.due_history]
    taken += [mark.x for mark in _done_late(desk, axis, status)]
    for reason in status.reasons:
        claim = desk.claim_of.get(reason.claim) if reason.claim else None
        at = desk.happened_at(claim) if claim else None
        if at and axis.holds(at) and not any(abs(axis.at(at) - x) < _CLEAR for x in taken):
            places.setdefault(axis.at(at), Mark("statement", axis.at(at), "", desk.tokens.local_day(at)))
    return [places[x] for x in sorted(places)][:_STATEMENTS]
