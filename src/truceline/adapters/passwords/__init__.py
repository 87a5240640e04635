"""Keeps secrets of people: hashes of passwords, keys that follow from them, and what is encrypted to these. Touches: chance."""

from truceline.adapters.passwords.hashing import Hashing, load_sign_in_rules
from truceline.adapters.passwords.sealing import (
    Keypair,
    draw,
    new_pair,
    open_sealed,
    open_wrapped,
    public_of,
    seal,
    thing_id,
    token_hash,
    token_text,
    wrap_to,
)

__all__ = [
    "Hashing",
    "Keypair",
    "draw",
    "load_sign_in_rules",
    "new_pair",
    "open_sealed",
    "open_wrapped",
    "public_of",
    "seal",
    "thing_id",
    "token_hash",
    "token_text",
    "wrap_to",
]
