"""Whatever officers do in whatever order: what a running service shows is what a rebuild from the record gives."""

from __future__ import annotations

import json
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from living import Living, living

from truceline.app.projecting import project
from truceline.app.wiring import World
from truceline.testing.random_acts import Officer

OFFICERS = (
    ("A:0001", "duty"),
    ("A:0002", "duty"),
    ("A:0009", "head"),
    ("B:0001", "duty"),
    ("B:0009", "head"),
)
quietly = settings(
    max_examples=5, deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)  # fmt: skip


def look(centre: Living, number: str, role: str) -> Any:
    def found(path: str) -> Any:
        answer = centre.get(number, path, role=role)
        return answer.json() if answer.status_code == 200 else None

    return found


def play(centre: Living, chance: Random, n: int) -> dict[int, int]:
    """Let officers act; how often each status was answered."""
    officers = [(Officer(number, chance, look(centre, number, role)), role) for number, role in OFFICERS]
    answered: dict[int, int] = {}
    for _ in range(n):
        officer, role = chance.choice(officers)
        call = officer.next()
        answer = centre.post(officer.number, call.path.removeprefix("/api/v1/"), call.body, role=role)
        answered[answer.status_code] = answered.get(answer.status_code, 0) + 1
        if answer.status_code == 201:
            officer.done.append(answer.json())
        if chance.random() < 0.05:
            centre.pass_time(seconds=20)
    return answered


@quietly
@given(seed=st.integers(0, 10**6))
def test_live_models_are_rebuilt_models_for_any_acts(world: World, seeded: Path, seed: int) -> None:
    with TemporaryDirectory() as folder, living(world, Path(folder), seeded) as centre:
        answered = play(centre, Random(seed), 40)  # noqa: S311 - what repeats by its seed
        assert answered.get(201, 0) > 5, answered
        assert not any(status >= 500 for status in answered), answered
        centre.settle()
        live = centre.rows()
        assert project(centre.store) == ()
        assert [json.loads(row) for row in centre.rows()] == [json.loads(row) for row in live]
