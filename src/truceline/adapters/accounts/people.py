"""Accounts, what they sign in with, and links to set them up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from truceline.adapters.accounts.database import AccessDatabase, stamp
from truceline.core.accounts import Account
from truceline.core.errors import ConflictError, InputError

_ACCOUNT = """
SELECT number, role, side, language, password IS NOT NULL AND (code IS NOT NULL OR EXISTS (SELECT 1 FROM passkeys k WHERE k.number = p.number)),
       is_disabled, code IS NOT NULL, (SELECT count(*) FROM passkeys k WHERE k.number = p.number) FROM people p
"""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What an account signs in with.

    Args:
        password: Hash of the password in the usual text form; None where none was chosen.
        salt: From which, with the password, the account's own key follows.
        code: Secret of the one-time codes, encrypted to the account's key; None without.
        code_step: The last step whose code was taken.
        public: The account's public key, for wraps of its delegation's key.
        private: The private one, encrypted to the account's key.
    """

    password: str | None
    salt: bytes | None
    code: bytes | None
    code_step: int
    public: bytes | None
    private: bytes | None


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey: its id, the public key, and how often it signed as far as it counts."""

    id: bytes
    public: bytes
    n_signed: int


class PeopleStore:
    """Keeps accounts.

    Args:
        database: The open file.
    """

    def __init__(self, database: AccessDatabase) -> None:
        self._database = database

    def add(self, account: Account, at: datetime) -> None:
        """Add an account.

        Args:
            account: The account; nothing of it is set up.
            at: The time.

        Raises:
            ConflictError: The number is taken.
        """
        done = self._database.do(
            "INSERT OR IGNORE INTO people (number, role, side, language, made_at) VALUES (?, ?, ?, ?, ?)",
            account.number, account.role, account.side, account.language, stamp(at),
        )  # fmt: skip
        if not done:
            raise ConflictError("account.there", "this number has an account", where=account.number)

    def find(self, number: str) -> Account | None:
        """Return an account, or None."""
        row = self._database.one(f"{_ACCOUNT} WHERE number = ?", number)
        return None if row is None else _account(row)

    def get(self, number: str) -> Account:
        """Return an account.

        Args:
            number: The duty number.

        Returns:
            The account.

        Raises:
            InputError: There is none.
        """
        found = self.find(number)
        if found is None:
            raise InputError("account.none", "there is no account of this number", where=number[:20])
        return found

    def everybody(self) -> list[Account]:
        """Return every account by its number."""
        return [_account(row) for row in self._database.all(f"{_ACCOUNT} ORDER BY number")]

    def of_side(self, side: str) -> list[Account]:
        """Return the accounts of a side."""
        return [
            _account(row) for row in self._database.all(f"{_ACCOUNT} WHERE side = ? ORDER BY number", side)
        ]

    def credentials(self, number: str) -> Credentials | None:
        """Return what a number signs in with; None where there is no such account."""
        row = self._database.one(
            "SELECT password, salt, code, code_step, public, private FROM people WHERE number = ?", number
        )
        return None if row is None else Credentials(*row)

    def set_password(self, number: str, password: str, salt: bytes, private: bytes, public: bytes) -> None:
        """Keep a new password's hash, and the account's key pair locked by it."""
        self._database.do(
            "UPDATE people SET password = ?, salt = ?, private = ?, public = ? WHERE number = ?",
            password, salt, private, public, number,
        )  # fmt: skip

    def set_code(self, number: str, code: bytes | None, step: int) -> None:
        """Keep the secret of one-time codes, encrypted, and the last step that was used; None takes it away."""
        self._database.do("UPDATE people SET code = ?, code_step = ? WHERE number = ?", code, step, number)

    def use_step(self, number: str, step: int) -> bool:
        """Use up a step; False where it, or a later one, was used."""
        return bool(
            self._database.do(
                "UPDATE people SET code_step = ? WHERE number = ? AND code_step < ?", step, number, step
            )
        )

    def set_language(self, number: str, language: str) -> None:
        """Keep the language of the interface; empty leaves it to the browser."""
        self._database.do("UPDATE people SET language = ? WHERE number = ?", language, number)

    def set_disabled(self, number: str, *, is_disabled: bool) -> None:
        """Shut an account or open it again."""
        self._database.do("UPDATE people SET is_disabled = ? WHERE number = ?", int(is_disabled), number)

    def forget_credentials(self, number: str) -> None:
        """Take away all that an account signs in with, and with it its wrap of the delegation's key."""
        with self._database.writing():
            self._database.do(
                "UPDATE people SET password = NULL, salt = NULL, code = NULL, code_step = 0, public = NULL, private = NULL "
                "WHERE number = ?",
                number,
            )
            for table in ("passkeys", "links", "sessions", "tokens", "grants"):
                self._database.do(f"DELETE FROM {table} WHERE number = ?", number)  # noqa: S608 - names of ours

    def add_passkey(self, number: str, passkey: Passkey, at: datetime) -> None:
        """Add a passkey.

        Args:
            number: Whose it is.
            passkey: The passkey.
            at: The time.

        Raises:
            ConflictError: It is another's already.
        """
        done = self._database.do(
            "INSERT OR IGNORE INTO passkeys VALUES (?, ?, ?, ?, ?)",
            passkey.id, number, passkey.public, passkey.n_signed, stamp(at),
        )  # fmt: skip
        if not done:
            raise ConflictError("passkey.there", "this passkey is in use already")

    def passkeys(self, number: str) -> list[Passkey]:
        """Return the passkeys of a number, the oldest first."""
        rows = self._database.all(
            "SELECT id, public, n_signed FROM passkeys WHERE number = ? ORDER BY made_at, id", number
        )
        return [Passkey(*row) for row in rows]

    def count_signed(self, passkey: bytes, n_signed: int) -> None:
        """Keep how often a passkey signed."""
        self._database.do("UPDATE passkeys SET n_signed = ? WHERE id = ?", n_signed, passkey)

    def drop_passkey(self, number: str, passkey: bytes) -> None:
        """Take a passkey away."""
        self._database.do("DELETE FROM passkeys WHERE id = ? AND number = ?", passkey, number)

    def put_link(self, hash_: str, number: str, until: datetime) -> None:
        """Keep the hash of a set-up link; an older one of the number works no longer."""
        with self._database.writing():
            self._database.do("DELETE FROM links WHERE number = ?", number)
            self._database.do("INSERT INTO links VALUES (?, ?, ?)", hash_, number, stamp(until))

    def link(self, hash_: str, at: datetime) -> str | None:
        """Return whose link it is; None where it is unknown, used or too old."""
        row = self._database.one("SELECT number FROM links WHERE hash = ? AND until > ?", hash_, stamp(at))
        return None if row is None else str(row[0])

    def use_link(self, hash_: str) -> bool:
        """Use a link up; False where somebody was faster."""
        return bool(self._database.do("DELETE FROM links WHERE hash = ?", hash_))


def _account(row: tuple[object, ...]) -> Account:
    number, role, side, language, is_ready, is_disabled, has_code, n_passkeys = row
    return Account(
        str(number), str(role), str(side), str(language), bool(is_ready), bool(is_disabled), bool(has_code),
        int(str(n_passkeys)),
    )  # fmt: skip
