"""What is encrypted to an escrow opens for the escrow alone, for its round alone, and its length tells nothing."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.adapters.keyring import decrypt_with, encrypt_to, escrow_key
from truceline.adapters.keyring.escrow import _INFO, _SUITE, BLOCK, _private
from truceline.core.errors import InputError, IntegrityError

SEED, OTHER = bytes(range(32)), bytes(range(1, 33))
KEY, WHAT = escrow_key(SEED), "determination_x:a"


@given(st.binary(max_size=3 * BLOCK))
@settings(max_examples=40)
def test_the_escrow_reads_what_was_encrypted(text: bytes) -> None:
    assert decrypt_with(SEED, encrypt_to(KEY, text, WHAT), WHAT) == text


@given(st.integers(0, BLOCK - 4), st.integers(0, BLOCK - 4))
@settings(max_examples=20)
def test_the_length_of_what_is_encrypted_tells_nothing(one: int, other: int) -> None:
    assert len(encrypt_to(KEY, b"a" * one, WHAT)) == len(encrypt_to(KEY, b"b" * other, WHAT))


@pytest.mark.parametrize("size", [0, BLOCK - 5, BLOCK - 4, BLOCK - 3, 2 * BLOCK - 4])
def test_a_text_that_fills_its_blocks_exactly_opens_too(size: int) -> None:
    data = encrypt_to(KEY, b"x" * size, WHAT)
    assert decrypt_with(SEED, data, WHAT) == b"x" * size
    assert (len(data) - 48) % 8192 == 0, "an encapsulated key of 32 bytes, a tag of 16, whole blocks between"


def test_a_filling_that_claims_one_byte_too_much_is_refused() -> None:
    lying = (BLOCK - 3).to_bytes(4, "big") + bytes(BLOCK - 4)
    data = bytes(_SUITE.encrypt(lying, _private(SEED).public_key(), info=_INFO + WHAT.encode()))
    with pytest.raises(IntegrityError, match="filled up wrongly"):
        decrypt_with(SEED, data, WHAT)


def test_the_same_text_is_never_encrypted_to_the_same_bytes() -> None:
    assert encrypt_to(KEY, b"yes", WHAT) != encrypt_to(KEY, b"yes", WHAT)


def test_nobody_else_reads_it_and_for_no_other_round_or_side() -> None:
    data = encrypt_to(KEY, b"yes", WHAT)
    for seed, what in ((OTHER, WHAT), (SEED, "determination_x:b"), (SEED, "determination_y:a")):
        with pytest.raises(IntegrityError, match="does not open with this key"):
            decrypt_with(seed, data, what)


@pytest.mark.parametrize("at", [0, 31, 32, 100, -1])
def test_a_turned_bit_is_noticed(at: int) -> None:
    data = bytearray(encrypt_to(KEY, b"yes", WHAT))
    data[at] ^= 1
    with pytest.raises(IntegrityError):
        decrypt_with(SEED, bytes(data), WHAT)


@pytest.mark.parametrize("size", [0, 1, 31, 32, 47])
def test_what_is_too_short_is_refused(size: int) -> None:
    with pytest.raises(IntegrityError):
        decrypt_with(SEED, encrypt_to(KEY, b"yes", WHAT)[:size], WHAT)


def test_a_filling_that_claims_more_than_is_there_is_refused() -> None:
    lying = (BLOCK * 9).to_bytes(4, "big") + bytes(BLOCK - 4)
    data = bytes(_SUITE.encrypt(lying, _private(SEED).public_key(), info=_INFO + WHAT.encode()))
    with pytest.raises(IntegrityError, match="filled up wrongly"):
        decrypt_with(SEED, data, WHAT)


@pytest.mark.parametrize("key", ["", "zz", "ab" * 31, "ab" * 33])
def test_what_is_no_key_of_an_escrow_is_refused(key: str) -> None:
    with pytest.raises(InputError, match="no key of an escrow"):
        encrypt_to(key, b"yes", WHAT)
