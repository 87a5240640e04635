"""Whatever is sent to the API, made up from its own description: no answer tells a defect."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings

sys.path.insert(0, str(Path(__file__).parents[2] / "proof"))

from _centre import Service

from truceline.app import flow, wiring

PER_OPERATION = 8
"""Requests of each operation: the whole takes well under a minute."""
STREAMS = {"/api/v1/events"}
"""What does not end by itself."""

quietly = settings(
    max_examples=PER_OPERATION, deadline=None, phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)  # fmt: skip


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("asked")
    (folder / "in").mkdir()
    words = "Moscow, 14 November 2020\n\nA ceasefire violation was recorded in the Hadrut district on 13 November.\n"
    (folder / "in" / "a.txt").write_text(words, encoding="utf-8")
    world = wiring.open_world("karabakh-2020")
    flow.run(world, [folder / "in"], folder / "out", known_at=None, accepted_only=False, say=lambda *_: None)
    made = Service(folder / "out" / "store.db")
    made.start()
    yield made
    made.stop()


@pytest.mark.parametrize("who", ["an officer", "a visitor"])
def test_no_request_meets_a_defect(service: Service, who: str) -> None:
    schema = schemathesis.openapi.from_url(f"http://127.0.0.1:{service.port}/schema/openapi.json")
    cookie = {"Cookie": service.sign_in("A")} if who == "an officer" else {}
    asked: dict[int, int] = {}
    for found in schema.get_all_operations():
        operation = found.ok()
        if operation.path in STREAMS or operation.path in {"/sign-out", "/sign-in/{word}"}:
            continue

        @quietly
        @given(case=operation.as_strategy())
        def ask(case: Any) -> None:
            answer = case.call(headers={**cookie, "Accept": "application/json"})
            asked[answer.status_code] = asked.get(answer.status_code, 0) + 1
            assert answer.status_code < 500, (case.method, case.formatted_path, case.body, answer.text[:300])

        ask()
    assert sum(asked.values()) > 200, asked
    assert service.ask("GET", "/healthz")[0] == 200
