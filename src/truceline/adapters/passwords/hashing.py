"""Hashes of passwords, and keys that follow from them: argon2id (RFC 9106)."""

from __future__ import annotations

import threading
import tomllib
from importlib import resources

from truceline.core.accounts import SignInRules, read_rules
from truceline.core.errors import MissingExtraError
from truceline.core.passwords import normal_password

_DATA = resources.files("truceline") / "data"
_KEY_BYTES = 32


def load_sign_in_rules() -> SignInRules:
    """Read the package's rules of signing in, with the parts of passwords that are refused."""
    words = (_DATA / "blocked_passwords.txt").read_text(encoding="utf-8").splitlines()
    return read_rules(
        tomllib.loads((_DATA / "sign_in.toml").read_text(encoding="utf-8")),
        [word.strip() for word in words if word.strip() and not word.startswith("#")],
    )


class Hashing:
    """Hashes passwords, a few at a time: each takes as much memory as the rules say.

    Args:
        rules: The rules of signing in.

    Raises:
        MissingExtraError: The part of the installation that hashes is not there.
    """

    def __init__(self, rules: SignInRules) -> None:
        try:
            import argon2  # noqa: PLC0415 - only where people sign in
        except ImportError as error:
            raise MissingExtraError(
                "extra.serve", "accounts need the extra 'serve'", todo='pip install "truceline[serve]"'
            ) from error
        self._argon2 = argon2
        self._rules = rules
        self._hasher = argon2.PasswordHasher(
            time_cost=rules.passes, memory_cost=rules.memory_kib, parallelism=rules.lanes, type=argon2.Type.ID
        )
        self._few = threading.BoundedSemaphore(rules.at_once)
        self._nobody = self._hasher.hash("nobody has this password")

    def hash(self, password: str) -> str:
        """Return the hash of a password with its own salt and cost, in the usual text form."""
        with self._few:
            return self._hasher.hash(normal_password(password))

    def fits(self, kept: str | None, password: str) -> bool:
        """Say whether a password fits; where nothing is kept it takes as long and does not.

        Args:
            kept: What `hash` gave, or None.
            password: The password.

        Returns:
            Whether it fits.
        """
        with self._few:
            try:
                self._hasher.verify(kept or self._nobody, normal_password(password))
            except (self._argon2.exceptions.VerificationError, self._argon2.exceptions.InvalidHashError):
                return False
        return kept is not None

    def is_old(self, kept: str) -> bool:
        """Say whether a hash was made at another cost than today's."""
        return bool(self._hasher.check_needs_rehash(kept))

    def key(self, password: str, salt: bytes) -> bytes:
        """Derive the key that locks what belongs to the password's owner.

        Args:
            password: The password.
            salt: 16 bytes of that account, other than its hash's.

        Returns:
            32 bytes.
        """
        with self._few:
            return bytes(
                self._argon2.low_level.hash_secret_raw(
                    normal_password(password).encode(), salt, time_cost=self._rules.passes,
                    memory_cost=self._rules.memory_kib, parallelism=self._rules.lanes, hash_len=_KEY_BYTES,
                    type=self._argon2.Type.ID,
                )
            )  # fmt: skip
