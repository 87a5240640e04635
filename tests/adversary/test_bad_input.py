"""Whatever is dropped into an inbox: one clear line each, and the run goes on with the rest."""

from __future__ import annotations

import importlib.util
import io
import json
import os
import time
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.adapters.files.chrome import read_chrome
from truceline.adapters.files.delivery import Delivery, Limits
from truceline.adapters.files.formats import SUFFIXES, decode
from truceline.adapters.files.inbox import read_inboxes
from truceline.collect import collect
from truceline.collect.ports import CollectKnowledge
from truceline.collect.stage import Collected
from truceline.core.errors import InputError

GOOD = "The road was open all day, the centre said on Monday, and no shots were counted."
AR = "فتحت القوات الممر صباح اليوم ولم تسجل أي خرق لوقف إطلاق النار في المنطقة، وقال المتحدث إن النقاط تعمل."
KNOWLEDGE = CollectKnowledge(read_chrome(), now=datetime(2020, 12, 1, tzinfo=UTC))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)

PARQUET = "input.damaged" if importlib.util.find_spec("duckdb") else "input.extra"

Maker = Callable[[Path], object]


def run(root: Path, limits: Limits | None = None) -> Collected:
    return collect(read_inboxes([root], limits=limits or Limits()), KNOWLEDGE)


def write(name: str, content: bytes | str) -> Maker:
    data = content.encode() if isinstance(content, str) else content
    return lambda root: (root / name).write_bytes(data)


def manifest(**fields: object) -> Maker:
    def make(root: Path) -> None:
        (root / "bad.txt").write_text("Other words of a bad file, all in order.", encoding="utf-8")
        (root / "manifest.jsonl").write_text(json.dumps({"file": "bad.txt", **fields}), encoding="utf-8")

    return make


def zipped(*members: tuple[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return out.getvalue()


def nested(depth: int) -> bytes:
    data = zipped(("words.txt", GOOD.encode()))
    for _ in range(depth):
        data = zipped(("in.zip", data))
    return data


def locked_zip() -> bytes:
    data = bytearray(zipped(("words.txt", GOOD.encode()), packing=zipfile.ZIP_STORED))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + at] |= 1
    return bytes(data)


def lying_zip() -> bytes:
    """An archive whose list of members states a small size for a large member."""
    data = bytearray(zipped(("words.txt", b"a" * 50_000_000)))
    at = data.index(b"PK\x01\x02") + 24
    data[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(data)


def sheet(*rows: list[object]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def locked_pdf() -> bytes:
    key = "<" + "00" * 32 + ">"
    body = (
        "%PDF-1.4\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [] /Count 0 >>\nendobj\n"
        f"3 0 obj\n<< /Filter /Standard /V 1 /R 2 /O {key} /U {key} /P -4 >>\nendobj\n"
    )
    offsets = [body.index(f"{n} 0 obj") for n in (1, 2, 3)]
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    tail = "<< /Size 4 /Root 1 0 R /Encrypt 3 0 R /ID [<00> <00>] >>"
    return f"{body}xref\n0 4\n0000000000 65535 f \n{table}trailer\n{tail}\nstartxref\n{len(body)}\n%%EOF\n".encode()


XXE = "<!DOCTYPE kml [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><kml><Placemark><name>&x;</name></Placemark></kml>"

BAD: dict[str, tuple[Maker, str]] = {
    "an empty file": (write("bad.txt", b""), "input.empty"),
    "white space alone": (write("bad.txt", " \n\t\xa0\n"), "input.empty"),
    "bytes that are no text": (write("bad.txt", bytes(range(256)) * 20), "input.binary"),
    "a picture that calls itself a text": (write("bad.txt", b"\x89PNG\r\n\x1a\n" + bytes(99)), "input.binary"),
    "a program": (write("bad.txt", b"\x7fELF" + bytes(99)), "input.binary"),
    "a text cut inside a letter": (write("bad.txt", AR.encode()[:-2]), "input.truncated"),
    "UTF-16 cut inside a letter": (write("bad.txt", AR.encode("utf-16")[:-1]), "input.truncated"),
    "an encoding of another region": (write("bad.txt", "Миротворцы открыли ещё один пост".encode("koi8-r")), "input.encoding"),
    "a text decoded wrongly before": (write("bad.txt", AR.encode().decode("cp1252", "replace")), "input.encoding"),
    "one line without an end": (write("bad.txt", b"a" * 1_100_000), "input.line_too_long"),
    "a page of endless depth": (write("bad.html", "<div>" * 60_000 + GOOD), "input.too_deep"),
    "a page without words": (write("bad.html", "<html><body></body></html>"), "input.empty"),
    "a table without words": (write("bad.csv", "date,place\n2020-11-16,here\n"), "input.column"),
    "a row without words": (write("bad.csv", "text,place\n,here\n"), "input.empty"),
    "a formula in a cell of lines": (write("bad.csv", 'text\n"=HYPERLINK(""http://x"",""y"")"\n'), "input.formula"),
    "a command in a cell": (write("bad.csv", "text\n@SUM(1+1)*cmd|' /C calc'!A0\n"), "input.formula"),
    "a formula in a cell of a workbook": (write("bad.xlsx", sheet(["text"], ["=1+1"])), "input.formula"),
    "a workbook behind a password": (write("bad.xlsx", OLE), "input.locked"),
    "a document behind a password": (write("bad.docx", OLE), "input.locked"),
    "a PDF behind a password": (write("bad.pdf", locked_pdf()), "input.locked"),
    "an archive behind a password": (write("bad.zip", locked_zip()), "input.locked"),
    "a workbook that is none": (write("bad.xlsx", b"PK\x03\x04" + bytes(99)), "input.damaged"),
    "a document cut short": (write("bad.docx", zipped(("word/document.xml", b"<w" * 99))[:-30]), "input.damaged"),
    "a PDF that is none": (write("bad.pdf", GOOD), "input.damaged"),
    "a PDF cut short": (write("bad.pdf", b"%PDF-1.4\n1 0 obj\n<<"), "input.damaged"),
    "an archive cut short": (write("bad.zip", zipped(("a.txt", GOOD.encode() * 99))[:-40]), "input.truncated"),
    "archives within archives": (write("bad.zip", nested(5)), "input.nested"),
    "an archive that swells": (write("bad.zip", zipped(("a.txt", bytes(5_000_000)))), "input.bomb"),
    "an archive that lies about its size": (write("bad.zip", lying_zip()), "input.damaged"),
    "a member that climbs out": (write("bad.zip", zipped(("../../up.txt", GOOD.encode()))), "input.path"),
    "a member at the root": (write("bad.zip", zipped(("/etc/words.txt", GOOD.encode()))), "input.path"),
    "an unknown kind": (write("bad.xyz", GOOD), "input.kind"),
    "no suffix": (write("bad", GOOD), "input.kind"),
    "JSON that is no table": (write("bad.json", '{"a": 1}'), "input.json"),
    "JSON of endless depth": (write("bad.jsonl", "[" * 100_000), "input.json"),
    "a line that is no JSON": (write("bad.jsonl", "{text: words}\n"), "input.json"),
    "a map without features": (write("bad.geojson", "{}"), "input.json"),
    "XML with entities of its own": (write("bad.kml", XXE), "input.unsafe"),
    "XML cut short": (write("bad.gpx", "<gpx><wpt"), "input.damaged"),
    "a picture that is none": (write("bad.jpg", GOOD), "input.damaged"),
    "Parquet that is none": (write("bad.parquet", b"PAR1" + bytes(50)), PARQUET),
    "a mailbox without mail": (write("bad.mbox", GOOD), "input.damaged"),
    "a date in the future": (manifest(published="2031-01-01"), "input.future"),
    "a date that is none": (manifest(published="16/11/2020"), "input.date"),
    "a mark that is misspelt": (manifest(relase="owner"), "input.manifest"),
    "a mark that does not exist": (manifest(release="secret"), "input.release"),
    "an item of another realm": (manifest(realm="live"), "realm.differs"),
    "a field of another kind": (manifest(owner=["a"]), "input.manifest"),
    "a manifest that is cut": (
        lambda root: (manifest()(root), (root / "manifest.jsonl").write_text('{"file": "bad.txt", "release": "ow')),
        "input.manifest",
    ),
    "a manifest that names what is not there": (write("manifest.jsonl", '{"file": "gone.txt"}'), "input.missing"),
    "a link that leads outside": (lambda root: (root / "bad.txt").symlink_to("/etc/hostname"), "input.path"),
    "a link to nothing": (lambda root: (root / "bad.txt").symlink_to("nothing"), "input.vanished"),
    "a pipe": (lambda root: os.mkfifo(root / "bad.txt"), "input.kind"),
    "the same file twice": (write("with space نسخة.txt", GOOD), "input.duplicate"),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD)
def test_a_bad_thing_gives_one_line_and_the_rest_is_taken(name: str, tmp_path: Path) -> None:
    make, code = BAD[name]
    (tmp_path / "good file ملف.txt").write_text(GOOD, encoding="utf-8")
    make(tmp_path)
    found = run(tmp_path)
    assert [one.code for one in found.rejected] == [code]
    (line,) = found.rejected
    assert line.file
    assert line.why
    assert line.todo
    assert "\n" not in f"{line.why}{line.todo}"
    assert str(tmp_path) not in f"{line.file}{line.why}{line.todo}"
    taken = [report.doc for report in found.reports if report.text == GOOD]
    assert taken == ["good file ملف.txt"]


def test_all_bad_things_at_once_give_a_line_each(tmp_path: Path) -> None:
    wanted = []
    for number, (make, code) in enumerate(BAD.values()):
        folder = tmp_path / f"{number:02} صندوق"
        folder.mkdir()
        (folder / f"good {number}.txt").write_text(
            f"{GOOD} It was box {'x' * (number + 1)}.", encoding="utf-8"
        )
        make(folder)
        wanted.append(code)
    found = collect(read_inboxes(sorted(tmp_path.iterdir())), KNOWLEDGE)
    assert len(found.rejected) == len(wanted) - 1, "the copy has no original here"
    assert (
        sum(report.text is not None and report.text.startswith(GOOD) for report in found.reports)
        == len(BAD) + 1
    )


def test_a_hundred_megabytes_of_one_line_are_refused_in_a_moment(tmp_path: Path) -> None:
    with (tmp_path / "bad.txt").open("wb") as file:
        for _ in range(100):
            file.write(b"a" * 1_000_000)
    started = time.monotonic()
    found = run(tmp_path)
    assert [one.code for one in found.rejected] == ["input.line_too_long"]
    assert time.monotonic() - started < 5


def test_a_large_file_of_many_lines_is_refused_as_large(tmp_path: Path) -> None:
    (tmp_path / "bad.txt").write_bytes(b"some words in a line\n" * 1000)
    found = run(tmp_path, Limits(file_bytes=10_000))
    assert [one.code for one in found.rejected] == ["input.too_large"]


def test_a_member_that_unpacks_past_the_limit_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bad.zip").write_bytes(zipped(("a.txt", GOOD.encode() * 999), ("b.txt", GOOD.encode())))
    found = run(tmp_path, Limits(file_bytes=20_000))
    assert [(one.file, one.code) for one in found.rejected] == [("bad.zip/a.txt", "input.too_large")]
    assert [report.doc for report in found.reports] == ["bad.zip/b.txt"]


def test_a_file_that_vanishes_while_the_inbox_is_read_is_one_line(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(f"{GOOD} {name}", encoding="utf-8")
    found = collect(
        read_inboxes([tmp_path], progress=lambda _: (tmp_path / "b.txt").unlink(missing_ok=True)),
        KNOWLEDGE,
    )
    assert [(one.file, one.code) for one in found.rejected] == [("b.txt", "input.vanished")]
    assert sorted(report.doc for report in found.reports) == ["a.txt", "c.txt"]


def test_a_file_that_may_not_be_read_is_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.txt").write_text(GOOD + " b", encoding="utf-8")
    plain = Path.open

    def guarded(path: Path, *args: object, **kwargs: object) -> object:
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied")
        return plain(path, *args, **kwargs)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", guarded)
    found = run(tmp_path)
    assert [(one.file, one.code) for one in found.rejected] == [("b.txt", "input.unreadable")]
    assert [report.doc for report in found.reports] == ["a.txt"]


def test_bad_rows_leave_the_good_ones(tmp_path: Path) -> None:
    rows = [{"text": GOOD}, {"text": ""}, {"text": GOOD + " b", "published": "soon"}, {"text": GOOD + " c"}]
    (tmp_path / "t.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\nbroken\n", encoding="utf-8")
    found = run(tmp_path)
    assert [(one.file, one.code, one.where) for one in found.rejected] == [
        ("t.jsonl#2", "input.empty", "line 2"),
        ("t.jsonl#3", "input.date", "field 'published'"),
        ("t.jsonl#5", "input.json", "line 5"),
    ]
    assert sorted(report.doc for report in found.reports) == ["t.jsonl#1", "t.jsonl#4"]


def test_an_inbox_that_does_not_exist_is_a_mistake_of_the_call(tmp_path: Path) -> None:
    with pytest.raises(InputError) as caught:
        run(tmp_path / "nowhere")
    assert caught.value.code == "input.inbox"


def test_twice_the_same_inbox_gives_the_same(tmp_path: Path) -> None:
    for make, _ in list(BAD.values())[:20]:
        make(tmp_path)
    (tmp_path / "good.txt").write_text(GOOD, encoding="utf-8")
    assert run(tmp_path) == run(tmp_path)


HEADS = (
    b"",
    b"PK\x03\x04",
    b"%PDF-1.4\n",
    b'{"messages": [',
    b"<html><p>",
    b"text,date\n",
    b"From a@b\nSubject: x\n\n",
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(SUFFIXES), st.sampled_from(HEADS), st.binary(max_size=400))
def test_no_bytes_under_any_name_stop_a_run(suffix: str, head: bytes, tail: bytes) -> None:
    delivery = Delivery(f"x.{suffix}", head + tail, Limits(), decode, lambda _: {})
    found = collect(decode(delivery), KNOWLEDGE)
    assert found.reports or found.rejected or found.evidence
    assert all(one.file.startswith("x.") and one.why and one.todo for one in found.rejected)
