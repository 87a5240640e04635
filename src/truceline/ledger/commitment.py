"""Salted commitments: a value is bound now and shown later, or never. Source: RFC 9901 (SD-JWT), sections 4.2.1 to 4.2.3.

What stands in the record is a digest. Who holds the disclosure can show the value; who destroys the salt has destroyed
the way back, and every proof over the digest still holds.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from truceline.core.errors import InputError, IntegrityError
from truceline.ledger.canonical import canonical_bytes

SALT_SIZE = 16
"""Bytes of chance in a salt: 128 bits, as the standard asks."""

_N_PARTS = 3


@dataclass(frozen=True, slots=True)
class Disclosure:
    """What opens one digest.

    Args:
        salt: base64url of at least `SALT_SIZE` random bytes.
        name: The field's name.
        value: What a payload may hold: no floats.
    """

    salt: str
    name: str
    value: Any

    def encode(self) -> str:
        """Return the disclosure as it is handed over: base64url of the JSON array of salt, name and value."""
        return _base64url(canonical_bytes([self.salt, self.name, self.value]))

    def digest(self) -> str:
        """Return what stands in the record: base64url of the SHA-256 over the encoded disclosure."""
        return _base64url(hashlib.sha256(self.encode().encode("ascii")).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")


def commit(fields: Mapping[str, Any], chance: Callable[[int], bytes]) -> tuple[Disclosure, ...]:
    """Bind each field by itself, so that one can be shown without the others.

    Args:
        fields: Name -> value.
        chance: Gives that many random bytes; never the same twice.

    Returns:
        One disclosure a field, in the order of the names.

    Raises:
        InputError: A value has no canonical form.
    """
    return tuple(
        Disclosure(_base64url(chance(SALT_SIZE)), name, value) for name, value in sorted(fields.items())
    )


def digests_of(disclosures: Iterable[Disclosure]) -> list[str]:
    """Return the digests, sorted: their order tells nothing of the fields."""
    return sorted(disclosure.digest() for disclosure in disclosures)


def read_disclosure(text: str) -> Disclosure:
    """Read a disclosure.

    Args:
        text: base64url of a JSON array of salt, name and value.

    Returns:
        The disclosure.

    Raises:
        InputError: It has another form, or is not written as `Disclosure.encode` writes it.
    """
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
        parts = json.loads(data.decode("utf-8"))
    except (binascii.Error, ValueError, RecursionError) as error:
        raise InputError("seal.disclosure", "this is no disclosure") from error
    is_right = isinstance(parts, list) and len(parts) == _N_PARTS
    if not is_right or not isinstance(parts[0], str) or not isinstance(parts[1], str):
        raise InputError("seal.disclosure", "a disclosure is a salt, a name and a value")
    disclosure = Disclosure(parts[0], parts[1], parts[2])
    if disclosure.encode() != text:
        raise InputError("seal.disclosure", "the disclosure is not in canonical form", where=parts[1][:80])
    return disclosure


def open_commitments(digests: Iterable[str], disclosures: Iterable[Disclosure]) -> dict[str, Any]:
    """Hold disclosures against what was bound, and return the fields that they show.

    Args:
        digests: What stands in the record.
        disclosures: What is handed over: all fields or some.

    Returns:
        Name -> value.

    Raises:
        IntegrityError: A disclosure opens none of the digests, or a name comes twice.
    """
    bound = set(digests)
    shown: dict[str, Any] = {}
    for disclosure in disclosures:
        if disclosure.digest() not in bound:
            raise IntegrityError(
                "seal.other", f"'{disclosure.name}' is not what was sealed", where=disclosure.name
            )
        if disclosure.name in shown:
            raise IntegrityError("seal.twice", f"'{disclosure.name}' is shown twice", where=disclosure.name)
        shown[disclosure.name] = disclosure.value
    return shown
