"""Encrypted notes of delegations, and the wraps of their keys. Nothing here can be read without an officer's password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from truceline.adapters.accounts.database import AccessDatabase, stamp
from truceline.core.errors import ConflictError


@dataclass(frozen=True, slots=True)
class Grant:
    """A delegation's key, wrapped for one officer.

    Args:
        key: Id of the delegation's key.
        wrapped: What the officer's private key opens.
        given_by: Who wrapped it, by number.
    """

    key: str
    wrapped: bytes
    given_by: str


@dataclass(frozen=True, slots=True)
class KeptNote:
    """A note as it is kept.

    Args:
        key: Id of the key that it is encrypted to.
        version: 1 for the first, and one more with each change.
        value: What only that key opens.
    """

    key: str
    version: int
    value: bytes


class NoteStore:
    """Keeps notes and wraps.

    Args:
        database: The open file.
    """

    def __init__(self, database: AccessDatabase) -> None:
        self._database = database

    def newest_key(self, side: str) -> str | None:
        """Return the id of a delegation's newest key that somebody still opens; None where nobody opens any."""
        row = self._database.one(
            "SELECT id FROM side_keys k WHERE side = ? AND EXISTS (SELECT 1 FROM grants g WHERE g.key = k.id) "
            "ORDER BY made_at DESC, rowid DESC LIMIT 1",
            side,
        )
        return None if row is None else str(row[0])

    def add_key(self, key: str, side: str, at: datetime) -> None:
        """Keep the id of a delegation's new key."""
        self._database.do("INSERT INTO side_keys VALUES (?, ?, ?)", key, side, stamp(at))

    def begin_key(self, key: str, side: str, number: str, wrapped: bytes, at: datetime) -> bool:
        """Give a delegation its key with the first wrap, unless it has one that somebody opens.

        Args:
            key: Id of the new key.
            side: The delegation.
            number: Whom it is wrapped for first.
            wrapped: The wrap.
            at: The time.

        Returns:
            Whether it is the delegation's key now; False where somebody was faster.
        """
        with self._database.writing():
            if self.newest_key(side) is not None:
                return False
            self.add_key(key, side, at)
            self.give(number, Grant(key, wrapped, number))
        return True

    def give(self, number: str, grant: Grant) -> None:
        """Keep a wrap for an officer; it takes the place of an older one."""
        self._database.do(
            "INSERT OR REPLACE INTO grants VALUES (?, ?, ?, ?)",
            grant.key,
            number,
            grant.wrapped,
            grant.given_by,
        )

    def grant(self, key: str, number: str) -> Grant | None:
        """Return the wrap of a key for an officer; None without."""
        row = self._database.one(
            "SELECT key, wrapped, given_by FROM grants WHERE key = ? AND number = ?", key, number
        )
        return None if row is None else Grant(*row)

    def holders(self, key: str) -> set[str]:
        """Return the numbers that a key is wrapped for."""
        return {str(row[0]) for row in self._database.all("SELECT number FROM grants WHERE key = ?", key)}

    def get(self, id_: str) -> KeptNote | None:
        """Return a note; None where there is none."""
        row = self._database.one("SELECT key, version, value FROM notes WHERE id = ?", id_)
        return None if row is None else KeptNote(*row)

    def put(self, id_: str, note: KeptNote) -> None:
        """Keep a note in the place of the version before it.

        Args:
            id_: Under which it is kept.
            note: The note.

        Raises:
            ConflictError: Another version than the one before it stands there.
        """
        with self._database.writing():
            old = self.get(id_)
            if (old.version if old else 0) != note.version - 1:
                raise ConflictError(
                    "workspace.version",
                    "somebody of your delegation was faster",
                    todo="look at their version, then write again",
                )
            self._database.do(
                "INSERT OR REPLACE INTO notes VALUES (?, ?, ?, ?)", id_, note.key, note.version, note.value
            )
