"""Every way out is known by name and goes through the gate: routes, exports, events, files. A new one fails here until it does."""

from __future__ import annotations

import ast
import io
import json
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

sys.path.insert(0, str(Path(__file__).parents[1] / "unit" / "acts"))

from living import Living, living

from truceline.app import flow, wiring
from truceline.app.exporting import FORMATS
from truceline.app.outputs import derived
from truceline.app.telling import since
from truceline.core.release import SERVED, Realm
from truceline.core.rows import MODELS, Recipient
from truceline.serve import service
from truceline.serve.api.events import written

PACKAGE = Path(wiring.__file__).parents[1]

PUBLIC_FILES = {"/static", "/fonts"}
"""Folders of the program itself: scripts, styles, type. Nothing of a mission lies there."""

NOTHING_OUT = {
    "/sign-in", "/sign-in/{word:str}", "/sign-in/second", "/sign-in/passkey", "/sign-in/passkey/options", "/sign-out",
    "/set-up/{word:str}", "/set-up/second", "/set-up/qr.svg", "/set-up/passkey", "/set-up/passkey/options", "/healthz", "/metrics", "/schema", "/schema/openapi.json", "/schema/{path}",
}  # fmt: skip
"""Routes that tell nothing of what the centre holds: doors, counts, the description of the API."""

READS = {
    *(f"/api/v1/{name}" for name in MODELS), *(f"/api/v1/{name}/tally" for name in MODELS),
    *(f"/api/v1/{name}/{{id_:str}}" for name in MODELS),
    "/", "/board", "/map", "/evidence/{id_:str}", "/incidents/{id_:str}", "/index.json", "/watch.json", "/board.json",
    "/search", "/report", "/report.pdf", "/review", "/notices", "/enter", "/handover",
    "/map.json", "/map/ground.json", "/map/marks.json", "/timeline.json", "/api/v1/rounds", "/api/v1/rounds/{id_:str}",
    "/api/v1/rounds/{id_:str}/desk",
    "/api/v1/determinations", "/api/v1/determinations/{id_:str}", "/api/v1/hand-over", "/api/v1/events",
    "/feeds", "/feeds/part", "/api/v1/feeds", "/api/v1/tracks", "/api/v1/tracks/replay", "/api/v1/alerts",
    "/imagery", "/imagery/{id_:str}", "/imagery/frames/{id_:str}", "/api/v1/reports/{id_:str}/picture",
}  # fmt: skip
"""Routes that give out what the centre holds. Each is walked below by whoever must not see the marked words."""

ACTS = {
    "/api/v1/claims/{id_:str}/review", "/api/v1/reports", "/api/v1/items", "/api/v1/notices", "/api/v1/notices/{id_:str}/read-back",
    "/api/v1/notices/{id_:str}/stand-down", "/api/v1/watches", "/api/v1/watches/{id_:str}/hand-over",
    "/api/v1/corrections", "/api/v1/disclosures", "/api/v1/positions", "/api/v1/alerts/{id_:str}/acknowledge",
    "/api/v1/feeds/{id_:str}/messages", "/api/v1/sorties",
    *(f"/api/v1/frames/{{id_:str}}/{one}" for one in ("marks", "clear", "comparisons", "blurred")),
}  # fmt: skip
"""Routes by which people act: they answer with their own entry, or with a thing past the gate."""

PEOPLE = {
    "/account", *(f"/account/{one}" for one in (
        "password", "language", "end", "second", "drop", "token", "token/drop", "unlock", "give",
    )),
    "/accounts", "/accounts.json", "/accounts/reset", "/accounts/shut", "/audit", "/audit.json",
}  # fmt: skip
"""Routes about accounts: they open no store, and nothing of it goes through them."""

OWN = {"/api/v1/workspace", "/api/v1/workspace/{incident:str}/{kind:str}"}
"""What a delegation keeps for itself, encrypted; ``tests/unit/serve/test_workspace.py`` shows that nobody else opens it."""

KEPT = "Xylophone"
"""A word that stands only in what A keeps to itself."""


def ways(app: Litestar) -> set[str]:
    """Every path that the service answers."""
    return {
        route.path_format if hasattr(route, "path_format") else route.path
        for route in app.routes
        if not any(route.path.startswith(folder) for folder in PUBLIC_FILES)
    }


@pytest.fixture(scope="module")
def centre(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Living]:
    world = wiring.open_world("karabakh-2020")
    folder = tmp_path_factory.mktemp("ways")
    (folder / "in").mkdir()
    words = "Moscow, 14 November 2020\n\nA ceasefire violation was recorded in the Hadrut district on 13 November.\n"
    (folder / "in" / "a.txt").write_text(words, encoding="utf-8")
    flow.run(world, [folder / "in"], folder / "out", known_at=None, accepted_only=False, say=lambda *_: None)
    with living(world, folder / "store", folder / "out") as made:
        body = {
            "kind": "attack", "when": "2020-11-27 07:30", "where": {"place": "place:agdam"}, "says": "",
            "what": f"{KEPT} heard", "basis": "heard", "release": "owner",
        }  # fmt: skip
        made.done("A:0001", "reports", body)
        made.settle()
        yield made


def test_every_route_is_known_by_name(centre: Living) -> None:
    assert centre.client.get("/schema/openapi.json").json()["openapi"].startswith("3.1")
    there = {re.sub(r"\{(id_|word|incident|kind)\}", r"{\1:str}", path) for path in ways(centre.client.app)}
    assert there == READS | ACTS | NOTHING_OUT | PEOPLE | OWN, (
        "a new way out: put it through the gate, then into its list here"
    )


def test_every_format_event_and_file_is_known_by_name() -> None:
    assert set(FORMATS) == {"csv", "xlsx", "geojson", "gpkg"}
    assert SERVED == ("board.html", "map.html", "report.*.pdf")
    assert written.__module__ == "truceline.serve.api.events"
    assert set(derived.__annotations__) == {"run", "return"}


def _walked(centre: Living) -> list[str]:
    """Addresses that take every reading route past the report that A keeps."""
    report = centre.get("A:0001", "reports?kind=observation").json()["items"][0]
    ids = {"reports": report["id"], "claims": report["claims"][0]}
    found = []
    for path in sorted(READS - {"/api/v1/events"}):
        name = path.removeprefix("/api/v1/").split("/")[0]
        found.append(path.replace("{id_:str}", ids.get(name, "incident_x")))
    found += [f"/api/v1/{name}?format={ending}" for name in MODELS for ending in FORMATS]
    found += [
        f"/search?q={KEPT}",
        "/report.pdf?lang=ar",
        f"/api/v1/reports?q={KEPT}",
        f"/api/v1/claims?q={KEPT}",
        "/api/v1/reports?kind=observation",
    ]
    return found


@pytest.mark.parametrize(
    ("number", "role", "side"),
    [("B:0001", "duty", ""), ("B:0009", "head", ""), ("O:0001", "observer", ""), ("N:0001", "analyst", ""),
     ("P:0001", "party", "party:armenia"), ("", "", "")],
)  # fmt: skip
def test_what_one_side_keeps_leaves_by_no_way(centre: Living, number: str, role: str, side: str) -> None:
    mine = centre.get("A:0001", "reports?kind=observation").json()["items"][0]
    for address in _walked(centre):
        answer = centre.get(number, address, role=role, side=side)
        assert answer.status_code < 500, (address, answer.text)
        seen = answer.content + _unzipped(answer.content)
        for word in (KEPT, mine["claims"][0], *([mine["id"]] if mine["id"] not in address else [])):
            if word not in address and answer.status_code == 200:
                assert word.encode() not in seen, (address, word)
        if mine["id"] in address or mine["claims"][0] in address:
            assert answer.status_code in {401, 403, 404}, address


def test_the_owner_finds_the_word_by_the_same_ways(centre: Living) -> None:
    found = {address for address in _walked(centre) if KEPT.encode() in centre.get("A:0001", address).content}
    assert {
        "/api/v1/reports",
        "/api/v1/claims",
        "/api/v1/reports?format=csv",
        "/api/v1/reports?format=geojson",
    } <= found


def test_an_act_that_is_refused_tells_nothing_of_what_is_kept(centre: Living) -> None:
    mine = centre.get("A:0001", "reports?kind=observation").json()["items"][0]
    bodies: list[tuple[str, dict[str, Any]]] = [
        (f"claims/{mine['claims'][0]}/review", {"step": "accept", "seen": 0}),
        ("disclosures", {"report": mine["id"], "to": "joint", "seen": 0}),
        ("corrections", {"entry": mine["version"], "step": "undo"}),
        ("corrections", {"entry": mine["version"], "step": "error", "seen": 1}),
    ]
    for path, body in bodies:
        answer = centre.post("B:0009", path, body, role="head")
        assert answer.status_code in {403, 404}, path
        assert KEPT not in answer.text
        unknown = {
            key: value.replace(mine["id"], "report_x") if isinstance(value, str) else value
            for key, value in body.items()
        }
        other = centre.post("B:0009", path.replace(mine["claims"][0], "claim_x"), unknown, role="head")
        assert other.status_code == answer.status_code, (
            "what is kept and what is not there are answered alike"
        )


def test_no_route_reads_a_store_but_through_the_gate() -> None:
    """A route that touches `store` by itself must be one of these, which ask the gate with a recipient."""
    allowed = {"rounds.py": {"shown_rounds"}, "events.py": {"since"}, "metrics.py": {"size", "upto", "count"}}
    for path in sorted((PACKAGE / "serve").rglob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute) and node.attr in {"models", "ledger", "payloads", "evidence"}:
                assert path.name in allowed or path.name == "main.py", (
                    f"{path.name}:{node.lineno} reads a store"
                )
            if isinstance(node, ast.Attribute) and node.attr == "store":
                assert path.name in {*allowed, "main.py"}, f"{path.name}:{node.lineno} reaches for the store"


def test_every_route_stands_in_the_list_of_the_service() -> None:
    assert len(service.ROUTES) == len(set(service.ROUTES))
    names = [handler.name for handler in service.ROUTES]
    assert len(names) == len(set(names))


def test_an_event_tells_type_id_and_place_and_nothing_else(centre: Living) -> None:
    report = centre.get("A:0001", "reports?kind=observation").json()["items"][0]
    for word, sees in (("A", True), ("B", False), ("joint", False)):
        found, _ = since(centre.store, 0, Recipient(word, Realm.DEMO))
        assert (report["id"] in {one.id for one in found}) is sees
        told = [
            json.loads(line[6:]) for line in written(found).decode().splitlines() if line.startswith("data: ")
        ]
        assert all(set(one) == {"index", "type", "id"} for one in told)


def _unzipped(data: bytes) -> bytes:
    if not data.startswith(b"PK"):
        return b""
    with zipfile.ZipFile(io.BytesIO(data)) as book:
        return b"".join(book.read(name) for name in book.namelist())
