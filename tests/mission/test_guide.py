"""The guide in a copy of the record says what the copy is, in every language, and a changed one is not believed."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from truceline.adapters.catalogues import catalogue_languages
from truceline.app import bundles
from truceline.cli import truceline
from truceline.core.errors import IntegrityError
from truceline.ledger.export import GUIDE

LANGUAGES = catalogue_languages()


@pytest.fixture(scope="module")
def copy(demo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy for the public."""
    folder = tmp_path_factory.mktemp("copies") / "public"
    done = CliRunner().invoke(
        truceline,
        ["record", "export", str(folder), "--for", "public", "--store", str(demo / "store.db")],
    )
    assert done.exit_code == 0, done.output
    return folder


def test_it_names_origin_root_and_everybody_who_signed(copy: Path) -> None:
    page = (copy / GUIDE).read_text(encoding="utf-8")
    report = bundles.check(copy)
    assert report.ok
    assert page.count(report.origin) >= 2
    assert page.replace(" ", "").count(report.root_hex) == len(LANGUAGES)
    for line in (copy / "policy").read_text(encoding="utf-8").splitlines():
        if line.startswith(("log ", "witness ")):
            assert (
                page.count(line.split(" ")[-1].replace("+", "&#43;")) + page.count(line.split(" ")[-1]) >= 2
            )
    assert page.count("2021-11-19T23:59:59Z") == len(LANGUAGES) * 3


def test_it_stands_in_every_language_and_asks_for_nothing_from_outside(copy: Path) -> None:
    page = (copy / GUIDE).read_text(encoding="utf-8")
    found = re.findall(r'<main id="(\w+)" lang="\w+" dir="(\w+)">', page)
    assert found == [(language, "rtl" if language == "ar" else "ltr") for language in LANGUAGES]
    assert "⟨" not in page, "a word is missing"
    assert not re.search(r"(?:src|href)=\"(?!#)|url\(|<script", page)


def test_each_sentence_of_one_language_stands_in_the_other(copy: Path) -> None:
    page = (copy / GUIDE).read_text(encoding="utf-8")
    _, english, *others = page.split("<main id=")
    assert len(others) == len(LANGUAGES) - 1
    for tag in ("<p>", "<h2>", "<tr>"):
        assert {other.count(tag) for other in others} == {english.count(tag)}
        assert english.count(tag) > 0


def test_a_changed_guide_is_not_believed(copy: Path, tmp_path: Path) -> None:
    changed = shutil.copytree(copy, tmp_path / "changed")
    page = (changed / GUIDE).read_text(encoding="utf-8")
    (changed / GUIDE).write_text(page.replace("proves nothing", "proves everything"), encoding="utf-8")
    problems = bundles.check(changed).problems
    assert [problem.what for problem in problems] == [
        "READ-ME.html is not the guide that these files give: do not believe it"
    ]
    done = CliRunner().invoke(truceline, ["record", "verify", str(changed)])
    assert isinstance(done.exception, IntegrityError)


def test_a_copy_without_a_guide_and_one_of_another_version_verify(copy: Path, tmp_path: Path) -> None:
    other = shutil.copytree(copy, tmp_path / "other")
    page = (other / GUIDE).read_text(encoding="utf-8")
    (other / GUIDE).write_text(re.sub(r'content="truceline [^"]+"', 'content="truceline 99.0"', page))
    assert bundles.check(other).ok
    (other / GUIDE).unlink()
    assert bundles.check(other).ok


def test_what_was_not_released_is_counted(demo: Path, copy: Path) -> None:
    withheld = bundles.check(copy).n_withheld
    page = (copy / GUIDE).read_text(encoding="utf-8")
    assert ("not in this copy" in page) == (withheld > 0)
    assert bundles.check(demo / "record").n_withheld <= withheld


def test_verifying_by_a_policy_of_ones_own_refuses_another_log(copy: Path, tmp_path: Path) -> None:
    own = tmp_path / "policy"
    own.write_text((copy / "policy").read_text(encoding="utf-8"), encoding="utf-8")
    assert CliRunner().invoke(truceline, ["record", "verify", str(copy), "--policy", str(own)]).exit_code == 0
    stranger = "log other+a0f85fc6+AW5fQoy9Dg43gg1itrPNSGQJXX12BZOy6Lkng56jRBLX\nquorum none\n"
    own.write_text(stranger, encoding="utf-8")
    done = CliRunner().invoke(truceline, ["record", "verify", str(copy), "--policy", str(own)])
    assert done.exit_code != 0
