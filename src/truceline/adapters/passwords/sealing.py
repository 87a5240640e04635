"""What only the holder of a key reads: AES-256-GCM, and X25519 with HPKE (RFC 9180) to hand a key to somebody else."""

from __future__ import annotations

import hmac
import secrets
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from hashlib import sha256

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hpke
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from truceline.core.errors import IntegrityError

TOKEN_BYTES = 32
"""256 bits from the system's own source."""
_BLOCK = 256
_NONCE_BYTES = 12
_LENGTH_BYTES = 4
_INFO = b"truceline/workspace/1"
_SUITE = hpke.Suite(hpke.KEM.X25519, hpke.KDF.HKDF_SHA256, hpke.AEAD.CHACHA20_POLY1305)


@dataclass(frozen=True, slots=True)
class Keypair:
    """A pair of X25519 keys, 32 bytes each."""

    private: bytes
    public: bytes


def draw(n_bytes: int) -> bytes:
    """Return bytes from the system's source of chance."""
    return secrets.token_bytes(n_bytes)


def token_text() -> str:
    """Return a new token of 256 bits as text for addresses and cookies."""
    return urlsafe_b64encode(draw(TOKEN_BYTES)).decode().rstrip("=")


def token_hash(token: str) -> str:
    """Return what is kept of a token; from 256 bits of chance nobody finds the way back, so no salt is needed."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def new_pair() -> Keypair:
    """Make a pair of keys."""
    private = X25519PrivateKey.generate()
    raw = private.private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    return Keypair(raw, private.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def public_of(private: bytes) -> bytes:
    """Return the public key that belongs to a private one."""
    return (
        X25519PrivateKey.from_private_bytes(private).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    )


def wrap_to(public: bytes, key: bytes, what: str) -> bytes:
    """Encrypt a key to the holder of another.

    Args:
        public: Their X25519 public key.
        key: The key that is handed over.
        what: What for; it opens for nothing else.

    Returns:
        What only they open.
    """
    return bytes(_SUITE.encrypt(key, X25519PublicKey.from_public_bytes(public), info=_INFO + what.encode()))


def open_wrapped(private: bytes, data: bytes, what: str) -> bytes:
    """Open what `wrap_to` made.

    Args:
        private: The X25519 private key.
        data: What was made.
        what: What for.

    Returns:
        The key.

    Raises:
        IntegrityError: It is somebody else's, for something else, or was changed.
    """
    try:
        return bytes(
            _SUITE.decrypt(data, X25519PrivateKey.from_private_bytes(private), info=_INFO + what.encode())
        )
    except (InvalidTag, ValueError) as error:
        raise IntegrityError(
            "workspace.wrap", "the key of the workspace does not open", where=what
        ) from error


def seal(key: bytes, text: bytes, what: str) -> bytes:
    """Encrypt a text under a key; its length is filled up, so that it tells little.

    Args:
        key: 32 bytes.
        text: The text.
        what: What it belongs to; it opens for nothing else.

    Returns:
        Nonce and what is encrypted.
    """
    nonce = draw(_NONCE_BYTES)
    filled = len(text).to_bytes(_LENGTH_BYTES, "big") + text
    filled += bytes(-len(filled) % _BLOCK)
    return nonce + AESGCM(key).encrypt(nonce, filled, what.encode())


def open_sealed(key: bytes, data: bytes, what: str) -> bytes:
    """Open what `seal` made.

    Args:
        key: 32 bytes.
        data: What was made.
        what: What it belongs to.

    Returns:
        The text.

    Raises:
        IntegrityError: The key is another one, it belongs to something else, or it was changed.
    """
    try:
        filled = AESGCM(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], what.encode())
    except (InvalidTag, ValueError) as error:
        raise IntegrityError("workspace.seal", "this does not open with this key", where=what) from error
    return filled[_LENGTH_BYTES : _LENGTH_BYTES + int.from_bytes(filled[:_LENGTH_BYTES], "big")]


def thing_id(key: bytes, what: str) -> str:
    """Return the name under which something is kept, so that the file does not say what it is about."""
    return hmac.digest(key, b"truceline/thing/1:" + what.encode(), "sha256").hex()
