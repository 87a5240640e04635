"""Claims and incidents that never were, as many as wanted: for whoever must show that lists stay quick when a mission is old.

They belong to the realm ``demo``, and the same seed gives the same rows.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

from truceline.app.rowing import batch_row
from truceline.core.release import CENTRE, JOINT, OWNER_ONLY, PUBLIC, Realm
from truceline.core.rows import Row
from truceline.core.times import format_instant

BEGAN = datetime(2020, 11, 10, tzinfo=UTC)
DAYS = 1400
"""How long the mission lasts."""
KINDS = (
    "ceasefire_violation", "attack", "shelling", "casualties", "detention", "movement", "construction", "drone_flight",
    "remains_exchange", "prisoner_exchange", "mine_incident", "patrol", "blockade", "denial", "accusation",
    "ceasefire_in_force", "withdrawal", "visit", "aid_delivery", "landmine_clearance",
)  # fmt: skip
REVIEWS = ("machine-read", "accepted", "rejected", "superseded")
STATES = ("reported", "corroborated", "in_round", "agreed", "differs", "dormant")
ZONES = tuple(f"zone:{letter}{number}" for letter in "abcde" for number in range(6))

_PLACES = tuple(f"Place {number}" for number in range(400))
_VOICES = ("Ministry of Defence of one side", "Ministry of Defence of the other side", "contingent", "agency")
_VOCABULARY = {
    "en": "fire soldiers village wounded mortar drone road convoy night morning position trench denied opened",
    "ru": "огонь солдаты село раненые миномёт беспилотник дорога колонна ночь утро позиция окоп открыли",
    "ar": "إطلاق النار جنود قرية جرحى هاون طائرة طريق قافلة ليل صباح موقع خندق نفى",
    "az": "atəş əsgər kənd yaralı minaatan pilotsuz yol karvan gecə səhər mövqe səngər təkzib açıb",
    "hy": "կրակ զինվոր գյուղ վիրավոր ականանետ անօդաչու ճանապարհ շարասյուն գիշեր առավոտ դիրք խրամատ հերքեց",
}
_MARKS = (
    (CENTRE, PUBLIC, 60),
    (CENTRE, JOINT, 20),
    ("A", OWNER_ONLY, 6),
    ("B", OWNER_ONLY, 6),
    ("A", JOINT, 4),
    ("B", JOINT, 4),
)


def claims(n: int, seed: int = 1) -> Iterator[Row]:
    """Make claims.

    Args:
        n: How many.
        seed: Of chance.

    Yields:
        Rows of the read model ``claims``, most of them in the order in which they became known.
    """
    chance = Random(seed)  # noqa: S311 - repeatable
    for at in range(n):
        yield batch_row("claims", at, _claim(at, n, chance), Realm.DEMO)


def incidents(n: int, seed: int = 2) -> Iterator[Row]:
    """Make incidents.

    Args:
        n: How many.
        seed: Of chance.

    Yields:
        Rows of the read model ``incidents``.
    """
    chance = Random(seed)  # noqa: S311 - repeatable
    for at in range(n):
        yield batch_row("incidents", at, _incident(at, n, chance), Realm.DEMO)


def _claim(at: int, n: int, chance: Random) -> dict[str, Any]:
    language = chance.choice(tuple(_VOCABULARY))
    text = _text(language, chance)
    known, valid = _times(at, n, chance)
    voice, place = chance.choice(_VOICES), chance.choice(_PLACES)
    return _marks(chance) | {
        "id": f"claim_{at:020d}",
        "report": f"report_{at // 20:019d}",
        "doc": f"report-{at // 20}.txt",
        "type": _skewed(KINDS, chance),
        "subtype": None,
        "actors": [{"id": None, "label": voice}],
        "targets": [],
        "places": [{"id": None, "label": place}],
        "quantities": [{"value": chance.randrange(1, 9), "unit": "soldiers", "op": "="}],
        "when": valid,
        "due": None,
        "attribution": [voice, "agency"],
        "speakers": [{"id": None, "label": voice}],
        "capacity": ["in office", "in office"],
        "modality": "asserted",
        "polarity": "affirmed",
        "evidence": {"start": 0, "end": len(text), "text": text},
        "language": language,
        "rule": f"{language}.synthetic",
        "repeats": [],
        "review": {"state": _skewed(REVIEWS, chance), "by": None, "known_at": None},
        "known_at": known,
        "known_basis": "published",
        "valid_at": valid,
        "location": _location(chance),
        "zone": _skewed(ZONES, chance) if chance.random() < 0.7 else None,
        "sources": ["src:synthetic"],
        "by": {"stage": "extract", "rule": f"{language}.synthetic", "pack": "synthetic"},
    }


def _incident(at: int, n: int, chance: Random) -> dict[str, Any]:
    known, valid = _times(at, n, chance)
    says = [_text(language, chance) for language in ("en", "ru")]
    return _marks(chance) | {
        "id": f"incident_{at:017d}",
        "types": [{"type": _skewed(KINDS, chance), "p": None}],
        "valid_at": valid,
        "place": {"id": None, "label": chance.choice(_PLACES)},
        "location": _location(chance),
        "zone": _skewed(ZONES, chance) if chance.random() < 0.7 else None,
        "scope": "agreement",
        "claims": [f"claim_{at * 10 + number:020d}" for number in range(10)],
        "sides": [
            {"party": f"party:{number}", "says": [text], "claims": []} for number, text in enumerate(says)
        ],
        "rule": "synthetic/1",
        "observations": [],
        "detections": [],
        "p_happened": None,
        "state": _skewed(STATES, chance),
        "stages": [],
        "determination": None,
        "exposure": None,
        "n_independent": chance.randrange(1, 4),
        "supersedes": [],
        "known_at": known,
        "known_basis": "published",
        "sources": ["src:synthetic"],
        "by": {"stage": "link", "rule": "synthetic/1", "pack": "synthetic"},
    }


def _text(language: str, chance: Random) -> str:
    """Return some words; each word of a language stands in about half of its texts."""
    return " ".join(chance.choices(_VOCABULARY[language].split(), k=10)) + f" {chance.randrange(100_000)}"


def _skewed(words: tuple[str, ...], chance: Random) -> str:
    """Choose a word, the first ones far more often than the last."""
    return words[min(int(chance.expovariate(5 / len(words))), len(words) - 1)]


def _times(at: int, n: int, chance: Random) -> tuple[str, dict[str, Any]]:
    """Return when it became known, soon after it was so; now and then much later."""
    known = BEGAN + timedelta(days=DAYS * at / n, microseconds=at % 1000)
    if chance.random() < 0.05:
        known += timedelta(days=chance.expovariate(1 / 30))
    start = known.replace(microsecond=0) - timedelta(hours=chance.expovariate(1 / 12), days=0.1)
    start = start.replace(microsecond=0)
    valid = {
        "start": format_instant(start),
        "end": format_instant(start + timedelta(hours=chance.choice((1, 24)))),
        "precision": "hour",
        "basis": "synthetic",
    }
    return format_instant(known), valid


def _location(chance: Random) -> dict[str, float] | None:
    if chance.random() < 0.1:
        return None
    # most of it happens near a few towns
    town = chance.randrange(12)
    return {
        "lon": round(45.6 + 0.13 * town + chance.gauss(0, 0.08), 5),
        "lat": round(38.9 + 0.37 * (town % 5) + chance.gauss(0, 0.08), 5),
        "precision_m": 500.0,
    }


def _marks(chance: Random) -> dict[str, str]:
    owner, release, _ = chance.choices(_MARKS, [weight for *_, weight in _MARKS])[0]
    return {"owner": owner, "release": release, "realm": Realm.DEMO.value}
