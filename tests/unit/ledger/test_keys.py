"""What counts as a signature, where lax libraries differ: all who check a record must say the same."""

from __future__ import annotations

import pytest

from truceline.ledger.keys import Signer, Verifier

_ORDER = 2**252 + 27742317777372353535851937790883648493
IDENTITY = (1).to_bytes(32, "little")
SIGNER = Signer("example.org/keys", b"s" * 32)


@pytest.mark.parametrize("message", [b"", b"one", b"another"])
def test_a_key_of_small_order_signs_nothing(message: bytes) -> None:
    # by the bare equation this one signature would fit every message
    key = Verifier("example.org/identity", IDENTITY)
    assert not key.is_signed(message, IDENTITY + bytes(32))


def test_a_signature_has_one_spelling() -> None:
    made = SIGNER.sign(b"text")
    assert SIGNER.verifier.is_signed(b"text", made)
    other = made[:32] + (int.from_bytes(made[32:], "little") + _ORDER).to_bytes(32, "little")
    assert not SIGNER.verifier.is_signed(b"text", other)


@pytest.mark.parametrize("cut", [0, 1, 32, 63, 65])
def test_a_signature_of_another_length_is_none(cut: int) -> None:
    assert not SIGNER.verifier.is_signed(b"text", (SIGNER.sign(b"text") + b"\0")[:cut])
