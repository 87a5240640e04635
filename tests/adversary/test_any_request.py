"""Whatever is sent to the API, made up from its own description: no answer tells a defect."""

from __future__ import annotations

import random
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
from truceline.serve.asking import csrf_of
from truceline.serve.guarding import CSRF_HEADER
from truceline.testing.random_acts import Officer

PER_OPERATION = 8
"""Requests of each operation: the whole takes well under a minute."""
STREAMS = {"/api/v1/events"}
"""What does not end by itself."""

NASTY: tuple[Any, ...] = (
    None, True, -1, 2**53, 2**63, 2**64, 1.5, 1e308, "", " ", "\0", "x" * 500, "x" * 200_000, [], {}, [[]], {"x": {}},
    "٣:٣٠", "\u202e", "🎉", "=1+1", "2020-02-30", "9999-12-31T23:59:59Z", "9999-12-31", "0001-01-01", "24:00", "00:00 pm",
    "party:", "party:nobody", "owner", "../..", "%00", {"start": "x"}, {"start": "9999-12-31", "end": None},
)  # fmt: skip
"""What no field expects."""

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
    borne = service.sign_in("A") if who == "an officer" else ""
    cookie = {"Cookie": borne, CSRF_HEADER: csrf_of(borne.partition("=")[2])} if borne else {}
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


def test_acts_with_one_field_out_of_joint_meet_no_defect(service: Service) -> None:
    cookie = service.sign_in("A")
    chance = random.Random(20201110)  # noqa: S311 - what repeats by its seed

    def look(path: str) -> Any:
        status, found = service.ask("GET", path, cookie)
        return found if status == 200 else None

    officer = Officer("A:0001", chance, look)
    asked: dict[int, int] = {}
    for _ in range(250):
        call = officer.next()
        body: Any = dict(call.body)
        name = chance.choice([*body, "mended", "where"])
        if isinstance(body.get(name), dict) and body[name] and chance.random() < 0.7:
            inner = chance.choice([*body[name], "when", "quantities", "speakers", "lon"])
            body[name] = {**body[name], inner: chance.choice(NASTY)}
        elif chance.random() < 0.9:
            body[name] = chance.choice(NASTY)
        status, answer = service.ask("POST", call.path, cookie, body)
        asked[status] = asked.get(status, 0) + 1
        if status == 201:
            officer.done.append(answer)
        assert status < 500, (call.path, str(body)[:400], answer)
    assert asked[201] > 10, asked
    assert asked[400] > 60, asked
