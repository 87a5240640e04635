"""Claims of any kind about a small mission with a duty of each kind, for property tests."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any

from hypothesis import strategies as st

from truceline.core.claims import Review
from truceline.core.ids import ClaimId
from truceline.core.obligations import BORDER_COUNTS, Cap, Relative, Term


def _load() -> ModuleType:
    path = Path(__file__).parents[1] / "unit" / "assess" / "conftest.py"
    spec = importlib.util.spec_from_file_location("small_mission", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


make = _load()
START = datetime(2020, 11, 10, tzinfo=UTC)

_DONE = (
    make.bearing("fulfils", "territorial_control", "detained_exchange"),
    make.bearing("progresses", "force_withdrawal", "negotiation"),
    make.bearing("breaches", "accusation"),
)
_FIRE = (
    make.bearing("breaches", "attack", "clash", "ceasefire_violation", "freedom_of_movement"),
    make.bearing("respects", "ceasefire_respected"),
    make.bearing("informs", "casualties"),
)
_DUTIES = (
    make.duty("continuing", "truce", duty_bearer=("party:a", "party:b"), beneficiary=(), evidence=_FIRE),
    make.duty("dated", "hand-over", due="2020-11-15", place="place:district", evidence=_DONE),
    make.duty("dated", "hand-back", duty_bearer=("party:b",), beneficiary=("party:a",), due="2020-11-20",
              evidence=_DONE, observable=False),
    make.duty("relative", "later", relative=Relative("obl:hand-over", days=7), evidence=_DONE),
    make.duty("simultaneous", "in-step", simultaneous_with="obl:hand-back", evidence=_DONE),
    make.duty("cap", "ceiling", duty_bearer=("party:c",), caps=(Cap("person", Decimal(1960)),),
              evidence=(make.bearing("limits", "force_deployment"),)),
    make.duty("corridor", "road", width_km=5.0, evidence=(*_FIRE, make.bearing("limits", "territorial_control"))),
    make.duty("renewing", "stay", term=Term(5, 6), evidence=(make.bearing("notices", "position_statement"),)),
    make.duty("undated", "exchange", duty_bearer=("party:a", "party:b"), evidence=_DONE),
    make.duty("institution", "centre", duty_bearer=("party:c",), evidence=(make.bearing("fulfils", "monitoring_centre"),)),
)  # fmt: skip


def _rule(slug: str, types: tuple[str, ...], unit: str, **rest: Any) -> Any:
    return make.CounterRule(f"counter:{slug}", make.names(slug), types, unit, "event:start", **rest)


MISSION = make.mission(
    *_DUTIES,
    amendments=(make.amendment("obl:hand-over", "2020-11-25"),),
    interpretations=(
        make.question("interp:by", "obl:hand-over", "inclusive", "exclusive"),
        make.question("interp:border", "obl:truce", BORDER_COUNTS, "outside", opened_on="2020-11-18"),
        make.question("interp:who", "obl:exchange", "all", "some", opened_on="2020-11-22"),
    ),
    counters=(
        _rule(
            "posts", ("observation_posts",), "observation_post", cumulative=False, parts=("counter:north",)
        ),
        _rule("north", ("observation_posts",), "observation_post", scope="zone:north", cumulative=False),
        _rule("killed", ("casualties",), "killed", per_claimant=False),
        _rule("people", ("force_deployment",), "person"),
    ),
)

_TYPES = (
    "attack", "clash", "ceasefire_violation", "weapon_use", "casualties", "prisoners", "position_lost",
    "hostilities_ended", "accusation", "denial", "investigation", "territorial_control", "force_withdrawal",
    "force_deployment", "deadline_extended", "handover_deadline", "observation_posts", "freedom_of_movement",
    "ceasefire_respected", "detained_exchange", "monitoring_centre", "position_statement", "negotiation",
    "agreement_signed", "mine_incident",
)  # fmt: skip
_MODALITIES = ("asserted", "asserted", "admitted", "accused", "alleged", "denied", "planned", "obligated")
_SPEAKERS = ("office:a-mod", "office:b-mod", "office:c-mod", "party:a", "party:b", "person:a-general", None)
_PLACES = tuple(place.id for place in make.PLACES)
_PARTIES = ("party:a", "party:b", "party:c", None)
_UNITS = ("killed", "person", "observation_post", "prisoner", "km")
_REVIEWS = ("machine-read", "machine-read", "accepted", "rejected")


def days() -> st.SearchStrategy[str]:
    """Days around the deadlines, as a text means them."""
    return st.integers(-2, 24).map(lambda n: (START + timedelta(days=n)).date().isoformat())


def moments() -> st.SearchStrategy[datetime]:
    """Moments of knowledge around the deadlines, to the hour."""
    return st.integers(0, 24 * 24).map(lambda n: START + timedelta(hours=n))


@st.composite
def _claim(draw: st.DrawFn) -> Any:
    day = draw(st.none() | days())
    start = draw(st.integers(0, 3000))
    due = draw(st.sampled_from((None, "2020-11-25", "2020-11-27")))
    reviewed_at = draw(st.none() | moments())
    item = make.claim(
        draw(st.sampled_from(_TYPES)),
        day=day,
        known=draw(st.none() | days()),
        by=draw(st.sampled_from(_SPEAKERS)),
        at_=draw(st.lists(st.sampled_from(_PLACES), max_size=2)),
        actors=draw(st.lists(st.sampled_from(_PARTIES), max_size=2)),
        targets=draw(st.lists(st.sampled_from(_PARTIES), max_size=2)),
        figure=draw(st.none() | st.tuples(st.integers(0, 3000).map(str), st.sampled_from(_UNITS))),
        report=draw(st.sampled_from(("r1", "r2", "r3", "r4"))),
        span=(start, start + 40),
        modality=draw(st.sampled_from(_MODALITIES)),
        polarity=draw(st.sampled_from(("affirmed", "affirmed", "affirmed", "negated"))),
        subtype=draw(st.sampled_from((None, None, "lance", "completed", "going on"))),
        due=due,
    )
    if draw(st.booleans()):
        item = replace(item, capacity=("former", "in office"))
    return replace(item, review=Review(draw(st.sampled_from(_REVIEWS)), "A1", reviewed_at))


@st.composite
def some_claims(draw: st.DrawFn, most: int = 12) -> list[Any]:
    """Claims with ids that hold no party and one moment of knowledge for each item."""
    found = draw(st.lists(_claim(), max_size=most))
    known = {item.report: item.known_at for item in reversed(found)}
    return [
        replace(item, id=ClaimId(f"claim_{n:03}"), known_at=known[item.report])
        for n, item in enumerate(found)
    ]
