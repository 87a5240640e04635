"""A report can be held against the record by its file or by the code on any of its pages, and a false one is refused."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from truceline.app import flow
from truceline.app.wiring import open_world
from truceline.cli import truceline
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.ledger.imprint import parse_imprint

ITEM = (
    "Flight\n\nSTEPANAKERT, 16 November 2020. Russian peacekeepers set up an observation post near Shusha.\n"
)
LATER = "Mines\n\nMOSCOW, 18 November 2020. The Russian Defence Ministry said that its sappers cleared five hectares.\n"


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A first run; ``early`` is its record, the folder goes on to a second run with one item more."""
    home = tmp_path_factory.mktemp("mission")
    inbox = home / "inbox"
    inbox.mkdir()
    world = open_world("karabakh-2020")
    for name, text in (("one.txt", ITEM), ("two.txt", LATER)):
        (inbox / name).write_text(text, encoding="utf-8")
        flow.run(world, [inbox], home / "out", known_at=None, accepted_only=False, say=lambda *_: None)
        if name == "one.txt":
            shutil.copytree(home / "out" / "record", home / "early")
            shutil.copy(home / "out" / "report.en.pdf", home / "first.pdf")
    return home


def ask(folder: Path, *options: str, code: str | None = None) -> str:
    """What the command answers; what it refuses is raised."""
    extra = ("--code", "-") if code is not None else ()
    done = CliRunner().invoke(
        truceline,
        ["record", "check-report", str(folder), *options, *extra],
        input=code,
        catch_exceptions=False,
    )
    assert done.exit_code == 0, done.output
    return done.output


def codes(paper: Path, folder: Path, zbarimg: str) -> list[str]:
    """What a scanner reads from every page, printed at 200 dots an inch."""
    found = []
    for number, page in enumerate(pypdfium2.PdfDocument(paper)):
        bitmap = page.render(scale=200 / 72, grayscale=True)
        image = folder / f"{number}.pgm"
        data = bytes(bitmap.buffer)
        rows = b"".join(
            data[at * bitmap.stride : at * bitmap.stride + bitmap.width] for at in range(bitmap.height)
        )
        image.write_bytes(b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + rows)
        read = subprocess.run(
            [zbarimg, "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", str(image)],
            check=True,
            capture_output=True,
            text=True,
        )
        found.append(read.stdout)
    return found


@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_bears_a_code_that_the_record_knows(
    out: Path, tmp_path: Path, need: Callable[[str], str], language: str
) -> None:
    read = codes(out / "out" / f"report.{language}.pdf", tmp_path, need("zbarimg"))
    assert len(read) > 2
    assert len(set(read)) == 1
    assert parse_imprint(read[0]).name == f"report.{language}.pdf"
    answer = ask(out / "out" / "record", code=read[0])
    assert f"yes: report.{language}.pdf" in answer
    assert "a code can be copied" in answer


def test_a_report_is_known_by_its_file_in_its_own_and_in_every_later_record(out: Path) -> None:
    for folder in (out / "early", out / "out" / "record"):
        assert "yes: report.en.pdf" in ask(folder, "--paper", str(out / "first.pdf"))


def test_a_changed_file_is_not_known(out: Path, tmp_path: Path) -> None:
    data = bytearray((out / "first.pdf").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "changed.pdf").write_bytes(data)
    with pytest.raises(IntegrityError, match="names no file with these bytes"):
        ask(out / "early", "--paper", str(tmp_path / "changed.pdf"))


def test_an_earlier_copy_of_the_record_says_that_it_ends_before(
    out: Path, tmp_path: Path, need: Callable[[str], str]
) -> None:
    code = codes(out / "out" / "report.en.pdf", tmp_path, need("zbarimg"))[0]
    with pytest.raises(InputError, match="take a later copy"):
        ask(out / "early", code=code)


def test_a_code_of_another_root_name_or_record_is_refused(
    out: Path, tmp_path: Path, need: Callable[[str], str]
) -> None:
    code = codes(out / "first.pdf", tmp_path, need("zbarimg"))[0]
    root, content = (line.split(" ")[1] for line in code.splitlines()[2:4])
    with pytest.raises(IntegrityError, match="another root"):
        ask(out / "early", code=code.replace(root, content))
    with pytest.raises(IntegrityError, match=r"names no 'report\.en\.pdf' that says this"):
        ask(out / "early", code=code.replace(content, root))
    with pytest.raises(ConflictError, match="is of the record"):
        ask(out / "early", code=code.replace("truceline/karabakh-2020/demo", "truceline/x/demo"))


def test_the_code_of_one_report_on_another_is_told(
    out: Path, tmp_path: Path, need: Callable[[str], str]
) -> None:
    code = codes(out / "out" / "report.ar.pdf", tmp_path, need("zbarimg"))[0]
    with pytest.raises(
        IntegrityError, match=r"the code is of 'report\.ar\.pdf', the file is 'report\.en\.pdf'"
    ):
        ask(out / "out" / "record", "--paper", str(out / "out" / "report.en.pdf"), code=code)


def test_without_a_report_there_is_nothing_to_check(out: Path) -> None:
    with pytest.raises(InputError, match="nothing to check"):
        ask(out / "early")
