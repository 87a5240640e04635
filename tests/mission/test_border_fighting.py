"""The fighting of 16 November 2021 as the packaged inbox tells it, in two items of two days."""

from __future__ import annotations

import json
from pathlib import Path


def test_the_fighting_of_16_november_2021_is_one_incident_of_disputed_scope_in_the_packaged_inbox(
    demo: Path,
) -> None:
    rows = [json.loads(line) for line in (demo / "incidents.jsonl").read_text(encoding="utf-8").splitlines()]
    found = [row for row in rows if (row["valid_at"] or {}).get("start", "").startswith("2021-11")]
    assert len(found) == 1
    assert found[0]["scope"] == "disputed"
    assert (found[0]["valid_at"]["start"], found[0]["valid_at"]["end"]) == (
        "2021-11-15T20:00:00Z",
        "2021-11-16T20:00:00Z",
    )
    assert {side["party"] for side in found[0]["sides"]} >= {"party:armenia", "party:azerbaijan"}
