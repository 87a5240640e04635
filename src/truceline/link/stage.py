"""The stage: claims in, incidents out. The first rule stands in for an engine until one is given."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from truceline.core.claims import Claim
from truceline.core.ids import ReportId
from truceline.core.incidents import Incident
from truceline.core.knowledge import known_by, order_key
from truceline.core.mission import Mission
from truceline.link.build import Builder
from truceline.link.ports import Linker, Material
from truceline.link.rule import FirstRule


def link(
    claims: Iterable[Claim],
    mission: Mission,
    *,
    linker: Linker | None = None,
    copies: Collection[ReportId] = frozenset(),
    known_at: datetime | None = None,
    accepted_only: bool = False,
) -> tuple[Incident, ...]:
    """Put claims about one happening together.

    Args:
        claims: All claims, in any order; rejected and superseded ones are left out.
        mission: The pack.
        linker: The engine; None takes the first rule (decision 0006).
        copies: Reports that copy or reprint another: their claims stay, they are no further voice.
        known_at: Only what was known by then; None takes everything.
        accepted_only: Whether only accepted claims count.

    Returns:
        Incidents by ``known_at`` (null last), then id. The order of the claims changes nothing.
    """
    engine = linker if linker is not None else FirstRule()
    known = known_by(claims, known_at, accepted_only=accepted_only)
    by_id = {claim.id: claim for claim in known}
    of_report: dict[ReportId, list[Claim]] = {}
    for claim in known:
        of_report.setdefault(claim.report, []).append(claim)
    builder = Builder(mission, engine.rule, copies)
    built: list[tuple[tuple[bool, datetime, str], Incident]] = []
    for group in engine.group(Material(claims=known), mission):
        members = [by_id[i] for i in group.claims]
        inside = set(group.claims)
        reports = sorted({c.report for c in members})
        beside = [c for report in reports for c in of_report[report] if c.id not in inside]
        built.append((min(map(order_key, members)), builder.build(group, members, beside)))
    return tuple(incident for _, incident in sorted(built, key=lambda pair: pair[0]))
