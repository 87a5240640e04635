"""The escrow of a seal: its opening, encrypted to whom the procedure names. Source: RFC 9180 (HPKE), base mode.

A side that seals encrypts its opening to the escrow, so that it cannot hinder the round by keeping silent. Nobody but
the escrow reads it, and the length of what is encrypted says nothing. That what was encrypted is what was sealed shows
only when the escrow opens it.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes, hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from truceline.core.errors import InputError, IntegrityError

BLOCK = 8192
"""What is encrypted is filled up to a multiple of this many bytes."""
_INFO = b"truceline/escrow/1"
_LENGTH_BYTES = 4
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


def escrow_key(seed: bytes) -> str:
    """Return the public escrow key that belongs to the holder of a seed.

    Args:
        seed: 32 bytes, of any key of the holder: the escrow's key is derived from it and tells nothing about it.

    Returns:
        X25519 public key, hex.
    """
    return _private(seed).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def _private(seed: bytes) -> X25519PrivateKey:
    derived = HKDF(hashes.SHA256(), 32, salt=None, info=_INFO).derive(seed)
    return X25519PrivateKey.from_private_bytes(derived)


def encrypt_to(key: str, text: bytes, what: str) -> bytes:
    """Encrypt an opening.

    Args:
        key: The escrow's public key, hex.
        text: The opening.
        what: Which round and side it belongs to; it decrypts for nothing else.

    Returns:
        What only the escrow reads; its length is a multiple of `BLOCK` and a constant.

    Raises:
        InputError: The key is none.
    """
    filled = len(text).to_bytes(_LENGTH_BYTES, "big") + text
    filled += bytes(-len(filled) % BLOCK)
    try:
        public = X25519PublicKey.from_public_bytes(bytes.fromhex(key))
    except ValueError as error:
        raise InputError("escrow.key", "the record names no key of an escrow that can be used") from error
    return bytes(_SUITE.encrypt(filled, public, info=_INFO + what.encode()))


def decrypt_with(seed: bytes, data: bytes, what: str) -> bytes:
    """Decrypt an opening.

    Args:
        seed: The seed of the escrow's holder.
        data: As `encrypt_to` gave it.
        what: Which round and side.

    Returns:
        The opening.

    Raises:
        IntegrityError: It was encrypted to somebody else, for another round, was changed, or was made wrongly.
    """
    try:
        filled = bytes(_SUITE.decrypt(data, _private(seed), info=_INFO + what.encode()))
    except (InvalidTag, ValueError) as error:
        raise IntegrityError(
            "escrow.other",
            "this seal does not open with this key: it is another's, or was made wrongly",
            where=what,
        ) from error
    # Who filled it up is the side that sealed: a length that is not there is theirs to answer for, not ours to guess.
    length = int.from_bytes(filled[:_LENGTH_BYTES], "big")
    if length > len(filled) - _LENGTH_BYTES:
        raise IntegrityError("escrow.length", "it was filled up wrongly by whoever sealed it", where=what)
    return filled[_LENGTH_BYTES : _LENGTH_BYTES + length]
