"""A small mission and claims of it: two bound parties, two zones, one border, one corridor."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from truceline.core.claims import Claim, Evidence, Quantity, Ref, Review
from truceline.core.ids import ClaimId, ReportId
from truceline.core.mission import (
    CounterRule,
    CountingRule,
    Mission,
    MissionSettings,
    NamingProfile,
    Procedure,
)
from truceline.core.names import Name, Names
from truceline.core.obligations import (
    Amendment,
    Bearing,
    Instrument,
    Interpretation,
    Obligation,
    PartyReading,
)
from truceline.core.parties import Holder, Office, Party
from truceline.core.places import Line, Place, Post
from truceline.core.release import Realm
from truceline.core.times import When, parse_known_at, valid_at

ZONE = ZoneInfo("Asia/Baku")
START = "2020-11-10T00:00:00+03:00"


def names(text: str) -> Names:
    return {"en": (Name(text),)}


def at(text: str) -> datetime:
    return parse_known_at(text)


def ref(slug: str | None) -> Ref:
    if slug is None:
        return Ref(None, "unspecified")
    return Ref(slug, slug.split(":")[1].replace("-", " ").title())


def bearing(effect: Any, *types: str, **rest: Any) -> Bearing:
    return Bearing(effect, tuple(types), **rest)


def duty(kind: Any = "continuing", slug: str = "duty", **rest: Any) -> Obligation:
    base: dict[str, Any] = {
        "duty_bearer": ("party:a",),
        "beneficiary": ("party:b",),
        "zones": ("zone:north",),
    } | rest
    return Obligation(id=f"obl:{slug}", clause="1", kind=kind, names=names(slug), **base)


def place(slug: str, kind: Any = "village", point: tuple[float, float] | None = None, **rest: Any) -> Place:
    shaped = {"type": "Point", "coordinates": list(point)} if point else None
    return Place(f"place:{slug}", kind, names(slug.title()), shaped, **rest)


def square(west: float, south: float, side: float) -> dict[str, Any]:
    east, north = west + side, south + side
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


PLACES = (
    Place("zone:north", "zone", names("North zone"), square(46, 40, 1), within=("place:region",)),
    Place("zone:south", "zone", names("South zone"), square(46, 39, 1), within=("place:region",)),
    place("region", "region", (46.5, 40.0), precision_m=60_000),
    place("hill", "mountain", (46.2, 40.2), within=("zone:north",), precision_m=2_000),
    place("mill", "village", (46.8, 40.8), within=("zone:north",), precision_m=1_000),
    place("ford", "village", (46.2, 39.2), within=("zone:south",), precision_m=1_000),
    place("frontier", "border", (45.5, 39.5), scope="border", precision_m=50_000),
    place("peak", "mountain", (45.6, 39.6), scope="border", precision_m=10_000),
    place("district", "district", (46.1, 40.5), precision_m=20_000),
)
PARTIES = (
    Party("party:a", "state", names("Ashland"), names("Ashlander"), ("party",), bound=True),
    Party("party:b", "state", names("Birchland"), names("Birchlander"), ("party",), bound=True),
    Party("party:c", "state", names("Cedarland"), names("Cedarlander"), ("guarantor", "contingent")),
)
OFFICES = (
    Office("office:a-mod", "party:a", "defence_ministry", "Ashland MoD", {}),
    Office("office:b-mod", "party:b", "defence_ministry", "Birchland MoD", {}),
    Office("office:c-mod", "party:c", "defence_ministry", "Cedarland MoD", {}),
)
HOLDERS = (
    Holder("person:a-general", "General Ash", names("General Ash"), "office:a-mod"),
    Holder("person:b-general", "General Birch", names("General Birch"), "office:b-mod"),
)


def instrument(duties: Iterable[Obligation], **rest: Any) -> Instrument:
    base: dict[str, Any] = {
        "id": "instrument:truce",
        "dated_on": "2020-11-09",
        "published_at": "2020-11-09T22:00:00Z",
        "effective_at": START,
    } | rest
    return Instrument(
        names=names("Truce"), signatories=(), clauses=(), obligations=tuple(duties), sources=(), **base
    )


def mission(*duties: Obligation, **rest: Any) -> Mission:
    settings = MissionSettings(
        id="test",
        names=names("Test"),
        centre=names("Centre"),
        time_zone="Asia/Baku",
        box=(45, 38, 48, 42),
        realm=Realm.DEMO,
        languages=("en",),
        report_languages=("en",),
        mandate=names("mandate"),
        cut_off="19:30",
        counting_rules=(CountingRule("rule:exchange", "1", names("Exchange")),),
        standard_of_proof="as stated",
        naming_profiles=(NamingProfile("profile:both", names("Both"), ("party:a", "party:b")),),
        provenance=names("made up"),
        instrument_time_zones={"instrument:truce": "Europe/Moscow"},
        counters=rest.pop("counters", ()),
    )
    base: dict[str, Any] = {
        "procedure": Procedure("two-key", ("A", "B"), 2, names("note")),
        "instruments": (instrument(duties),),
        "amendments": (),
        "interpretations": (),
        "parties": PARTIES,
        "delegations": (),
        "offices": OFFICES,
        "holders": HOLDERS,
        "places": PLACES,
        "lines": (
            Line("line:contact", "contact_line", names("Line"), {"type": "LineString", "coordinates": [[46, 40], [47, 40]]},
                 "made up", valid_from="2020-11-10", disputed=True),
        ),
        "posts": (Post("post:N1", "N1", "zone:north", "permanent", 46.5, 40.5, illustrative=True),),
        "sources": (),
        "lexicon": {},
        "version": "0" * 64,
    } | rest  # fmt: skip
    return Mission(settings=settings, **base)


def claim(type_: str, **rest: Any) -> Claim:
    """Build a claim: ``day`` its day, ``known`` when known, ``by`` the speaker's slug, ``at_`` its place slugs."""
    n = rest.pop("n", 0)
    day, known = rest.pop("day", None), rest.pop("known", "2020-11-15")
    by, where = rest.pop("by", "office:c-mod"), rest.pop("at_", ())
    actors, targets = rest.pop("actors", ()), rest.pop("targets", ())
    figure = rest.pop("figure", None)
    report = rest.pop("report", f"report_{type_}_{day}_{known}_{by}_{n}")
    span = rest.pop("span", (0, 10))
    end = rest.pop("end", day)
    when = When(day, end, "day", "explicit") if day is not None else None
    speaker = ref(by) if by is None or ":" in by else Ref(None, by)
    base: dict[str, Any] = {
        "id": ClaimId(f"claim_{report}_{type_}_{span[0]}_{n}"),
        "report": ReportId(report),
        "doc": f"{report}.txt",
        "type": type_,
        "subtype": None,
        "actors": tuple(ref(s) for s in actors),
        "targets": tuple(ref(s) for s in targets),
        "places": tuple(ref(s) for s in where),
        "quantities": (Quantity(Decimal(figure[0]), figure[1], *figure[2:]),) if figure else (),
        "when": when,
        "due": None,
        "attribution": (speaker.label, "outlet"),
        "speakers": (speaker, Ref(None, "outlet")),
        "capacity": ("in office", "in office"),
        "modality": "asserted",
        "polarity": "affirmed",
        "evidence": Evidence(*span, "words"),
        "language": "en",
        "rule": "test",
        "known_at": at(known) if known else None,
        "known_basis": "published" if known else None,
        "valid_at": valid_at(when, ZONE),
        "sources": ("src:test",),
    } | rest
    return Claim(**base)


def accepted(item: Claim) -> Claim:
    return replace(item, review=Review("accepted", "A1", datetime(2020, 11, 10, tzinfo=UTC)))


def question(slug: str, duty_id: str, *effects: str, opened_on: str | None = None) -> Interpretation:
    readings = tuple(
        PartyReading(party, names("reading"), effect)
        for party, effect in zip(("party:a", "party:b"), effects, strict=False)
    )
    return Interpretation(
        slug, "instrument:truce", "1", names("?"), (duty_id,), readings, "the parties", opened_on
    )


def amendment(duty_id: str, due: str, announced_on: str = "2020-11-15", **rest: Any) -> Amendment:
    base: dict[str, Any] = {
        "evidence": (bearing("notices", "deadline_extended"),),
        "accepted_by": {"party:a": "unknown", "party:b": "yes"},
    } | rest
    return Amendment(
        id=f"amend:{due}", obligation=duty_id, due=due, announced_on=announced_on,
        announced_by="person:b-general", form="briefing", route={}, reasons={}, **base,
    )  # fmt: skip


def posts(zone: str = "zone:north", count: str = "9", **rest: Any) -> Claim:
    base: dict[str, Any] = {
        "known": "2020-11-12",
        "at_": (zone,),
        "figure": (count, "observation_post"),
    } | rest
    return claim("observation_posts", **base)


@pytest.fixture
def make() -> SimpleNamespace:
    """Return the builders of this file."""
    return SimpleNamespace(
        accepted=accepted, amendment=amendment, at=at, bearing=bearing, claim=claim, duty=duty,
        instrument=instrument, mission=mission, names=names, place=place, posts=posts, question=question, ref=ref,
        CounterRule=CounterRule, PLACES=PLACES,
    )  # fmt: skip
