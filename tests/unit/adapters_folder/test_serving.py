"""A served folder shows what is for people and nothing else, to this machine and nobody else."""

from __future__ import annotations

import re
import threading
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from truceline.adapters.folder import serve_folder, write_files
from truceline.app.front import front_page
from truceline.core.errors import InputError, UnavailableError


@pytest.fixture
def address(tmp_path: Path) -> str:
    (tmp_path / "board.html").write_text("<p>board", encoding="utf-8")
    (tmp_path / "report.en.pdf").write_bytes(b"%PDF")
    for name in (
        "store.db",
        "claims.jsonl",
        "obligations.json",
        "picture.geojson",
        "notes.html",
        "other.pdf",
    ):
        (tmp_path / name).write_bytes(b"secret")
    (tmp_path / "evidence" / "ab").mkdir(parents=True)
    (tmp_path / "evidence" / "ab" / "x.json").write_bytes(b"secret")
    found: list[str] = []
    ready = threading.Event()

    def told(place: str) -> None:
        found.append(place)
        ready.set()

    thread = threading.Thread(
        target=serve_folder, args=(tmp_path, "localhost:0", b"front", told), daemon=True
    )
    thread.start()
    assert ready.wait(10)
    return found[0]


def get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - the address is our own server's
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def test_pages_are_served_and_have_short_names(address: str) -> None:
    assert get(address) == (200, b"front")
    assert get(address + "board.html") == (200, b"<p>board")
    assert get(address + "board")[0] == 200
    assert get(address + "report.en.pdf") == (200, b"%PDF")


def test_the_front_page_links_to_what_is_served_and_to_nothing_else(address: str, tmp_path: Path) -> None:
    page = front_page(tmp_path).decode()
    assert re.findall('href="/([^"]+)"', page) == ["board.html", "report.en.pdf"]
    assert get(address)[0] == 200


@pytest.mark.parametrize(
    "path",
    [
        "store.db",
        "claims.jsonl",
        "obligations.json",
        "picture.geojson",
        "notes.html",
        "other.pdf",
        "evidence/ab/x.json",
        "..%2f..%2fetc/passwd",
        ".hidden.json",
        "evidence/",
        "%2e%2e/board.html",
    ],
)
def test_store_evidence_and_what_lies_outside_are_not_served(address: str, path: str) -> None:
    status, body = get(address + path)
    assert status == 404
    assert b"secret" not in body


@pytest.mark.parametrize("bind", ["0.0.0.0:8460", "192.0.2.1:80", "localhost", "localhost:many"])
def test_only_the_loopback_may_be_listened_on(tmp_path: Path, bind: str) -> None:
    with pytest.raises(InputError):
        serve_folder(tmp_path, bind, b"", lambda _: None)


def test_a_taken_address_is_said_to_be_taken(address: str, tmp_path: Path) -> None:
    port = address.rstrip("/").rpartition(":")[2]
    with pytest.raises(UnavailableError, match="cannot listen"):
        serve_folder(tmp_path, f"127.0.0.1:{port}", b"", lambda _: None)


def test_a_folder_that_cannot_be_written_to_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(InputError, match="cannot be written to"):
        write_files(tmp_path / "file", {"a.json": b"{}"})


def test_files_are_replaced_whole(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.json": b"1"})
    write_files(tmp_path, {"a.json": b"22"})
    assert [path.name for path in tmp_path.iterdir()] == ["a.json"]
    assert (tmp_path / "a.json").read_bytes() == b"22"
