"""Where a store is: a file in two spellings, a database of a server, and never a password in sight."""

from __future__ import annotations

from pathlib import Path

import pytest

from truceline.core.addresses import parse_store
from truceline.core.errors import InputError


@pytest.mark.parametrize("text", ["out/m/store.db", "sqlite:///out/m/store.db"])
def test_a_file_is_named_by_its_path_or_as_an_address(text: str) -> None:
    address = parse_store(text)
    assert address.file == Path("out/m/store.db")
    assert address.evidence == Path("out/m/evidence")
    assert address.folder == Path("out/m")
    assert str(address) == "out/m/store.db"


def test_an_absolute_path_keeps_its_slash() -> None:
    assert parse_store("sqlite:////srv/store.db").file == Path("/srv/store.db")


def test_the_evidence_of_a_server_lies_where_it_is_said_to_lie() -> None:
    address = parse_store("postgresql://centre@db/truceline")
    assert address.file is None
    assert address.folder is None
    assert address.beside(Path("out/m")).evidence == Path("out/m/evidence")
    named = parse_store("postgres://centre@db/truceline", Path("/srv/evidence"))
    assert named.beside(Path("out/m")).evidence == Path("/srv/evidence")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://centre:s3cr3t@db:5432/t", "postgresql://centre:…@db:5432/t"),
        ("postgresql://centre@db/t?password=s3cr3t&host=x", "postgresql://centre@db/t?password=…&host=x"),
        ("postgresql://db/t", "postgresql://db/t"),
        ("postgresql://centre:a:b/c@db/t?sslmode=require", "postgresql://centre:…@db/t?sslmode=require"),
    ],
)
def test_no_password_is_shown(text: str, shown: str) -> None:
    assert str(parse_store(text)) == shown


@pytest.mark.parametrize("text", ["", "mysql://db/t", "sqlite:///", "http://db"])
def test_another_kind_of_store_is_refused(text: str) -> None:
    with pytest.raises(InputError, match="kind of store"):
        parse_store(text)
