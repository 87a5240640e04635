"""From a group of claims to an incident: name, time, place, sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime

from truceline.core.affiliation import Affiliations
from truceline.core.claims import By, Claim, Ref
from truceline.core.ids import IncidentId, ReportId, identify
from truceline.core.incidents import Incident, Location, TypeEstimate
from truceline.core.knowledge import order_key, span_of
from truceline.core.mission import Mission
from truceline.core.times import Precision, ValidAt
from truceline.geo.gazetteer import Gazetteer
from truceline.link.kinds import ABOUT, FAMILIES, LOSSES
from truceline.link.ports import Group
from truceline.link.scope import border_question_open, scope_of
from truceline.link.voices import n_independent, sides, stages

_FINE_FIRST: tuple[Precision, ...] = (
    "instant", "minute", "hour", "day", "approx", "week", "month", "year", "unknown",
)  # fmt: skip
_MARK_ORDER = ("public", "joint", "party", "owner")


class Builder:
    """Builds incidents of one mission.

    Args:
        mission: The pack.
        rule: Name of the linking rule.
        copies: Reports that copy or reprint another.
    """

    def __init__(self, mission: Mission, rule: str, copies: Collection[ReportId]) -> None:
        self._mission = mission
        self._rule = rule
        self._copies = copies
        self._gazetteer = Gazetteer(mission)
        self._affiliations = Affiliations(mission)

    def build(self, group: Group, members: Sequence[Claim], beside: Sequence[Claim]) -> Incident:
        """Return the incident of a group.

        Args:
            group: What the engine put together.
            members: The group's claims.
            beside: Other claims of the same reports.

        Returns:
            The incident; its id comes from its earliest claim.
        """
        claims = sorted(members, key=order_key)
        opener = claims[0]
        place = self._place(claims)
        slug = place.id if place is not None else None
        p_of = dict(group.p_of_type)
        span = self._span(claims)
        asked = border_question_open(self._mission, span.start if span is not None else None)
        return Incident(
            id=IncidentId(identify("incident", {"opener": opener.id})),
            types=tuple(TypeEstimate(kind, p_of.get(kind)) for kind in _by_frequency(claims)),
            valid_at=span,
            place=place,
            location=self._location(slug),
            zone=self._gazetteer.zone_of(slug) if slug is not None else None,
            scope=scope_of(claims, beside, self._gazetteer, is_question_open=asked),
            claims=tuple(c.id for c in claims),
            sides=sides(claims, self._affiliations),
            rule=self._rule,
            observations=group.observations,
            detections=group.detections,
            p_happened=group.p_happened,
            stages=stages(claims),
            n_independent=n_independent(claims, self._affiliations, self._copies),
            known_at=opener.known_at,
            known_basis=opener.known_basis,
            sources=tuple(dict.fromkeys(s for c in claims for s in c.sources)),
            realm=opener.realm,
            owner=opener.owner,
            release=_narrowest(claims),
            by=By("link", self._rule, self._mission.version),
        )

    def _place(self, claims: Sequence[Claim]) -> Ref | None:
        """The finest place named; where several are as fine, the one named most, then first."""
        named = [self._known(ref) for c in claims if c.type in FAMILIES for ref in c.places]
        named = named or [self._known(ref) for c in claims for ref in c.places]
        if not named:
            return None
        often = Counter(ref.id or ref.label for ref in named)
        first = {key: n for n, key in enumerate(often)}
        return min(named, key=lambda r: (*self._width(r), -often[r.id or r.label], first[r.id or r.label]))

    def _known(self, ref: Ref) -> Ref:
        return Ref(next(iter(self._gazetteer.slugs((ref,))), None), ref.label)

    def _width(self, ref: Ref) -> tuple[bool, bool, float]:
        place = self._gazetteer.place(ref.id)
        if place is None:
            return (True, True, float("inf"))
        return (False, self._gazetteer.is_coarse(ref.id), place.precision_m)

    def _location(self, slug: str | None) -> Location | None:
        place = self._gazetteer.place(slug)
        point = self._gazetteer.point(slug) if slug is not None and place is not None else None
        return Location(*point, place.precision_m) if point is not None and place is not None else None

    def _span(self, claims: Sequence[Claim]) -> ValidAt | None:
        told = [c for c in claims if c.type in FAMILIES]
        dated = [c for c in told if c.type not in LOSSES and span_of(c, self._mission.zone) is not None]
        told = dated or told  # losses bear the day of their telling
        spans = [s for c in told if (s := span_of(c, self._mission.zone)) is not None]
        finest = min((_FINE_FIRST.index(s.precision) for s in spans if s.start is not None), default=None)
        if finest is None:
            return None
        best = [s for s in spans if _FINE_FIRST.index(s.precision) == finest and s.start is not None]
        starts = [s.start for s in best if s.start is not None]
        ends: list[datetime] = [s.end for s in best if s.end is not None]
        return ValidAt(min(starts), max(ends) if ends else None, _FINE_FIRST[finest], best[0].basis)


def _by_frequency(claims: Sequence[Claim]) -> list[str]:
    """What happened before what was said about it, then the most frequent; the kinds' own order settles the rest."""
    counted = Counter(c.type for c in claims)
    order = {kind: at for at, kind in enumerate(FAMILIES)}
    return sorted(
        counted, key=lambda kind: (kind in ABOUT, -counted[kind], order.get(kind, len(order)), kind)
    )


def _narrowest(claims: Sequence[Claim]) -> str:
    """An incident may travel no further than the narrowest of its claims."""
    return max((c.release for c in claims), key=lambda mark: _MARK_ORDER.index(mark.split(":")[0]))
