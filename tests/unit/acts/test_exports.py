"""What leaves as a file is what the list shows, for any filter; no cell is a formula; a map program opens the rest."""

from __future__ import annotations

import csv
import io
import json
import sqlite3
from contextlib import closing
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from living import Living
from openpyxl import load_workbook
from shapely import wkb

from truceline.core.rows import MODELS

VIEWERS = (("A:0001", "duty", ""), ("B:0001", "duty", ""), ("O:0001", "observer", ""))
FORMATS = ("csv", "xlsx", "geojson", "gpkg")

filters = st.fixed_dictionaries(
    {},
    optional={
        "kind": st.sampled_from(
            ["ceasefire_violation", "casualties", "article", "zone,post", "place", "observation"]
        ),
        "state": st.sampled_from(["machine-read", "accepted", "kept,breached", "entered"]),
        "since": st.sampled_from(["2020-11-10T00:00:00Z", "2020-11-14T00:00:00Z"]),
        "until": st.sampled_from(["2020-11-20T00:00:00Z", "2020-12-30T00:00:00Z"]),
        "known_at": st.sampled_from(["2020-11-14", "2020-11-29"]),
        "box": st.sampled_from(["46,39,47.5,40", "44,38,49,42"]),
        "order": st.sampled_from(["happened", "entered"]),
    },
)


def rows(data: bytes, ending: str, entity: str) -> list[dict[str, Any]]:
    """The rows of a file, as text."""
    if ending == "csv":
        return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"))))
    if ending == "xlsx":
        head, *body = load_workbook(io.BytesIO(data)).active.iter_rows(values_only=True)
        return [dict(zip(map(str, head), row, strict=True)) for row in body]
    if ending == "geojson":
        return [feature["properties"] for feature in json.loads(data)["features"]]
    with closing(sqlite3.connect(":memory:")) as db:
        db.deserialize(data)
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(f'SELECT * FROM "{entity}" ORDER BY fid')]  # noqa: S608


def shown(centre: Living, viewer: tuple[str, str, str], entity: str, query: dict[str, str]) -> list[str]:
    """The ids of the list, page by page."""
    ids: list[str] = []
    after = None
    while True:
        more = {"after": after} if after else {}
        answer = centre.get(
            viewer[0], f"{entity}?{urlencode({**query, 'limit': '7', **more})}", role=viewer[1]
        )
        page = answer.json()
        for value in page["items"]:
            facts = value.get("properties", value)
            ids.append(str(facts.get("id") or facts.get("file")))
        after = page["after"]
        if after is None:
            return ids


@pytest.fixture
def busy(centre: Living) -> Living:
    """A centre with something of every kind."""
    centre.done(
        "A:0001", "notices", {"phrase": "fire_reported", "place": "place:agdam", "since": "2020-11-28 15:10"}
    )
    for release in ("joint", "owner"):
        for what in ("=1+1", "+994", "-5", "@x", "\tx", "plain"):
            body = {
                "kind": "attack", "when": "2020-11-27 07:30", "where": {"lon": 46.93, "lat": 39.99}, "says": "",
                "what": f"{what} {release}", "basis": "saw", "release": release,
            }  # fmt: skip
            centre.done("A:0001", "reports", body)
    lines = [line["key"] for line in centre.get("A:0001", "hand-over").json()["lines"]]
    centre.done("A:0001", "watches", {"confirmed": lines})
    centre.settle()
    return centre


@settings(
    max_examples=25, deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(
    query=filters,
    entity=st.sampled_from(MODELS),
    viewer=st.sampled_from(VIEWERS),
    ending=st.sampled_from(FORMATS),
)
def test_what_is_exported_is_what_the_list_shows(
    busy: Living, query: dict[str, str], entity: str, viewer: tuple[str, str, str], ending: str
) -> None:
    busy.pass_time(seconds=1)
    address = f"{entity}?{urlencode({**query, 'format': ending})}"
    answer = busy.get(viewer[0], address, role=viewer[1])
    if answer.status_code != 200:
        assert (
            busy.get(viewer[0], f"{entity}?{urlencode(query)}", role=viewer[1]).status_code
            == answer.status_code
        )
        return
    assert [str(row["id"]) for row in rows(answer.content, ending, entity)] == shown(
        busy, viewer, entity, query
    )


@pytest.mark.parametrize("ending", ["csv", "xlsx"])
def test_no_cell_is_taken_for_a_formula(busy: Living, ending: str) -> None:
    data = busy.get("A:0001", f"reports?format={ending}&kind=observation").content
    words = [row["words"] for row in rows(data, ending, "reports")]
    assert len(words) == 12
    assert not [text for text in words if text[0] in "=+-@\t"]
    assert "'=1+1 joint" in words


def test_a_geopackage_is_one_that_map_programs_open(busy: Living) -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        answer = busy.get("A:0001", "features?format=gpkg")
        assert answer.status_code == 200, answer.text
        db.deserialize(answer.content)
        assert db.execute("PRAGMA application_id").fetchone()[0] == 0x47504B47
        assert db.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        shapes = db.execute("SELECT geom FROM features WHERE geom IS NOT NULL").fetchall()
        assert {wkb.loads(blob[8:]).geom_type for (blob,) in shapes} >= {"Point", "LineString"}
        kinds = db.execute("SELECT geometry_type_name, srs_id FROM gpkg_geometry_columns").fetchall()
        assert kinds == [("GEOMETRY", 4326)]


def test_a_role_that_takes_nothing_out_exports_nothing(busy: Living) -> None:
    assert busy.get("L:0001", "reports?format=csv", role="liaison").status_code == 403
    assert busy.get("A:0001", "reports?format=docx").status_code == 400
    assert busy.client.get("/api/v1/reports?format=csv").status_code in {401, 403}


def test_what_a_program_has_already_is_not_sent_again(busy: Living) -> None:
    first = busy.get("A:0001", "reports")
    again = busy.get("A:0001", "reports", if_none_match=first.headers["etag"])
    assert (again.status_code, again.content) == (304, b"")
    other = busy.get("B:0001", "reports", if_none_match=first.headers["etag"])
    assert other.status_code == 200, "another reader has another list"
