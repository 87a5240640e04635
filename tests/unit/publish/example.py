"""A small mission with all that an edition shows, built by hand: used by every test of pages and paper."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

from truceline.adapters.catalogues import load_catalogues
from truceline.core.claims import Claim, Evidence, Quantity, Ref, Review
from truceline.core.counters import Counter
from truceline.core.ids import ClaimId, IncidentId, ReportId
from truceline.core.incidents import Incident, Location, Side, TypeEstimate
from truceline.core.obligations import (
    AcceptedReading,
    DueStep,
    Obligation,
    ObligationExposure,
    ObligationStatus,
    Reason,
)
from truceline.core.reports import Report
from truceline.core.times import ValidAt, When, parse_known_at
from truceline.publish import PublishInput, RecordHead, Step


def _pack() -> ModuleType:
    """Load the pack that lies beside this file: tests are no package."""
    spec = importlib.util.spec_from_file_location(
        "edition_example_mission", Path(__file__).with_name("example_mission.py")
    )
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


pack = _pack()


def claim(n: int, kind: str, known: str, text: str, **more: Any) -> Claim:
    """One claim of the example."""
    facts: dict[str, Any] = {
        "subtype": None,
        "actors": (),
        "targets": (),
        "places": (),
        "quantities": (),
        "when": None,
        "due": None,
        "attribution": ("Armenian Ministry of Defence", "outlet"),
        "speakers": (Ref("office:armenia-mod", "Armenian Ministry of Defence"),),
        "capacity": ("in office",),
        "modality": "asserted",
        "polarity": "affirmed",
        "language": "ar",
        "sources": ("src:agency",),
    }
    facts.update(more)
    return Claim(
        id=ClaimId(f"claim_{n:020d}"),
        report=ReportId(f"report_{n % 5:020d}"),
        doc=f"item-{n % 5}.txt",
        type=kind,
        evidence=Evidence(0, len(text), text),
        rule=f"{kind}.example",
        known_at=parse_known_at(known),
        known_basis="published",
        **facts,
    )


def claims() -> tuple[Claim, ...]:
    """Ten claims of several kinds, speakers and states of review."""
    armenia, azerbaijan, russia = (Ref(p.id, p.names["en"][0].text) for p in pack.PARTIES)
    day = lambda d: When(d, d, "day", "explicit")  # noqa: E731
    return (
        claim(
            1,
            "handover_deadline",
            "2020-11-10",
            "بحلول 15 نوفمبر",
            actors=(armenia,),
            targets=(azerbaijan,),
            places=(Ref("place:kelbajar", "Kelbajar"),),
            due="2020-11-15",
            attribution=("agreement", "outlet"),
            speakers=(Ref(None, "agreement"),),
            modality="obligated",
        ),
        claim(
            2,
            "deadline_extended",
            "2020-11-21",
            "منحت أذربيجان مهلة إضافية حتى 25 نوفمبر",
            actors=(azerbaijan,),
            targets=(armenia,),
            places=(Ref("place:kelbajar", "Kelbajar"),),
            due="2020-11-25",
            speakers=(Ref("person:hajiyev", "Hikmet Hajiyev"),),
            attribution=("Hikmet Hajiyev", "outlet"),
            review=Review("accepted", "d-7"),
        ),
        claim(
            3,
            "deployment_flights",
            "2020-11-16",
            "118 flights since 10 November",
            quantities=(Quantity(Decimal(118), "flight", ">="),),
            language="en",
            speakers=(russia,),
            attribution=("Russia",),
            when=When("2020-11-10", "2020-11-16", "day", "explicit"),
            review=Review("accepted", "d-7"),
        ),
        claim(
            4,
            "observation_posts",
            "2020-11-21",
            "25 نقطة مراقبة",
            quantities=(Quantity(Decimal(25), "observation_post"),),
            speakers=(russia,),
            attribution=("Russia",),
            places=(Ref("zone:north", "Northern zone"), Ref("zone:south", "Southern zone")),
        ),
        claim(
            5,
            "clash",
            "2021-11-17",
            "اندلع قتال على الحدود",
            places=(Ref("place:kilisali", "Mount Kilisali"),),
            when=day("2021-11-16"),
            actors=(Ref("party:azerbaijan", "implicit: Azerbaijan"),),
            modality="accused",
        ),
        claim(
            6,
            "prisoners",
            "2021-11-17",
            "وقوع 12 من جنودها أسرى",
            quantities=(Quantity(Decimal(12), "prisoner"),),
            targets=(armenia,),
            actors=(azerbaijan,),
            places=(Ref("place:kilisali", "Mount Kilisali"),),
            when=day("2021-11-16"),
        ),
        claim(
            7,
            "position_lost",
            "2021-11-17",
            "خسارة موقعين",
            quantities=(Quantity(Decimal(2), "combat_position"),),
            targets=(armenia,),
            when=day("2021-11-16"),
        ),
        claim(
            8,
            "accusation",
            "2021-11-17",
            "Azerbaijan accuses Armenia of deliberate escalation",
            language="en",
            speakers=(azerbaijan,),
            attribution=("Azerbaijan", "outlet"),
            modality="accused",
            actors=(armenia,),
            when=day("2021-11-16"),
            sources=("src:paper",),
        ),
        claim(
            9,
            "ceasefire_violation",
            "2021-03-27",
            "Four episodes, one direction",
            language="en",
            speakers=(azerbaijan,),
            attribution=("Azerbaijan",),
            quantities=(Quantity(Decimal(4), "violation"),),
            places=(Ref("place:askeran", "Askeran"),),
            when=day("2021-03-26"),
            modality="alleged",
            capacity=("former",),
        ),
        claim(
            10,
            "freedom_of_movement",
            "2021-03-27",
            "A patrol was turned back",
            language="en",
            speakers=(russia,),
            attribution=("Russia",),
            places=(Ref("place:lachin", "Lachin"),),
            when=day("2021-03-26"),
        ),
    )


def incidents(known_at: datetime) -> tuple[Incident, ...]:
    """Three incidents, each known since its own day."""

    def at(day: str) -> ValidAt:
        start = datetime.fromisoformat(f"{day}T00:00:00+04:00").astimezone(UTC)
        return ValidAt(start, start.replace(day=start.day + 1), "day", "explicit")

    rows = (
        (
            "2021-11-17",
            "1",
            ("clash", "prisoners"),
            at("2021-11-16"),
            ("place:kilisali", "Mount Kilisali", 46.12, 39.62, 7000.0),
            "disputed",
            {"party:armenia": (5, 6, 7), "party:azerbaijan": (8,)},
        ),
        (
            "2021-03-27",
            "2",
            ("ceasefire_violation",),
            at("2021-03-26"),
            ("place:askeran", "Askeran", 46.88, 39.93, 900.0),
            "agreement",
            {"party:azerbaijan": (9,)},
        ),
        (
            "2021-03-27",
            "3",
            ("freedom_of_movement",),
            at("2021-03-26"),
            ("place:lachin", "Lachin", 46.545, 39.641, 3000.0),
            "agreement",
            {"other": (10,)},
        ),
    )
    out = []
    for known, n, types, when, (slug, label, lon, lat, radius), scope, sides in rows:
        if parse_known_at(known) > known_at:
            continue
        ids = tuple(ClaimId(f"claim_{c:020d}") for group in sides.values() for c in group)
        out.append(
            Incident(
                IncidentId(f"incident_{n:0>20}"),
                tuple(TypeEstimate(t) for t in types),
                when,
                Ref(slug, label),
                Location(lon, lat, radius),
                None,
                scope,
                ids,  # type: ignore[arg-type]
                tuple(
                    Side(party, ("…",), tuple(ClaimId(f"claim_{c:020d}") for c in group))
                    for party, group in sides.items()
                ),
                "same place and day",
                n_independent=len(sides),
                known_at=parse_known_at(known),
            )
        )
    return tuple(out)


def statuses(known: str) -> tuple[ObligationStatus, ...]:
    """Every obligation of the example as known on a day."""
    moment = parse_known_at(known)
    cites = {
        "obl:2020-6-kelbajar": (1, 2),
        "obl:2020-4-parallel": (3,),
        "obl:2020-1-ceasefire": (5, 6, 9),
        "obl:2020-6-corridor": (4, 10),
    }
    by_id = {c.id: c for c in claims()}
    out = []
    for duty in pack.OBLIGATIONS:
        history = (DueStep(duty.due, parse_known_at("2020-11-10"), None),) if duty.due else ()
        if duty.id == "obl:2020-6-kelbajar" and known >= "2020-11-21":
            history += (DueStep("2020-11-25", parse_known_at("2020-11-21"), "amend:kelbajar"),)
        due = history[-1].due if history else None
        found = [by_id[ClaimId(f"claim_{n:020d}")] for n in cites.get(duty.id, ())]
        reasons = tuple(
            Reason(f"{c.type} is stated", claim=c.id, review=c.review.state)
            for c in found
            if c.known_at and c.known_at <= moment
        )
        exposure = (
            ObligationExposure("posts present, coverage not computed", ("zone:north",), 9)
            if duty.kind == "corridor"
            else ObligationExposure("unknown")
        )
        out.append(
            ObligationStatus(
                duty.id,
                duty.clause,
                "instrument:2020-11-09",
                duty.kind,
                duty.duty_bearer,
                duty.beneficiary,
                duty.place,
                due,
                duty.reading,
                history,
                _status(duty, known, due),
                "agreement",
                None,
                reasons or (Reason("No claim on record bears on it."),),
                exposure,
                duty.readings_open,
                AcceptedReading("not_observed", due)
                if duty.id == "obl:2020-1-ceasefire" and known >= "2021"
                else None,
            )
        )
    return tuple(out)


def _status(duty: Obligation, known: str, due: str | None) -> Any:
    if not duty.in_mandate:
        return "outside_mandate"
    if duty.kind == "corridor":
        return "kept"
    if duty.id == "obl:2020-2-agdam":
        return "not_yet_due" if known < "2020-11-20" else "disputed"
    if duty.id == "obl:2020-1-ceasefire":
        return "breached" if known >= "2021-03" else "not_observed"
    if due:
        return (
            "not_yet_due"
            if known < due
            else "fulfilled_on_time"
            if duty.id.endswith("kelbajar")
            else "overdue"
        )
    return {"institution": "due", "renewing": "not_yet_due"}.get(duty.kind, "not_observed")


def features(known: str) -> dict[str, Any]:
    """The picture as known on a day."""

    def feature(layer: str, slug: str, geometry: Any, **more: Any) -> dict[str, Any]:
        facts = {
            "layer": layer,
            "id": slug,
            "label": slug,
            "valid_at": None,
            "illustrative": True,
            "release": "public",
            **more,
        }
        return {"type": "Feature", "properties": facts, "geometry": geometry}

    out = [feature("zone", slug, shape) for slug, (_, shape) in pack.ZONES.items()]
    out += [
        feature("corridor", "corridor:lachin", pack.CORRIDOR),
        feature("line", "line:contact-1994", pack.lines()[0].geometry),
    ]
    if known >= "2020-11-21":
        out += [feature("post", post.id, pack._point(post.lon, post.lat)) for post in pack.posts()]
    out += [
        feature("incident", i.id, pack._point(i.location.lon, i.location.lat), illustrative=False)
        for i in incidents(parse_known_at(known))
        if i.location
    ]
    return {"type": "FeatureCollection", "features": out}


def counters(known: str) -> tuple[Counter, ...]:
    """Two counters; the second has never had a figure."""
    if known < "2020-11-16":
        return ()
    return (
        Counter(
            "counter:flights",
            None,
            "flight",
            Decimal(118),
            "deployment",
            parse_known_at("2020-11-16"),
            None,
            "as stated by party:russia",
            "party:russia",
            (ClaimId(f"claim_{3:020d}"),),
            op=">=",
        ),
        Counter(
            "counter:returned",
            None,
            "person",
            Decimal(52764),
            "return",
            parse_known_at("2021-11-16"),
            Decimal(48920),
            "as stated by party:russia",
            "party:russia",
            (),
        ),
    )


def items() -> tuple[Report, ...]:
    """Five items, one a reprint, one in a language without rules."""
    out = [
        Report(
            ReportId(f"report_{n:020d}"),
            f"item-{n}.txt",
            "article",
            f"{n}" * 64,
            1200,
            "text/plain",
            "utf-8",
            "ar",
            source="src:agency",
            known_at=parse_known_at(pack.STEPS[n]),
            known_basis="published",
        )
        for n in range(5)
    ]
    out[3] = replace(out[3], source="src:paper", copy_of=out[2].id, copy_kind="reprint")
    out[4] = replace(out[4], language="ru", read_state="not read yet")
    return tuple(out)


def example() -> PublishInput:
    """The whole input of an edition."""
    steps = tuple(
        Step(parse_known_at(d), statuses(d), counters(d), incidents(parse_known_at(d)), features(d))
        for d in pack.STEPS
    )
    return PublishInput(
        mission=pack.mission(),
        steps=steps,
        claims=claims(),
        reports=items(),
        known_at=steps[-1].known_at,
        catalogues=load_catalogues(("en", "ar")),
        record=RecordHead("truceline/demo/example", 42, "ab" * 32),
        languages=("en", "ar"),
    )
