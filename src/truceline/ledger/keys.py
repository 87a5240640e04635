"""Signing keys: Ed25519 with a name, as signed notes want them. Source: RFC 8032; C2SP signed-note, tlog-cosignature.

Live keys are random and their randomness comes from the caller. The keys of ``demo`` and ``exercise`` follow from a
constant that stands here for everyone to read: these keys prove nothing, and a live record refuses them.
"""

from __future__ import annotations

import binascii
import hashlib
import re

from nacl.exceptions import BadSignatureError
from nacl.exceptions import ValueError as SodiumValueError
from nacl.signing import SigningKey, VerifyKey

from truceline.core.errors import ConflictError, InputError
from truceline.core.release import Realm

ED25519 = 0x01
"""Signature type byte of an Ed25519 note signature: logs and authors."""
COSIGNATURE = 0x04
"""Signature type byte of a timestamped Ed25519 cosignature: witnesses."""

MAX_TIME = 2**63 - 1
"""The latest second since 1970 that a cosignature can bear."""

SEED_SIZE = 32
WITNESS = "witness"
"""The part of a key's name that says whose it is: a witness's."""

DEMO_CONSTANT = "truceline: these keys prove nothing"

_KEY_SIZE = 32
_TIME_SIZE = 8
_ODD = re.compile(r"[\s+\x00-\x1f\ud800-\udfff]")


def decode_base64(text: str) -> bytes:
    """Read standard base64 and refuse every spelling but the one that encoding gives.

    Args:
        text: Base64 with padding.

    Returns:
        The bytes.

    Raises:
        InputError: Other characters, missing padding, or set bits that carry nothing.
    """
    try:
        data = binascii.a2b_base64(text, strict_mode=True)
    except (binascii.Error, ValueError) as error:
        raise InputError("note.base64", "this is no base64") from error
    if encode_base64(data) != text:
        raise InputError("note.base64", "this base64 is not the canonical one of its bytes")
    return data


def encode_base64(data: bytes) -> str:
    """Write standard base64 with padding."""
    return binascii.b2a_base64(data, newline=False).decode("ascii")


def check_key_name(name: str) -> str:
    """Return a key name, or say why it is none.

    Args:
        name: Non-empty, without Unicode spaces, control characters or ``+``.

    Returns:
        The name.

    Raises:
        InputError: The name breaks the rule.
    """
    if not name or _ODD.search(name):
        raise InputError(
            "note.key_name", f"{name!r} is no key name", todo="use a name without spaces and without +"
        )
    return name


def cosigned_message(text: bytes, at_s: int) -> bytes:
    """Return the bytes that a witness signs: header, time, and the checkpoint's text.

    Args:
        text: The checkpoint's text, its final newline included, no signature lines.
        at_s: When the witness signs, in seconds since 1970, 0 to `MAX_TIME`.

    Returns:
        The message of C2SP tlog-cosignature, version 1.
    """
    return b"cosignature/v1\ntime %d\n%b" % (at_s, text)


def cosigned_at(signature: bytes) -> int:
    """Return the time that a cosignature bears, in seconds since 1970.

    Args:
        signature: Eight bytes of time, big end first, then 64 of Ed25519.

    Returns:
        The seconds.
    """
    return int.from_bytes(signature[:_TIME_SIZE], "big")


class Verifier:
    """A public key with its name and what its signatures are.

    Args:
        name: Key name; a log's is its origin line.
        public_key: 32 bytes.
        kind: `ED25519` for logs and authors, `COSIGNATURE` for witnesses.

    Attributes:
        name: Key name.
        public_key: 32 bytes.
        kind: The signature type byte.
        key_id: The first four bytes of the SHA-256 over name, newline, type byte and public key.
        vkey: The key as one line of text: name, key id in hex, type byte and key in base64, joined by ``+``.
    """

    __slots__ = ("_key", "key_id", "kind", "name", "public_key", "vkey")

    def __init__(self, name: str, public_key: bytes, kind: int = ED25519) -> None:
        self.name = check_key_name(name)
        self.kind = kind
        if len(public_key) != _KEY_SIZE:
            raise InputError("note.key", f"an Ed25519 public key has {_KEY_SIZE} bytes", where=name)
        self.public_key = public_key
        self._key = VerifyKey(public_key)
        typed = bytes([kind]) + public_key
        self.key_id = hashlib.sha256(name.encode("utf-8") + b"\n" + typed).digest()[:4]
        self.vkey = f"{name}+{self.key_id.hex()}+{encode_base64(typed)}"

    def is_signed(self, message: bytes, signature: bytes) -> bool:
        """Say whether this key made a signature over a note's text.

        Args:
            message: The text in UTF-8.
            signature: 64 bytes; a witness's has eight bytes of time before them.

        Returns:
            True where it did; False for any other bytes.
        """
        if self.kind == COSIGNATURE:
            at_s = cosigned_at(signature)
            if len(signature) <= _TIME_SIZE or at_s > MAX_TIME:
                return False
            message, signature = cosigned_message(message, at_s), signature[_TIME_SIZE:]
        try:
            self._key.verify(message, signature)
        except (BadSignatureError, SodiumValueError):  # the other: it has not 64 bytes
            return False
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Verifier) and self.vkey == other.vkey

    def __hash__(self) -> int:
        return hash(self.vkey)

    def __repr__(self) -> str:
        return f"Verifier({self.vkey!r})"


def parse_vkey(text: str) -> Verifier:
    """Read a verifier key string.

    Args:
        text: ``<name>+<hex key id>+<base64 of type byte and key>``.

    Returns:
        The key.

    Raises:
        InputError: The text has another shape, another key type, or an id that is not the key's.
    """
    name, _, rest = text.partition("+")
    _, _, encoded = rest.partition("+")
    typed = decode_base64(encoded) if encoded else b""
    if len(typed) != _KEY_SIZE + 1 or typed[0] not in {ED25519, COSIGNATURE}:
        raise InputError("note.vkey", "this is no Ed25519 verifier key", where=text[:80])
    key = Verifier(name, typed[1:], typed[0])
    if key.vkey != text:
        raise InputError("note.vkey", "the key id is not the one of this name and key", where=text[:80])
    return key


class Signer:
    """A private key with its name.

    Args:
        name: Key name; a log's is its origin line.
        seed: 32 random bytes, from the caller.
        is_derived: Whether anyone can work the seed out (demo and exercise).

    Attributes:
        name: Key name.
        is_derived: Whether anyone can work the seed out.
        verifier: The public half.
    """

    __slots__ = ("_key", "is_derived", "name", "verifier")

    def __init__(self, name: str, seed: bytes, *, is_derived: bool = False) -> None:
        if len(seed) != SEED_SIZE:
            raise InputError("note.key", f"a seed has {SEED_SIZE} bytes", where=name)
        self._key = SigningKey(seed)
        self.verifier = Verifier(name, bytes(self._key.verify_key))
        self.name = name
        self.is_derived = is_derived

    def sign(self, message: bytes) -> bytes:
        """Return the 64-byte Ed25519 signature over a message."""
        return self._key.sign(message).signature

    def __repr__(self) -> str:
        return f"Signer({self.name!r})"


class Cosigner:
    """A witness's private key with its name.

    Args:
        name: Key name.
        seed: 32 random bytes, from the caller; no log and no author may have the same.
        is_derived: Whether anyone can work the seed out (demo and exercise).

    Attributes:
        name: Key name.
        is_derived: Whether anyone can work the seed out.
        verifier: The public half.
    """

    __slots__ = ("_signer", "is_derived", "name", "verifier")

    def __init__(self, name: str, seed: bytes, *, is_derived: bool = False) -> None:
        self._signer = Signer(name, seed)
        self.verifier = Verifier(name, self._signer.verifier.public_key, COSIGNATURE)
        self.name = name
        self.is_derived = is_derived

    def cosign(self, text: bytes, at_s: int) -> bytes:
        """Return the 72-byte cosignature of a checkpoint.

        Args:
            text: The checkpoint's text.
            at_s: Now, in seconds since 1970.

        Returns:
            Eight bytes of time and the signature.

        Raises:
            InputError: The time lies before 1970 or beyond `MAX_TIME`.
        """
        if not 0 <= at_s <= MAX_TIME:
            raise InputError("note.time", f"{at_s} is no time that a cosignature can bear", where=self.name)
        return at_s.to_bytes(_TIME_SIZE, "big") + self._signer.sign(cosigned_message(text, at_s))

    def __repr__(self) -> str:
        return f"Cosigner({self.name!r})"


def origin_of(mission: str, realm: Realm) -> str:
    """Return the origin line of a mission's record in one realm: ``truceline/<mission>/<realm>``."""
    return check_key_name(f"truceline/{mission}/{realm.value}")


def key_name(mission: str, realm: Realm, name: str = "") -> str:
    """Return the name of a key of a mission's record: its origin, and behind it who signs.

    Args:
        mission: The mission's id.
        realm: The record's realm.
        name: ``<owner>/<duty number or office>`` for an author, ``witness/<name>`` for a witness, empty for the log.

    Returns:
        The key name.
    """
    origin = origin_of(mission, realm)
    return check_key_name(f"{origin}/{name}") if name else origin


def realm_of(origin: str) -> Realm:
    """Return the realm that an origin line holds, its last part."""
    return Realm(origin.rpartition("/")[2])


def mission_of(origin: str) -> str:
    """Return the mission that an origin line holds, between the program's name and the realm."""
    return origin.partition("/")[2].rpartition("/")[0]


def derive_demo_seed(realm: Realm, mission: str, name: str = "") -> bytes:
    """Return the seed of a demo or exercise key: it follows from a published constant and proves nothing.

    Args:
        realm: ``demo`` or ``exercise``.
        mission: The mission's id.
        name: Whose key it is, for example ``A/head`` or ``witness/A``; empty for the log's.

    Returns:
        32 bytes.

    Raises:
        ConflictError: The realm is ``live``.
    """
    if realm is Realm.LIVE:
        raise ConflictError(
            "key.derived",
            "a live record takes no derived key",
            where=mission,
            todo="make one with truceline key new",
        )
    tail = f"{name}\n" if name else ""
    return hashlib.sha256(f"{DEMO_CONSTANT}\n{realm.value}\n{mission}\n{tail}".encode()).digest()


def derive_demo_key(realm: Realm, mission: str, name: str = "") -> Signer:
    """Return the log's or an author's key of a demo or exercise record.

    Args:
        realm: ``demo`` or ``exercise``.
        mission: The mission's id.
        name: As for `derive_demo_seed`.

    Returns:
        The key, named as the record's origin, an author's with its own name behind that.

    Raises:
        ConflictError: The realm is ``live``.
    """
    seed = derive_demo_seed(realm, mission, name)
    return Signer(key_name(mission, realm, name), seed, is_derived=True)


def derive_demo_cosigner(realm: Realm, mission: str, name: str) -> Cosigner:
    """Return a witness's key of a demo or exercise record.

    Args:
        realm: ``demo`` or ``exercise``.
        mission: The mission's id.
        name: The witness's name in the policy.

    Returns:
        The key.

    Raises:
        ConflictError: The realm is ``live``.
    """
    seed = derive_demo_seed(realm, mission, f"{WITNESS}/{name}")
    return Cosigner(key_name(mission, realm, f"{WITNESS}/{name}"), seed, is_derived=True)


def refuse_published_key(signer: Signer, mission: str) -> None:
    """Stop where a live record is given a key that anyone can derive, by whatever name it comes.

    Args:
        signer: The key offered.
        mission: The mission's id.

    Raises:
        ConflictError: The key says that it is derived, or is one of the mission's published ones.
    """
    published = {
        derive_demo_key(realm, mission).verifier.public_key for realm in (Realm.DEMO, Realm.EXERCISE)
    }
    if signer.is_derived or signer.verifier.public_key in published:
        raise ConflictError(
            "key.derived",
            "anyone can work this key out",
            where=signer.name,
            todo="make one with truceline key new",
        )
