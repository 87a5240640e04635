"""One key, one file: mode 0600, its seed locked by a passphrase (scrypt, ChaCha20-Poly1305), never overwritten."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from truceline.core.errors import InputError
from truceline.ledger.keys import (
    COSIGNATURE,
    SEED_SIZE,
    Cosigner,
    Signer,
    decode_base64,
    encode_base64,
    parse_vkey,
)

SCHEMA = "key/1"
_N, _R, _P = 1 << 16, 8, 1
_SALT_SIZE, _NONCE_SIZE = 16, 12
_FIELDS = {"schema", "vkey", "salt", "nonce", "locked"}


@dataclass(frozen=True, slots=True)
class HeldKey:
    """A key that was read from its file.

    Args:
        name: The key's name.
        kind: Its signature type: a log's or author's, or a witness's.
        seed: 32 bytes.
    """

    name: str
    kind: int
    seed: bytes

    def signer(self) -> Signer:
        """Return it as a log's or an author's key.

        Returns:
            The key.

        Raises:
            InputError: It is a witness's.
        """
        if self.kind == COSIGNATURE:
            raise InputError("key.kind", "a witness's key signs no statements", where=self.name)
        return Signer(self.name, self.seed)

    def cosigner(self) -> Cosigner:
        """Return it as a witness's key.

        Returns:
            The key.

        Raises:
            InputError: It is an author's or a log's.
        """
        if self.kind != COSIGNATURE:
            raise InputError("key.kind", "this key is no witness's", where=self.name)
        return Cosigner(self.name, self.seed)


def _lock(passphrase: bytes, salt: bytes) -> ChaCha20Poly1305:
    return ChaCha20Poly1305(Scrypt(salt=salt, length=32, n=_N, r=_R, p=_P).derive(passphrase))


def new_key(path: Path, name: str, passphrase: bytes, *, is_witness: bool = False) -> str:
    """Make a random key and write its file.

    Args:
        path: Where to; there must be nothing yet.
        name: The key's name.
        passphrase: What locks it.
        is_witness: Whether it cosigns checkpoints rather than signs statements.

    Returns:
        The verifier key string: what others are given.

    Raises:
        InputError: The file is there already or can not be written, or the passphrase is empty.
    """
    if not passphrase:
        raise InputError("key.passphrase", "an empty passphrase locks nothing", where=str(path))
    seed, salt, nonce = os.urandom(SEED_SIZE), os.urandom(_SALT_SIZE), os.urandom(_NONCE_SIZE)
    key = Cosigner(name, seed) if is_witness else Signer(name, seed)
    vkey = key.verifier.vkey
    locked = _lock(passphrase, salt).encrypt(nonce, seed, vkey.encode())
    data = {
        "schema": SCHEMA,
        "vkey": vkey,
        "salt": encode_base64(salt),
        "nonce": encode_base64(nonce),
        "locked": encode_base64(locked),
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise InputError(
            "key.file",
            f"the key can not be written: {error.strerror}",
            where=str(path),
            todo="name a new file",
        ) from error
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(json.dumps(data, indent=1) + "\n")
        file.flush()
        os.fsync(file.fileno())
    return vkey


def _fields(text: str) -> dict[str, str]:
    value = json.loads(text)
    if not isinstance(value, dict) or set(value) != _FIELDS or value["schema"] != SCHEMA:
        raise ValueError
    return value


def read_key(path: Path, passphrase: bytes) -> HeldKey:
    """Read a key's file.

    Args:
        path: The file.
        passphrase: What locks it.

    Returns:
        The key.

    Raises:
        InputError: It is no key's file, others may read it, or the passphrase is another.
    """
    try:
        mode = path.stat().st_mode & 0o077
        value = _fields(path.read_text(encoding="utf-8"))
        key = parse_vkey(value["vkey"])
        salt, nonce, locked = (decode_base64(value[name]) for name in ("salt", "nonce", "locked"))
    except OSError as error:
        raise InputError("key.file", f"the key can not be read: {error.strerror}", where=str(path)) from error
    except (ValueError, TypeError, AttributeError) as error:
        raise InputError("key.file", "this is no file of a key", where=str(path)) from error
    if mode:
        raise InputError("key.mode", "others may read this file", where=str(path), todo="chmod 600 it")
    try:
        seed = _lock(passphrase, salt).decrypt(nonce, locked, value["vkey"].encode())
    except (InvalidTag, ValueError) as error:
        raise InputError(
            "key.passphrase", "the passphrase does not open it, or the file was changed", where=str(path)
        ) from error
    held = HeldKey(key.name, key.kind, seed)
    made = held.cosigner().verifier if key.kind == COSIGNATURE else held.signer().verifier
    if made != key:
        raise InputError("key.file", "the file names another key than it holds", where=str(path))
    return held
