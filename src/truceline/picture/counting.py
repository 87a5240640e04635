"""Counters: one row for each rule, claimant and side; totals never fall in silence (MISSION rules 1, 11, 12)."""

from __future__ import annotations

from collections import Counter as Counted
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from truceline.core.claims import Claim
from truceline.core.counters import Counter
from truceline.core.ids import ClaimId
from truceline.core.incidents import Incident
from truceline.core.mission import CounterRule, Mission
from truceline.core.obligations import ACCESS_REFUSED, EXPOSURE_UNKNOWN, POSTS_PRESENT, ObligationStatus
from truceline.core.units import to_base
from truceline.geo.gazetteer import Gazetteer
from truceline.picture.figures import Figure, Figures

FALLS = "falls_without_correction"
CORRECTED = "corrected"
UNEQUAL = "unequal_periods"
ADDS_UP = "parts_add_up"
DOES_NOT = "parts_do_not_add_up"
DIFFER = "claimants_differ"
OF_INCIDENT = "of_one_incident"
SCOPE_NOT_TOLD = "scope_not_told"
STATED = "rule:as-stated"
"""The counting rule of a pack by which a figure is shown as its claimant states it."""

TOLLS = frozenset({"casualties", "equipment_loss"})
"""Types of which both one incident and a whole war have figures: the one never stands in for the other."""

FLOWS = frozenset(
    {
        "deployment_flights",
        "ceasefire_violation",
        "explosion",
        "humanitarian",
        "detained_exchange",
        "remains_exchange",
    }
)
"""Types that count events, which have a rate; posts, troops and people held are stocks and have none."""

RATE_DIGITS = Decimal("0.01")


def counters(
    mission: Mission,
    claims: Sequence[Claim],
    at: datetime,
    *,
    incidents: Iterable[Incident] = (),
    statuses: Iterable[ObligationStatus] = (),
) -> tuple[Counter, ...]:
    """Return every counter of the pack at a valid time.

    Args:
        mission: The pack.
        claims: Known claims, in order.
        at: The valid time.
        incidents: Known incidents: a figure that stands in one counts that one alone.
        statuses: Assessed obligations: what they say of exposure.

    Returns:
        Rows in the pack's order; within a counter by first statement. A counter that nobody feeds has one row
        without a value.
    """
    reader = Figures(mission)
    figures = {rule.id: reader.of(rule, claims, at) for rule in mission.settings.counters}
    opened = period_start(at, mission)
    incident_of = {claim: incident for incident in incidents for claim in incident.claims}
    seen = _Seen(mission, tuple(statuses))
    rows: list[Counter] = []
    for rule in mission.settings.counters:
        told = _told(rule, figures[rule.id])
        if not told:
            rows.append(_empty(rule))
            continue
        for own in _by_claimant(rule, told, at):
            for extent, part in _by_extent(rule, own, incident_of):
                row = _row(rule, part, opened, _sum_note(rule, part, figures))
                rows.append(_told_apart(row, extent, incident_of))
    return tuple(seen.beside(row, mission) for row in _named(rows))


def period_start(at: datetime, mission: Mission) -> datetime:
    """Return when the reporting period that holds an instant began: the last cut-off before it.

    Args:
        at: The instant.
        mission: The pack with its zone and cut-off.

    Returns:
        The instant of the cut-off, in UTC.
    """
    hours, minutes = (int(part) for part in mission.settings.cut_off.split(":"))
    local = at.astimezone(mission.zone)
    # A day that ends at 24:00 ends as the next begins, so the cut-off before midnight may be two dates back.
    days = (datetime.combine(local.date() - timedelta(days=back), time(), mission.zone) for back in range(3))
    cuts = (day + timedelta(hours=hours, minutes=minutes) for day in days)
    return next(cut for cut in cuts if cut < local).astimezone(UTC)


def _told(rule: CounterRule, figures: list[Figure]) -> list[Figure]:
    if rule.since is None:
        return figures
    return [
        f for f in figures if f.start is None or f.as_of is None or f.as_of.date().isoformat() >= rule.since
    ]


def _by_claimant(rule: CounterRule, told: list[Figure], at: datetime) -> list[list[Figure]]:
    groups: dict[tuple[str, str | None], list[Figure]] = {}
    for figure in sorted(told, key=lambda f: (f.claim.known_at is None, f.claim.known_at or at, f.claim.id)):
        groups.setdefault(_key(rule, figure), [])
    for figure in told:
        groups[_key(rule, figure)].append(figure)
    return list(groups.values())


def _by_extent(
    rule: CounterRule, own: list[Figure], incident_of: Mapping[ClaimId, Incident]
) -> list[tuple[str | None, list[Figure]]]:
    """Keep a toll of one incident, a total, and what cannot be told apart in rows of their own."""
    if not set(rule.types) & TOLLS:
        return [(None, own)]
    parts: dict[str | None, list[Figure]] = {}
    for figure in own:
        incident = incident_of.get(figure.claim.id)
        total = parts.get(None)
        extent: str | None = None
        if incident is not None:
            extent = incident.id
        elif total and figure.value < total[-1].value and figure.claim.subtype != "correction":
            extent = figure.claim.report  # a toll of the dead does not fall: the words are of something else
        parts.setdefault(extent, []).append(figure)
    return list(parts.items())


def _told_apart(row: Counter, extent: str | None, incident_of: Mapping[ClaimId, Incident]) -> Counter:
    if extent is None:
        return row
    incident = incident_of.get(row.claims[0])
    if incident is None:
        return replace(row, id=f"{row.id}/{extent}", notes=(*row.notes, SCOPE_NOT_TOLD))
    place = incident.place.id if incident.place is not None else None
    return replace(row, id=f"{row.id}/{extent}", scope=place or row.scope, notes=(*row.notes, OF_INCIDENT))


class _Seen:
    """What could be seen where a counter counts, and by which rule it counts."""

    def __init__(self, mission: Mission, statuses: tuple[ObligationStatus, ...]) -> None:
        self._gazetteer = Gazetteer(mission)
        self._states: dict[str, str] = {}
        for status in sorted(statuses, key=lambda s: -len(s.exposure.zones)):
            self._states |= dict.fromkeys(status.exposure.zones, status.exposure.state)

    def beside(self, row: Counter, mission: Mission) -> Counter:
        """Return a row with its exposure and the version of its rule."""
        stated = next((r for r in mission.settings.counting_rules if r.id == STATED), None)
        rule = row.rule
        if stated is not None and row.value is not None:
            rule = f"{stated.id.partition(':')[2]}/{stated.version}: {row.rule}"
        return replace(row, exposure=self._state(row.scope), rule=rule)

    def _state(self, scope: str | None) -> str:
        """The state that all zones of the scope share; a refusal in one of them; else unknown."""
        within = {
            state
            for zone, state in self._states.items()
            if scope is None
            or self._gazetteer.is_within(zone, scope)
            or self._gazetteer.is_within(scope, zone)
        }
        if ACCESS_REFUSED in within:
            return ACCESS_REFUSED
        return POSTS_PRESENT if within == {POSTS_PRESENT} else EXPOSURE_UNKNOWN


def _key(rule: CounterRule, figure: Figure) -> tuple[str, str | None]:
    keep_apart = rule.per_claimant or figure.of is not None
    return (figure.claimant if keep_apart else "", figure.of)


def _row(rule: CounterRule, own: Sequence[Figure], opened: datetime, sums: tuple[str, ...]) -> Counter:
    last, notes = _standing(rule, own)
    before = [f for f in own if f is not last and f.as_of is not None and last.as_of and f.as_of < last.as_of]
    earlier = [f for f in before if f.as_of is not None and f.as_of <= opened] or before
    previous = _standing(rule, earlier)[0] if earlier else None
    if not rule.per_claimant and len({f.claimant for f in own}) > 1 and _clash(own, last):
        notes = (*notes, DIFFER)
    rates = _rates(rule, last, previous)
    unequal = previous is not None and None not in rates and last.days != previous.days
    return Counter(
        id=rule.id,
        scope=rule.scope,
        unit=to_base(Decimal(1), rule.unit)[1],
        value=last.value,
        since_event=rule.since_event,
        as_of=last.as_of,
        previous=previous.value if previous is not None else None,
        rule=f"as stated by {last.claimant}",
        claimant=last.claimant,
        claims=tuple(f.claim.id for f in own),
        op=last.op,
        notes=(*notes, *sums, *((UNEQUAL,) if unequal else ())),
        of=last.of,
        per_day=rates[0],
        previous_per_day=rates[1],
    )


def _standing(rule: CounterRule, own: Sequence[Figure]) -> tuple[Figure, tuple[str, ...]]:
    """The figure in force: the last one; a total stays at its highest unless a correction lowers it."""
    if not rule.cumulative:
        return own[-1], ()
    whole: dict[str, Decimal] = {}
    for figure in own:
        whole[figure.claim.report] = max(figure.value, whole.get(figure.claim.report, figure.value))
    top, notes = own[0], []
    for figure in own[1:]:
        if figure.value < whole[figure.claim.report] and figure.claim.subtype != "correction":
            continue  # the same item tells the total: this is a part of it
        if figure.value >= top.value:
            top = figure
        elif figure.claim.subtype == "correction":
            top = figure
            notes.append(CORRECTED)
        elif figure.claimant == top.claimant:
            notes.append(FALLS)
    return top, tuple(dict.fromkeys(notes))


def _rates(rule: CounterRule, last: Figure, previous: Figure | None) -> tuple[Decimal | None, Decimal | None]:
    if rule.cumulative or not set(rule.types) <= FLOWS:
        return None, None
    return _rate(last), _rate(previous) if previous is not None else None


def _rate(figure: Figure) -> Decimal | None:
    return None if not figure.days else (figure.value / figure.days).quantize(RATE_DIGITS)


def _clash(own: Sequence[Figure], last: Figure) -> bool:
    latest = {f.claimant: f for f in own}
    return any(f.value != last.value for f in latest.values())


def _sum_note(rule: CounterRule, own: Sequence[Figure], figures: dict[str, list[Figure]]) -> tuple[str, ...]:
    """Whether the parts that the same item states add up to its total (7 + 9 + 9 = 25)."""
    if not rule.parts:
        return ()
    whole = _standing(rule, own)[0]
    beside = [
        [f for f in figures.get(part, []) if f.claim.report == whole.claim.report] for part in rule.parts
    ]
    stated = [part[-1].value for part in beside if part]
    if not stated:
        return ()
    total = sum(stated, Decimal(0))
    if total == whole.value:
        return (ADDS_UP,)
    return (DOES_NOT,) if len(stated) == len(rule.parts) or total > whole.value else ()


def _empty(rule: CounterRule) -> Counter:
    return Counter(
        id=rule.id,
        scope=rule.scope,
        unit=to_base(Decimal(1), rule.unit)[1],
        value=None,
        since_event=rule.since_event,
        as_of=None,
        previous=None,
        rule="not stated",
        claimant="unspecified",
        claims=(),
    )


def _named(rows: Sequence[Counter]) -> list[Counter]:
    """Give rows that share a counter an id of their own: counter, claimant, whose."""
    heads = Counted(row.id.partition("/")[0] for row in rows)
    shared = {head for head, n in heads.items() if n > 1}
    named = []
    for row in rows:
        head, _, extent = row.id.partition("/")
        tail = "/".join(part for part in (head, row.claimant, row.of, extent) if part)
        named.append(replace(row, id=tail) if head in shared else row)
    return named
