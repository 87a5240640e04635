"""Every mistake of a pack is found in one pass: file, line, what, what to do."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from truceline.adapters.packs import Problem, check_mission, load_mission
from truceline.core.errors import ConfigError

Edit = Callable[[str, str, str], int]

TEN = (
    ("parties.yaml", "office: office:russia-president\n", "office: office:rusia-president\n", "unknown slug"),
    ("instruments.yaml", "due: 2020-12-01", "due: 2020-13-01", "is no day"),
    ("instruments.yaml", "{unit: armoured_carrier, value: 90}", "{value: 90}", "'unit' is missing"),
    ("instruments.yaml", "types: [remains_exchange]", "types: [remains_exchang]", "unknown claim type"),
    ("instruments.yaml", "duty_bearer: [party:russia]", "duty_baerer: [party:russia]", "unknown key"),
    ("sources.yaml", "id: src:afp\n", "id: src:reuters\n", "stands twice"),
    ("posts.yaml", "lon: 46.43", "lon: 64.43", "lies outside"),
    ("mission.toml", 'time_zone = "Asia/Baku"', 'time_zone = "Asia/Bakou"', "unknown time zone"),
    ("interpretations.yaml", 'clause: "8"', 'clause: "18"', "has no clause '18'"),
    ("places.geojson", '"ar": ["هادروت", "هدروت", "غادروت"],\n', "", "no name in report language 'ar'"),
)


def test_ten_mistakes_are_all_found_in_one_pass(pack: Path, edit: Edit) -> None:
    edit("instruments.yaml", "types: [detained_exchange, remains_exchange]", "types: [remains_exchange]")
    spots = [(file, edit(file, old, new), what) for file, old, new, what in TEN]
    found = check_mission(str(pack))
    for file, line, what in spots:
        hits = [p for p in found if p.file == file and what in p.what]
        assert hits, f"{file}: {what} was not found"
        assert any(abs(p.line - line) <= 6 for p in hits), f"{file}: {hits} is not near line {line}"
    assert all(p.todo and p.what and p.where for p in found)
    # the misspelt key leaves its own key missing: a second line about the same obligation, and nothing else
    assert len(found) == len(TEN) + 1


def test_loading_a_spoilt_pack_lists_every_mistake(pack: Path, edit: Edit) -> None:
    for file, old, new, _ in TEN[:1] + TEN[5:8]:
        edit(file, old, new)
    with pytest.raises(ConfigError) as caught:
        load_mission(str(pack))
    message = str(caught.value)
    assert "4 mistakes" in message
    for file in ("parties.yaml:", "sources.yaml:", "posts.yaml:", "mission.toml:"):
        assert file in message


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("parties.yaml", "roles: [guarantor", "roles: [garantor", "Invalid enum value 'garantor'"),
        ("parties.yaml", "  - id: party:turkey\n    kind: state", "  - id: party:turkey\n    kind: sate", "sate"),
        ("parties.yaml", "    party: party:iran\n    kind: army", "    party: party:irn\n    kind: army", "party:irn"),
        ("procedure.toml", 'kind = "two-key"', 'kind = "two-keys"', "unknown procedure"),
        ("procedure.toml", "quorum = 2", "quorum = 3", "cannot be met"),
        ("mission.toml", 'cut_off = "20:00"', 'cut_off = "25:00"', "no time of day"),
        ("mission.toml", "box = [44.5, 38.3", "box = [54.5, 38.3", "no box"),
        ("mission.toml", 'unit = "hectare"', 'unit = "hectares"', "unknown unit"),
        ("mission.toml", 'scope = "zone:north"', 'scope = "zone:nord"', "unknown slug 'zone:nord'"),
        ("amendments.yaml", "armenia: relayed", "armenia: perhaps", "unknown answer"),
        ("amendments.yaml", "obl:2020-6-kelbajar", "obl:2020-8-exchange", "no due date of its own"),
        ("instruments.yaml", "    effective_at: 2020-11-10T00:00:00+03:00", "    effective_at: 2020-11-10T00:00", "time zone"),
        ("instruments.yaml", "relative: {event: effective", "relative: {event: efective", "unknown event"),
        ("instruments.yaml", "        width_km: 5.0\n", "", "needs 'width_km'"),
        ("instruments.yaml", "modalities: [denied]", "modalities: [denid]", "unknown modality"),
        ("instruments.yaml", '      - n: "9"\n', '      - n: "8"\n', "clause '8' stands twice"),
        ("lines.geojson", '"valid_to": "2020-09-27"', '"valid_to": "1920-09-27"', "before it begins"),
        ("places.geojson", '"precision_m": 800,', '"precision_m": 0,', "above 0"),
        ("places.geojson", '{"type":"Point","coordinates":[46.5306,40.0572]}', '{"type":"Pnt"}', "unknown geometry"),
        ("places.geojson", "[46.5306,40.0572]", "[40.0572,46.5306]", "lies outside"),
        ("posts.yaml", "id: post:S1,", "id: S1,", "is no slug"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_file_and_line(
    pack: Path, edit: Edit, file: str, old: str, new: str, what: str
) -> None:
    line = edit(file, old, new)
    found = [p for p in check_mission(str(pack)) if what in p.what or what in p.todo]
    assert found
    assert {p.file for p in found} == {file}
    assert any(p.line == 0 or abs(p.line - line) <= 14 for p in found)
    assert all(p.todo for p in found)


@pytest.mark.parametrize(
    ("file", "old", "new", "what"),
    [
        ("sources.yaml", "  - id: src:tass", "  - id: src:tass\n   kind: x", "no YAML"),
        ("amendments.yaml", "    due: 2020-11-25", "    due: 2020-11-25\n    due: 2020-11-26", "'due' stands twice"),
        ("mission.toml", "cut_off =", "cut_off ==", "no TOML"),
        ("lines.geojson", '"kind": "country"', '"kind": country', "no JSON"),
    ],
)  # fmt: skip
def test_bad_writing_is_named_with_its_line(
    pack: Path, edit: Edit, file: str, old: str, new: str, what: str
) -> None:
    line = edit(file, old, new)
    (found,) = [p for p in check_mission(str(pack)) if what in p.what]
    assert found.file == file
    assert line <= found.line <= line + 1


def test_a_file_in_another_encoding_is_named(pack: Path) -> None:
    text = (pack / "lexicon" / "ar.yaml").read_text(encoding="utf-8")
    (pack / "lexicon" / "ar.yaml").write_bytes(text.encode("utf-16"))
    (found,) = check_mission(str(pack))
    assert found == Problem("lexicon/ar.yaml", 1, "", "not UTF-8", "save the file as UTF-8")


def test_what_an_unreadable_file_would_have_said_is_not_called_unknown(pack: Path, edit: Edit) -> None:
    edit("places.geojson", '"type": "Feature"', '"type": Feature')
    found = check_mission(str(pack))
    assert [p.file for p in found] == ["places.geojson"]


def test_what_names_a_spoilt_thing_is_not_a_second_mistake(pack: Path, edit: Edit) -> None:
    edit("parties.yaml", "  - id: party:turkey\n    kind: state", "  - id: party:turkey\n    kind: sate")
    found = check_mission(str(pack))
    assert [(p.file, p.where) for p in found] == [("parties.yaml", "party:turkey.kind")]


@pytest.mark.parametrize("file", ["mission.toml", "procedure.toml"])
def test_a_missing_main_file_is_named(pack: Path, file: str) -> None:
    (pack / file).unlink()
    if file == "mission.toml":
        with pytest.raises(ConfigError, match="no mission"):
            check_mission(str(pack))
    else:
        assert [p.file for p in check_mission(str(pack))] == [file]


def test_a_mission_that_is_not_there_names_those_that_are() -> None:
    with pytest.raises(ConfigError, match="blank, karabakh-2020"):
        load_mission("nowhere")
