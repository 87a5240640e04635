"""One-time codes that follow from a secret and the time. Source: RFC 6238 over RFC 4226, with SHA-1 as every authenticator has it."""

from __future__ import annotations

import hmac
from base64 import b32encode

SECRET_BYTES = 20
"""Length of a secret: that of the hash, as RFC 4226 recommends."""


def code_at(secret: bytes, step: int, digits: int = 6) -> str:
    """Return the code of a step.

    Args:
        secret: The secret.
        step: Number of the step since 1970-01-01T00:00Z.
        digits: Length of the code.

    Returns:
        The code, with its leading zeros.
    """
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 0x0F
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**digits).zfill(digits)


def step_of(
    secret: bytes, code: str, now_s: int, *, step_s: int, digits: int, drift: int, after: int
) -> int | None:
    """Find the step whose code was given; every candidate is compared, so that the time taken tells nothing.

    Args:
        secret: The secret.
        code: What was typed; spaces do not count.
        now_s: Seconds since 1970-01-01T00:00Z.
        step_s: Length of a step in seconds.
        digits: Length of a code.
        drift: Steps that a clock may be off, both ways.
        after: The last step whose code was taken; that one and those before it are not taken again.

    Returns:
        The step, or None where the code is wrong, too old or was used.
    """
    typed = code.replace(" ", "").encode("utf-8", "replace")
    now = now_s // step_s
    found = None
    for step in range(now - drift, now + drift + 1):
        if hmac.compare_digest(code_at(secret, step, digits).encode(), typed) and step > after:
            found = step
    return found


def secret_text(secret: bytes) -> str:
    """Return a secret as people type it: base 32 in groups of four."""
    text = b32encode(secret).decode().rstrip("=")
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def secret_address(secret: bytes, issuer: str, number: str, *, step_s: int, digits: int) -> str:
    """Return the address that an authenticator reads from a picture."""
    text = b32encode(secret).decode().rstrip("=")
    asked = f"secret={text}&issuer={_escaped(issuer)}&algorithm=SHA1&digits={digits}&period={step_s}"
    return f"otpauth://totp/{_escaped(issuer)}:{_escaped(number)}?{asked}"


def _escaped(text: str) -> str:
    plain = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~"
    return "".join(chr(byte) if byte in plain else f"%{byte:02X}" for byte in text.encode())
