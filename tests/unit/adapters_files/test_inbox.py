"""Every file kind of an inbox comes out as items with its words, its fields and its place."""

from __future__ import annotations

import io
import json
import struct
import zipfile
from collections.abc import Callable
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

import docx
import openpyxl
import pytest

from truceline.adapters.files.inbox import read_inboxes
from truceline.collect.ports import Item

TEXT = "The road was open all day, the centre said on Monday."


def items(root: Path) -> list[Item]:
    return list(read_inboxes([root]))


def texts(root: Path) -> list[tuple[str, str]]:
    return [(item.file, item.text) for item in items(root) if item.text is not None]


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_files_come_in_sorted_order_with_their_paths(tmp_path: Path) -> None:
    for name in ("z.txt", "a b.txt", "مجلد/ملف واحد.txt", "sub/b.md"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"{TEXT} {name}", encoding="utf-8")
    found = [item.file for item in items(tmp_path)]
    assert found == ["a b.txt", "sub/b.md", "z.txt", "مجلد/ملف واحد.txt"]


def test_several_inboxes_follow_each_other_and_progress_is_told(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.txt").write_text(TEXT, encoding="utf-8")
    told: list[str] = []
    found = list(read_inboxes([tmp_path / "two", tmp_path / "one"], progress=told.append))
    assert [item.file for item in found] == told == ["two.txt", "one.txt"]


def test_a_single_file_is_an_inbox_of_one(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXT, encoding="utf-8")
    assert texts(path) == [("a.txt", TEXT)]


def test_the_manifest_gives_fields_and_is_no_item(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    line = {
        "file": "a.txt",
        "source": "src:x",
        "published": "2020-11-16",
        "release": "joint",
        "desk": "north",
    }
    (tmp_path / "manifest.jsonl").write_text(json.dumps(line) + "\n", encoding="utf-8")
    (item,) = items(tmp_path)
    assert item.fields == {"source": "src:x", "published": "2020-11-16", "release": "joint"}
    assert item.extra == {"desk": "north"}


def test_files_without_a_line_stay_with_their_owner_where_a_line_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "manifest.jsonl").write_text("{broken\n", encoding="utf-8")
    found = items(tmp_path)
    assert [item.problem.code for item in found if item.problem] == ["input.manifest"]
    assert found[-1].fields == {"release": "owner"}


@pytest.mark.parametrize(
    ("name", "content", "number"),
    [
        ("t.csv", f'text,published,desk\n"{TEXT}",2020-11-16,north\n', "#1"),
        ("t.csv", f'\ufefftext;published;desk\r\n"{TEXT}";2020-11-16;north\r\n', "#1"),
        ("t.tsv", f"desk\ttext\tpublished\nnorth\t{TEXT}\t2020-11-16\n", "#1"),
        ("t.jsonl", json.dumps({"text": TEXT, "published": "2020-11-16", "desk": "north"}), "#1"),
        ("t.json", json.dumps([{"text": TEXT, "published": "2020-11-16", "desk": "north"}]), "#1"),
    ],
)
def test_a_row_is_an_item_and_other_columns_are_kept(
    tmp_path: Path, name: str, content: str, number: str
) -> None:
    (tmp_path / name).write_text(content, encoding="utf-8", newline="")
    container, row = items(tmp_path)
    assert container.state == "container"
    assert (row.file, row.text, row.data) == (name + number, TEXT, TEXT.encode())
    assert row.fields == {"published": "2020-11-16"}
    assert row.extra == {"desk": "north"}


def test_rows_of_a_workbook_are_items_with_days_as_days(tmp_path: Path) -> None:
    rows = [["text", "published", "shots"], [TEXT, datetime(2020, 11, 16), 3.0]]  # noqa: DTZ001
    (tmp_path / "t.xlsx").write_bytes(workbook(rows))
    row = items(tmp_path)[1]
    assert (row.text, row.fields, row.extra) == (TEXT, {"published": "2020-11-16"}, {"shots": "3"})


def test_rows_of_parquet_are_items(tmp_path: Path, need: Callable[[str], str]) -> None:
    need("duckdb")
    import duckdb  # noqa: PLC0415 - an extra

    path = tmp_path / "t.parquet"
    duckdb.sql(f"SELECT '{TEXT}' AS text, DATE '2020-11-16' AS published, 3 AS shots").write_parquet(
        str(path)
    )
    row = items(tmp_path)[1]
    assert (row.text, row.fields, row.extra) == (TEXT, {"published": "2020-11-16"}, {"shots": "3"})


def test_a_document_gives_its_paragraphs_and_tables(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph(TEXT)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text, table.rows[0].cells[1].text = "posts", "25"
    document.save(str(tmp_path / "d.docx"))
    assert texts(tmp_path) == [("d.docx", f"{TEXT}\nposts\t25")]


def test_a_page_gives_its_article_headline_and_date(tmp_path: Path) -> None:
    paragraphs = "".join(f"<p>{TEXT} It was day {day} of the month.</p>" for day in range(12))
    page = (
        "<html><head><title>Site</title><meta property='og:title' content='The road is open'>"
        "<meta property='article:published_time' content='2020-11-16T09:30:00+04:00'></head>"
        f"<body><nav><a href='/'>Menu</a></nav><article>{paragraphs}</article><script>x()</script></body></html>"
    )
    (tmp_path / "p.html").write_text(page, encoding="utf-8")
    (item,) = items(tmp_path)
    assert item.text is not None
    assert item.text.startswith("The road is open\n\nThe road was open all day")
    assert "x()" not in item.text
    assert item.fields == {"title": "The road is open"}
    assert item.publication is not None
    assert item.publication.value == "2020-11-16T05:30:00Z"


def test_a_page_in_an_old_encoding_is_read_by_its_own_word(tmp_path: Path) -> None:
    words = "فتحت القوات الممر صباح اليوم"
    page = f"<html><head><meta charset='windows-1256'></head><body><p>{words}</p></body></html>"
    (tmp_path / "p.html").write_bytes(page.encode("cp1256"))
    assert texts(tmp_path) == [("p.html", words)]


def message(text: str = TEXT) -> EmailMessage:
    mail = EmailMessage()
    mail["Subject"], mail["From"] = "The road", "Desk <desk@example.org>"
    mail["Date"] = "Mon, 16 Nov 2020 09:30:00 +0400"
    mail.set_content(text)
    return mail


def test_a_message_gives_words_subject_date_and_attachments(tmp_path: Path) -> None:
    mail = message()
    mail.add_attachment("A note beside it, in words.", filename="note.txt")
    (tmp_path / "m.eml").write_bytes(mail.as_bytes())
    first, second = items(tmp_path)
    assert first.text is not None
    assert first.text.strip() == TEXT
    assert first.fields == {"title": "The road"}
    assert first.extra == {"from_domain": "example.org"}
    assert first.publication is not None
    assert first.publication.value == "2020-11-16T05:30:00Z"
    assert second.file == "m.eml/note.txt"


def test_a_mailbox_gives_its_messages(tmp_path: Path) -> None:
    mails = [
        b"From a@b Mon Nov 16 09:30:00 2020\n" + message(f"{TEXT} {n}").as_bytes() + b"\n" for n in range(3)
    ]
    (tmp_path / "m.mbox").write_bytes(b"".join(mails))
    assert [file for file, _ in texts(tmp_path)] == ["m.mbox#1", "m.mbox#2", "m.mbox#3"]


def test_a_whatsapp_export_gives_messages_without_names(tmp_path: Path) -> None:
    chat = (
        "16/11/2020, 21:30 - Messages are encrypted.\n"
        "16/11/2020, 21:31 - Someone: Two shells fell near the school\nand one near the mill\n"
        "16/11/2020, 21:32 - Another: <Media omitted>\n"
        "17/11/2020, 08:00 - Another: Quiet now\n"
    )
    (tmp_path / "chat.txt").write_text(chat, encoding="utf-8")
    _, first, second = items(tmp_path)
    assert first.text == "Two shells fell near the school\nand one near the mill"
    assert (first.extra["sender"], second.extra["sender"]) == ("sender 1", "sender 2")
    assert first.publication is not None
    assert first.publication.value == "2020-11-16"
    assert "Someone" not in repr((first, second))


def test_a_chat_whose_days_fit_two_orders_leaves_them_open(tmp_path: Path) -> None:
    chat = "[05/11/2020, 9:30:01 م] Someone: First words\n[06/11/2020, 9:31:00 م] Someone: Second words\n"
    (tmp_path / "chat.txt").write_text(chat, encoding="utf-8")
    assert [item.publication for item in items(tmp_path)[1:]] == [None, None]


def test_a_telegram_export_gives_messages_with_their_moment(tmp_path: Path) -> None:
    export = {
        "name": "Road watch",
        "type": "public_channel",
        "messages": [
            {"id": 1, "type": "service", "text": "", "date": "2020-11-16T09:00:00"},
            {"id": 7, "type": "message", "from_id": "c1", "date_unixtime": "1605504600", "date": "2020-11-16T09:30:00",
             "text": ["The ", {"type": "bold", "text": "road"}, " is open"]},
        ],
    }  # fmt: skip
    (tmp_path / "result.json").write_text(json.dumps(export), encoding="utf-8")
    _, row = items(tmp_path)
    assert (row.file, row.text) == ("result.json#7", "The road is open")
    assert row.fields == {"publisher": "Road watch"}
    assert row.publication is not None
    assert row.publication.value == "2020-11-16T05:30:00Z"


def test_an_archive_gives_its_members_and_the_manifest_may_name_them(tmp_path: Path) -> None:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep.txt", "Deep words, said the centre.")
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("مجلد/ملف.txt", TEXT)
        archive.writestr("in.zip", inner.getvalue())
        archive.writestr("__MACOSX/._x", "junk")
    lines = [{"file": "a.zip", "owner": "del:a"}, {"file": "a.zip/in.zip/deep.txt", "source": "src:x"}]
    (tmp_path / "manifest.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    found = {item.file: item for item in items(tmp_path) if item.state == "text"}
    assert sorted(found) == ["a.zip/in.zip/deep.txt", "a.zip/مجلد/ملف.txt"]
    assert found["a.zip/in.zip/deep.txt"].fields == {"owner": "del:a", "source": "src:x"}


def test_features_give_words_and_a_position(tmp_path: Path) -> None:
    feature = {
        "type": "Feature",
        "properties": {"text": TEXT, "published": "2020-11-16", "post": 7},
        "geometry": {"type": "Point", "coordinates": [46.55, 39.64]},
    }
    collection = {
        "type": "FeatureCollection",
        "features": [feature, {"type": "Feature", "properties": {}, "geometry": None}],
    }
    (tmp_path / "f.geojson").write_text(json.dumps(collection), encoding="utf-8")
    _, first, second = items(tmp_path)
    assert first.text == TEXT
    assert first.position is not None
    assert (first.position.lon_deg, first.position.lat_deg) == (46.55, 39.64)
    assert first.position.basis == "as claimed by the file"
    assert second.state == "kept"


def test_place_marks_and_way_points_are_items(tmp_path: Path) -> None:
    kml = (
        "<kml xmlns='http://www.opengis.net/kml/2.2'><Document><Placemark><name>Post 7</name>"
        f"<description>{TEXT}</description><Point><coordinates>46.55,39.64,0</coordinates></Point></Placemark></Document></kml>"
    )
    gpx = (
        "<gpx xmlns='http://www.topografix.com/GPX/1/1'><wpt lat='39.64' lon='46.55'><time>2020-11-16T05:30:00Z</time>"
        f"<desc>{TEXT} Again.</desc></wpt><trk><trkseg><trkpt lat='39.6' lon='46.5'/></trkseg></trk></gpx>"
    )
    (tmp_path / "a.kml").write_text(kml, encoding="utf-8")
    (tmp_path / "b.gpx").write_text(gpx, encoding="utf-8")
    found = {item.file: item for item in items(tmp_path) if item.state != "container"}
    assert found["a.kml#1"].text == TEXT
    assert found["a.kml#1"].fields == {"title": "Post 7"}
    assert found["b.gpx#1"].publication is not None
    assert found["b.gpx#2"].state == "kept"
    assert all(item.position is not None for item in found.values())


def exif_picture() -> bytes:
    """A picture's header with a place and the satellites' time, by the tags of EXIF."""

    def entry(tag: int, kind: int, count: int, value: bytes) -> bytes:
        return struct.pack("<HHI", tag, kind, count) + value.ljust(4, b"\0")

    gps_at, data_at = 26, 26 + 2 + 6 * 12 + 4
    lat = struct.pack("<6I", 39, 1, 38, 1, 24, 1)
    lon = struct.pack("<6I", 46, 1, 33, 1, 0, 1)
    clock = struct.pack("<6I", 5, 1, 30, 1, 0, 1)
    gps = struct.pack("<H", 6) + b"".join((
        entry(1, 2, 2, b"N\0"),
        entry(2, 5, 3, struct.pack("<I", data_at)),
        entry(3, 2, 2, b"E\0"),
        entry(4, 5, 3, struct.pack("<I", data_at + 24)),
        entry(7, 5, 3, struct.pack("<I", data_at + 48)),
        entry(0x1D, 2, 11, struct.pack("<I", data_at + 72)),
    )) + struct.pack("<I", 0)  # fmt: skip
    first = struct.pack("<H", 1) + entry(0x8825, 4, 1, struct.pack("<I", gps_at)) + struct.pack("<I", 0)
    tiff = b"II*\0" + struct.pack("<I", 8) + first + gps + lat + lon + clock + b"2020:11:16\0"
    return b"\xff\xd8\xff\xe1" + struct.pack(">H", len(tiff) + 8) + b"Exif\0\0" + tiff + b"\xff\xd9"


def test_a_picture_is_kept_with_place_and_time_as_it_claims(tmp_path: Path) -> None:
    (tmp_path / "p.jpg").write_bytes(exif_picture())
    (item,) = items(tmp_path)
    assert (item.state, item.media_type, item.text) == ("kept", "image/jpeg", None)
    assert item.position is not None
    assert (item.position.lon_deg, item.position.lat_deg) == (46.55, 39.64)
    assert item.position.basis == "as claimed by the file"
    assert item.valid_at is not None
    assert item.valid_at.start is not None
    assert item.valid_at.start.isoformat() == "2020-11-16T05:30:00+00:00"
    assert item.valid_at.basis == "as claimed by the file"


def pdf(words: str, *, tail: str = "") -> bytes:
    """The smallest PDF that says some words, or none."""
    stream = f"BT /F1 12 Tf 72 700 Td ({words}) Tj ET" if words else "0 0 m 99 99 l S"
    parts = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, offsets = "%PDF-1.4\n", []
    for number, part in enumerate(parts, start=1):
        offsets.append(len(out))
        out += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{offset:010} 00000 n \n" for offset in offsets)
    start = len(out)
    out += f"xref\n0 6\n0000000000 65535 f \n{table}trailer\n<< /Size 6 /Root 1 0 R {tail} >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode()


def test_a_pdf_gives_its_text_layer(tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(pdf(TEXT))
    assert [(file, text.strip()) for file, text in texts(tmp_path)] == [("d.pdf", TEXT)]


def test_a_scan_is_set_aside_and_kept(tmp_path: Path) -> None:
    (tmp_path / "d.pdf").write_bytes(pdf(""))
    (item,) = items(tmp_path)
    assert item.state == "needs reading"
    assert item.problem is not None
    assert item.problem.code == "input.needs_reading"
    assert item.data
