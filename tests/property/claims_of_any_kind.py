"""Claims of any kind about a small mission with a duty of each kind, for property tests."""

from __future__ import annotations

import importlib.util
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
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
    return st.integers(4 * 24, 27 * 24).map(lambda n: START + timedelta(hours=n))


def _claim(dice: Random) -> Any:
    start = dice.randrange(3000)
    figure = (str(dice.randrange(3000)), dice.choice(_UNITS)) if dice.random() < 0.6 else None
    item = make.claim(
        dice.choice(_TYPES),
        day=_day(dice) if dice.random() < 0.8 else None,
        known=_day(dice) if dice.random() < 0.95 else None,
        by=dice.choice(_SPEAKERS),
        at_=dice.sample(_PLACES, dice.randrange(3)),
        actors=dice.sample(_PARTIES, dice.randrange(3)),
        targets=dice.sample(_PARTIES, dice.randrange(3)),
        figure=figure,
        report=f"r{dice.randrange(6)}",
        span=(start, start + 40),
        modality=dice.choice(_MODALITIES),
        polarity="negated" if dice.random() < 0.15 else "affirmed",
        subtype=dice.choice((None, None, "lance", "completed", "going on")),
        due=dice.choice((None, "2020-11-25", "2020-11-27")),
    )
    if dice.random() < 0.2:
        item = replace(item, capacity=("former", "in office"))
    reviewed_at = START + timedelta(hours=dice.randrange(24 * 24)) if dice.random() < 0.7 else None
    return replace(item, review=Review(dice.choice(_REVIEWS), "A1", reviewed_at))


def _day(dice: Random) -> str:
    return (START + timedelta(days=dice.randrange(-2, 25))).date().isoformat()


def _from_seed(seed: int) -> list[Any]:
    dice = Random(seed)  # noqa: S311
    found = [_claim(dice) for _ in range(dice.choice((0, 2, 20, 60, 100, 140)))]
    known = {item.report: item.known_at for item in reversed(found)}
    return [
        replace(item, id=ClaimId(f"claim_{n:03}"), known_at=known[item.report])
        for n, item in enumerate(found)
    ]


def some_claims() -> st.SearchStrategy[list[Any]]:
    """Claims with ids that hold no party and one moment of knowledge for each item: none, few or many."""
    return st.integers(0, 2**32).map(_from_seed)
