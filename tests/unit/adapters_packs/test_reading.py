"""How a pack is written: plain dates and words, short names, files that may be missing, schemas, speed."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.adapters.packs import (
    check_mission,
    load_mission,
    mission_folder,
    packaged_missions,
    schemas,
)
from truceline.adapters.packs.read import read_document
from truceline.core.names import Name

Edit = Callable[[str, str, str], int]
PACKAGED = packaged_missions()
QUICK_S = 0.25


def test_the_package_brings_a_theatre_and_a_blank_mission() -> None:
    assert {"blank", "karabakh-2020"} <= set(PACKAGED)


@pytest.mark.parametrize("name", PACKAGED)
def test_a_packaged_pack_has_no_mistake(name: str) -> None:
    assert check_mission(name) == ()


@pytest.mark.parametrize("name", PACKAGED)
def test_a_pack_reads_the_same_from_any_folder_of_its_name(name: str, tmp_path: Path) -> None:
    folder = tmp_path / "دار السلام" / name
    shutil.copytree(mission_folder(name), folder)
    assert load_mission(str(folder)) == load_mission(name)


def test_reading_the_theatre_takes_less_than_a_quarter_of_a_second(pack: Path) -> None:
    took = []
    for n in range(3):
        (pack / "lexicon" / "en.yaml").write_text(f"TOPIC: [word {n}]\n", encoding="utf-8")
        start = time.process_time()
        load_mission(str(pack))
        took.append(time.process_time() - start)
    assert min(took) < QUICK_S


def test_a_changed_file_gives_another_version_and_the_inbox_does_not(pack: Path) -> None:
    first = load_mission(str(pack)).version
    (pack / "inbox").mkdir()
    (pack / "inbox" / "a.txt").write_text("news", encoding="utf-8")
    assert load_mission(str(pack)).version == first
    (pack / "lexicon" / "en.yaml").write_text("TOPIC: [other]\n", encoding="utf-8")
    assert load_mission(str(pack)).version != first


def test_a_pack_of_its_two_main_files_alone_is_whole(tmp_path: Path) -> None:
    folder = tmp_path / "blank"
    folder.mkdir()
    for file in ("mission.toml", "procedure.toml"):
        shutil.copy(mission_folder("blank") / file, folder / file)
    text = (folder / "procedure.toml").read_text(encoding="utf-8")
    (folder / "procedure.toml").write_text(text.replace('"delegation:mission"', ""), encoding="utf-8")
    mission = load_mission(str(folder))
    assert mission.procedure.kind == "single"
    assert mission.obligations == ()
    assert mission.places == ()


def test_names_may_be_written_short(pack: Path, edit: Edit) -> None:
    edit("sources.yaml", "en: [Reuters]", "en: Reuters")
    source = next(s for s in load_mission(str(pack)).sources if s.id == "src:reuters")
    assert source.names["en"] == (Name("Reuters"),)


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("a: 2020-11-15", {"a": "2020-11-15"}),
        ("a: 2020-11-10T00:00:00+03:00", {"a": "2020-11-10T00:00:00+03:00"}),
        ("a: [yes, no, on, off]", {"a": ["yes", "no", "on", "off"]}),
        ("a: [true, false, ~, 7, 5.0, '7']", {"a": [True, False, None, 7, 5.0, "7"]}),
        ("a: &x [1]\nb: *x", {"a": [1], "b": [1]}),
        ("", None),
    ],
)
def test_yaml_keeps_days_and_words_as_they_are_written(text: str, data: Any) -> None:
    assert read_document("a.yaml", text.encode()).data == data


def test_a_loop_of_aliases_is_refused() -> None:
    document = read_document("a.yaml", b"a: &x [*x]")
    assert any("nested too deep" in p.what for p in document.problems)


@given(st.binary(max_size=200), st.sampled_from(["a.yaml", "a.toml", "a.geojson"]))
def test_no_bytes_break_the_reader_and_each_mistake_says_what_to_do(raw: bytes, file: str) -> None:
    document = read_document(file, raw)
    assert document.file == file
    assert document.data is None or not any("no " in p.what[:3] for p in document.problems)
    assert all(p.file == file and p.what and p.todo for p in document.problems)


def test_every_file_of_a_pack_has_a_schema_whose_references_resolve() -> None:
    found = schemas()
    files = {path.name for path in mission_folder("karabakh-2020").iterdir() if path.suffix in _KINDS}
    assert files <= set(found)
    for schema in found.values():
        assert schema["$schema"].startswith("https://json-schema.org/")
        for ref in _refs(schema):
            assert ref.removeprefix("#/$defs/") in schema["$defs"]


_KINDS = {".toml", ".yaml", ".geojson"}


def _refs(part: Any) -> Iterator[str]:
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for item in part.values():
            yield from _refs(item)
    elif isinstance(part, list):
        for item in part:
            yield from _refs(item)
