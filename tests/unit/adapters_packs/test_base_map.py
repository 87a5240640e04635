"""The script that draws the base map leaves what is drawn by hand alone and writes the same bytes again."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest
from shapely.geometry import LineString, box

from truceline.adapters.packs import mission_folder

SCRIPT = Path(__file__).resolve().parents[3] / "scripts" / "make_base_map.py"


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_base_map", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("file", ["places.geojson", "lines.geojson"])
def test_writing_what_was_read_gives_the_same_bytes(script: ModuleType, tmp_path: Path, file: str) -> None:
    original = mission_folder("karabakh-2020") / file
    features = json.loads(original.read_text(encoding="utf-8"))["features"]
    script.write_features(tmp_path / file, features)
    assert (tmp_path / file).read_bytes() == original.read_bytes()


def test_every_outline_that_the_script_knows_is_in_the_pack(script: ModuleType) -> None:
    text = (mission_folder("karabakh-2020") / "lines.geojson").read_text(encoding="utf-8")
    slugs = {feature["properties"]["id"] for feature in json.loads(text)["features"]}
    wanted = {f"line:district-{slug}" for slug in script.DISTRICTS.values()}
    wanted |= {f"line:{slug}" for slug in script.RIVERS.values()}
    wanted |= {line["id"] for line in script.DISPUTED.values()} | {script.BORDER["id"]}
    assert wanted <= slugs


def test_pieces_of_a_line_join_in_any_order(script: ModuleType) -> None:
    pieces = [LineString([(0, 0), (1, 1)]), LineString([(2, 0), (3, 3)]), LineString([(1, 1), (2, 0)])]
    merged = script._merged(pieces)
    assert merged.equals(script._merged(pieces[::-1]))
    assert merged.geom_type == "LineString"
    assert box(-1, -1, 4, 4).contains(merged)


def test_without_its_sources_the_script_says_how_to_get_them(
    script: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    assert script.main(["nowhere.gpkg"]) == 2
    assert "apt-get download qgis-common" in capsys.readouterr().err
