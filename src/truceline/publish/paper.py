"""The paper: a report on obligations, claims and incidents as known at one moment."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from truceline.core.claims import TYPE_GROUPS, Claim
from truceline.core.counters import Counter
from truceline.core.incidents import Incident
from truceline.core.reports import Report as Item
from truceline.publish.board import STYLES, accepted_of, chip_of, due_of, exposed_of, title_of
from truceline.publish.charting import draw, sheet_of
from truceline.publish.desk import Desk
from truceline.publish.edition import (
    ClaimGroup,
    ClaimLine,
    CounterLine,
    DutyLine,
    IncidentView,
    RecordView,
    Report,
    Sentence,
    SideView,
    SourceLine,
)
from truceline.publish.evidence import (
    basis_of,
    capacity_of,
    origin_of,
    speaker_of,
    verb_of,
    what_of,
    when_of,
)
from truceline.publish.heading import is_rebuilt
from truceline.publish.incidents import (
    cover_of,
    exposure_of,
    place_of,
    says_of,
    sentence_of,
    state_of,
)
from truceline.publish.incidents import title_of as incident_title
from truceline.publish.incidents import when_of as incident_when
from truceline.publish.timeline import timeline_of
from truceline.publish.tokens import ltr, quoted

_RESTRICTED = {"freedom_of_movement", "jamming"}
_BRIEF_INCIDENTS = 3
_MAP_UNITS = 640.0
"""Width of the map on paper in units, so that its words come out at about 7 points."""


def report_of(desk: Desk) -> Report:
    """Gather the paper of an edition: its last step alone."""
    say, settings = desk.words.say, desk.view.mission.settings
    numbers = incident_numbers(desk)
    known = [c for c in desk.view.claims if desk.is_known(c, desk.last)]
    when = desk.tokens.known(desk.view.known_at)
    return Report(
        title=say("report.title", when=desk.tokens.known_day(desk.view.known_at)),
        kind=say("report.kind"),
        cut_off=say("report.cut_off", when=when, cut_off=desk.tokens.hours(settings.cut_off)),
        rebuilt=say("report.rebuilt") if is_rebuilt(desk) else "",
        brief=_brief(desk, numbers, known),
        duties=_duties(desk),
        accepted=_groups(desk, [c for c in known if c.review.state == "accepted"], numbers),
        machine=_groups(desk, [c for c in known if c.review.state == "machine-read"], numbers),
        incidents=tuple(_incident(desk, i, numbers) for i in desk.last.incidents),
        counters=tuple(_counter(desk, c) for c in desk.last.counters if c.value is not None),
        uncounted=_uncounted(desk),
        timeline=timeline_of(desk),
        map=draw(desk, sheet_of(desk, _MAP_UNITS)),
        map_caption=_caption(desk),
        restrictions=_restrictions(desk, known, numbers),
        sources=_sources(desk),
        record=_record(desk),
        notes=_notes(desk),
    )


def incident_numbers(desk: Desk) -> dict[str, str]:
    """Number the incidents of the paper in their order: claim and incident ids -> ``I1``, ``I2`` …."""
    numbers: dict[str, str] = {}
    for index, incident in enumerate(desk.last.incidents, 1):
        numbers[incident.id] = ltr(f"I{index}")
        for claim in incident.claims:
            numbers.setdefault(claim, ltr(f"I{index}"))
    return numbers


def _brief(desk: Desk, numbers: dict[str, str], known: list[Claim]) -> tuple[Sentence, ...]:
    total = len(desk.last.statuses)
    table = ltr("T1")
    each = []
    for word in STYLES:
        n = sum(status.status == word for status in desk.last.statuses)
        if n:
            printed = desk.words.say(f"status.{word}").lower()
            each.append(desk.words.say("report.brief_each", n=desk.tokens.figure(n), status=printed))
    text = desk.words.say(
        "report.brief_status", total=desk.tokens.figure(total), list=desk.words.say("join.comma").join(each)
    )
    out = [Sentence(text, (table,))] if each else []
    out += _brief_amended(desk)
    out.append(_brief_incidents(desk))
    out += _brief_says(desk, numbers)
    accepted = sum(c.review.state == "accepted" for c in known)
    machine = sum(c.review.state == "machine-read" for c in known)
    if known:
        figure = desk.tokens.figure(machine)
        text = desk.tokens.count("report.brief_accepted", accepted, machine=figure)
        out.append(Sentence(text if accepted else desk.words.say("report.none_accepted")))
    return tuple(out)


def _brief_amended(desk: Desk) -> list[Sentence]:
    out = []
    for status in desk.last.statuses:
        due = due_of(desk, status)
        if due and due.old:
            text = desk.words.say(
                "report.brief_amended", title=title_of(desk, status.id), new=due.now, old=due.old[-1]
            )
            out.append(Sentence(text, (ltr("T1"),)))
    return out


def _brief_incidents(desk: Desk) -> Sentence:
    incidents = desk.last.incidents
    states = list(dict.fromkeys(exposure_of(desk, incident) for incident in incidents))
    exposure = desk.words.say("join.comma").join(states) or desk.words.say("incident.exposure_unknown")
    if not incidents:
        return Sentence(desk.words.say("report.brief_none", exposure=exposure))
    text = desk.tokens.count("report.brief_incidents", len(incidents), exposure=exposure)
    return Sentence(text, tuple(ltr(f"I{n}") for n in range(1, len(incidents) + 1))[:8])


def _brief_says(desk: Desk, numbers: dict[str, str]) -> list[Sentence]:
    out = []
    latest = sorted(
        desk.last.incidents, key=lambda i: (i.known_at is not None, i.known_at, i.id), reverse=True
    )
    for incident in latest[:_BRIEF_INCIDENTS]:
        claims = [desk.claim_of[c] for c in incident.claims if c in desk.claim_of]
        if claims:
            out.append(Sentence(sentence_of(desk, claims[0]) + ".", (numbers[incident.id],)))
    return out


def _duties(desk: Desk) -> tuple[DutyLine, ...]:
    out = []
    for index, status in enumerate(desk.last.statuses, 1):
        due = due_of(desk, status)
        exposed = exposed_of(desk, status, desk.duty_of.get(status.id))
        if due is None or exposed is None:
            continue
        out.append(
            DutyLine(
                ref=ltr(f"O{index}"),
                clause=ltr(status.clause),
                title=title_of(desk, status.id),
                instrument=_instrument(desk, status.instrument),
                due=due,
                chip=chip_of(desk, status.status),
                exposed=exposed,
                accepted=accepted_of(desk, status),
            )
        )
    return tuple(out)


def _instrument(desk: Desk, slug: str) -> str:
    found = desk.instrument_of.get(slug)
    return desk.called.text(found.names) if found else desk.called.slug(slug)


def _groups(desk: Desk, claims: Iterable[Claim], numbers: dict[str, str]) -> tuple[ClaimGroup, ...]:
    chosen = list(claims)
    out = []
    for group, types in TYPE_GROUPS.items():
        lines = tuple(_line(desk, c, numbers) for kind in types for c in chosen if c.type == kind)
        if lines:
            out.append(ClaimGroup(desk.words.say(f"group.{group}"), tuple(dict.fromkeys(lines))))
    return tuple(out)


def _line(desk: Desk, claim: Claim, numbers: dict[str, str]) -> ClaimLine:
    return ClaimLine(
        ref=numbers.get(claim.id, ""),
        speaker=speaker_of(desk, claim),
        capacity=capacity_of(desk, claim),
        verb=verb_of(desk.words, claim),
        what=what_of(desk, claim, with_day=False),
        basis=basis_of(desk, claim),
        when=when_of(desk, claim),
    )


def _incident(desk: Desk, incident: Incident, numbers: dict[str, str]) -> IncidentView:
    sides = tuple(
        SideView(party, tuple(Sentence(text) for text in says)) for party, says in says_of(desk, incident)
    )
    return IncidentView(
        ref=numbers[incident.id],
        id=ltr(incident.id),
        title=incident_title(desk, incident),
        when=incident_when(desk, incident),
        where=place_of(desk, incident) or desk.words.say("map.no_place"),
        cover=cover_of(desk, incident),
        state=state_of(desk, incident),
        independent=desk.tokens.count("incident.independent", incident.n_independent),
        exposure=exposure_of(desk, incident),
        sides=sides,
    )


def _counter(desk: Desk, counter: Counter) -> CounterLine:
    title = _counter_title(desk, counter)
    if counter.of:
        title = desk.words.say("counter.of", title=title, who=_claimant(desk, counter.of))
    claimant = _claimant(desk, counter.claimant)
    return CounterLine(
        title=title,
        now=_amount(desk, counter, counter.value, counter.per_day, counter.op),
        before=_amount(desk, counter, counter.previous, counter.previous_per_day, "="),
        rule=_rule(desk, counter, claimant),
        claimant=claimant,
        exposure=desk.words.say_or(f"exposure.{counter.exposure}", quoted(counter.exposure))
        if counter.exposure
        else desk.words.say("exposure.unknown"),
        as_of=desk.tokens.known_day(counter.as_of),
        notes=tuple(desk.words.say_or(f"counter_note.{note}", quoted(note)) for note in counter.notes),
    )


def _counter_title(desk: Desk, counter: Counter) -> str:
    rule = next((r for r in desk.view.mission.settings.counters if _is_rule(counter, r.id)), None)
    return desk.called.text(rule.names) if rule else desk.called.slug(counter.id)


def _uncounted(desk: Desk) -> str:
    titles = dict.fromkeys(_counter_title(desk, c) for c in desk.last.counters if c.value is None)
    if not titles:
        return ""
    return desk.words.say("report.uncounted", list=desk.words.say("join.semicolon").join(titles))


def _amount(desk: Desk, counter: Counter, value: Decimal | None, rate: Decimal | None, op: str) -> str:
    if value is None:
        return "—"
    text = desk.tokens.quantity(value, counter.unit, op)
    if rate is None or "unequal_periods" not in counter.notes:
        return text
    each = desk.words.say("counter.per_day", n=desk.tokens.figure(round(rate, 1)))
    return desk.words.say("join.brackets", a=text, b=each)


def _is_rule(counter: Counter, rule: str) -> bool:
    return counter.id == rule or counter.id.startswith((f"{rule}/", f"{rule}:", f"{rule}@"))


def _claimant(desk: Desk, claimant: str) -> str:
    return (
        desk.called.slug(claimant)
        if ":" in claimant
        else desk.words.say_or(f"label.{claimant}", quoted(claimant))
    )


def _rule(desk: Desk, counter: Counter, claimant: str) -> str:
    version, _, stated = counter.rule.rpartition(": ")
    if stated.startswith("as stated by"):
        words = desk.words.say("report.as_stated", claimant=claimant)
        return desk.words.say("join.brackets", a=words, b=ltr(version)) if version else words
    return desk.words.say_or(f"rule_name.{counter.rule}", quoted(counter.rule))


def _caption(desk: Desk) -> str:
    sources = dict.fromkeys(line.source for line in desk.view.mission.lines if line.disputed)
    return desk.words.say(
        "report.map_caption", sources=desk.words.say("join.semicolon").join(map(quoted, sources)) or "—"
    )


def _restrictions(desk: Desk, known: list[Claim], numbers: dict[str, str]) -> tuple[Sentence, ...]:
    return tuple(
        Sentence(sentence_of(desk, claim) + ".", tuple(filter(None, (numbers.get(claim.id, ""),))))
        for claim in known
        if claim.type in _RESTRICTED
    )


def _sources(desk: Desk) -> tuple[SourceLine, ...]:
    by_source: dict[str, list[Item]] = {}
    for report in desk.view.reports:
        by_source.setdefault(report.source or report.publisher or report.doc, []).append(report)
    return tuple(_source(desk, source, items) for source, items in sorted(by_source.items()))


def _source(desk: Desk, source: str, items: list[Item]) -> SourceLine:
    pack = next((s for s in desk.view.mission.sources if s.id == source), None)
    copies = sum(origin_of(desk, item.id) != item.id for item in items)
    moments = [item.known_at for item in items if item.known_at is not None]
    return SourceLine(
        name=desk.called.text(pack.names) if pack else quoted(source),
        basis=desk.words.say(f"basis.{pack.basis}") if pack else desk.words.say("basis.unknown"),
        items=desk.tokens.count("board.reports", len(items)),
        copies=desk.tokens.count("report.copies", copies) if copies else desk.words.say("report.no_copies"),
        first=desk.tokens.known_day(min(moments)) if moments else "—",
    )


def _record(desk: Desk) -> RecordView | None:
    head = desk.view.record
    if head is None:
        return None
    return RecordView(ltr(head.origin), desk.tokens.figure(head.size), desk.tokens.hash(head.root))


def _notes(desk: Desk) -> tuple[str, ...]:
    notes = list((desk.view.notes or {}).get(desk.words.language, ()))
    unread: dict[str, int] = {}
    for report in desk.view.reports:
        if report.read_state == "not read yet":
            unread[report.language] = unread.get(report.language, 0) + 1
    for language, n in sorted(unread.items()):
        notes.append(
            desk.tokens.count(
                "report.not_read", n, language=desk.words.say_or(f"language_name.{language}", ltr(language))
            )
            + "."
        )
    return tuple(notes)
