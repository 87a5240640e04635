"""Keys as files: locked, private, never overwritten."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from truceline.adapters.keyring import new_key, read_key
from truceline.core.errors import InputError
from truceline.ledger.keys import parse_vkey

NAME = "truceline/m/live/A/duty-0417"


def test_a_key_comes_back_with_its_passphrase(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "a.key"
    vkey = new_key(path, NAME, b"open")
    assert path.stat().st_mode & 0o777 == 0o600
    signer = read_key(path, b"open").signer()
    assert signer.verifier == parse_vkey(vkey)
    assert not signer.is_derived
    assert b"open" not in path.read_bytes()


def test_two_keys_are_never_the_same(tmp_path: Path) -> None:
    assert new_key(tmp_path / "a", NAME, b"x") != new_key(tmp_path / "b", NAME, b"x")


def test_a_witness_key_cosigns_and_signs_nothing(tmp_path: Path) -> None:
    new_key(tmp_path / "w", NAME, b"x", is_witness=True)
    held = read_key(tmp_path / "w", b"x")
    assert held.cosigner().name == NAME
    with pytest.raises(InputError, match="signs no statements"):
        held.signer()
    new_key(tmp_path / "s", NAME, b"x")
    with pytest.raises(InputError, match="no witness's"):
        read_key(tmp_path / "s", b"x").cosigner()


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    vkey = new_key(tmp_path / "a", NAME, b"x")
    with pytest.raises(InputError, match="can not be written"):
        new_key(tmp_path / "a", NAME, b"y")
    assert read_key(tmp_path / "a", b"x").signer().verifier.vkey == vkey


def test_an_empty_passphrase_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="locks nothing"):
        new_key(tmp_path / "a", NAME, b"")
    assert not (tmp_path / "a").exists()


def test_what_does_not_open_is_told_in_one_line(tmp_path: Path) -> None:
    path = tmp_path / "a"
    new_key(path, NAME, b"x")
    with pytest.raises(InputError, match="does not open"):
        read_key(path, b"y")
    with pytest.raises(InputError, match="can not be read"):
        read_key(tmp_path / "none", b"x")
    path.chmod(0o644)
    with pytest.raises(InputError, match="others may read"):
        read_key(path, b"x")


@pytest.mark.parametrize("field", ["vkey", "salt", "nonce", "locked", "schema"])
def test_a_changed_file_is_refused(tmp_path: Path, field: str) -> None:
    path = tmp_path / "a"
    new_key(path, NAME, b"x")
    new_key(tmp_path / "b", NAME, b"x")
    value, other = json.loads(path.read_text()), json.loads((tmp_path / "b").read_text())
    value[field] = other[field] if field != "schema" else "key/9"
    path.write_text(json.dumps(value))
    with pytest.raises(InputError):
        read_key(path, b"x")


@pytest.mark.parametrize("text", ["", "[]", "{}", "no json", '{"schema":"key/1"}'])
def test_what_is_no_key_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "a"
    path.write_text(text)
    path.chmod(0o600)
    with pytest.raises(InputError, match="no file of a key"):
        read_key(path, b"x")
