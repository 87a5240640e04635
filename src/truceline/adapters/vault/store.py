"""The vault: each value under a key of its own, each key under the vault's. Whoever destroys a key has destroyed the value.

What lies in the vault is the whole disclosure: salt, name and value. With the salt gone, nobody can test a guess against
the digest in the record either. What a disk keeps of a deleted file (wear levelling, snapshots, backups) is out of reach.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from truceline.core.errors import InputError, IntegrityError

_KEY_BYTES, _NONCE_BYTES = 32, 12
_TABLES = """
CREATE TABLE IF NOT EXISTS vault_keys (
  subject TEXT NOT NULL, field TEXT NOT NULL, wrapped BLOB NOT NULL, PRIMARY KEY (subject, field)
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS vault_values (
  subject TEXT NOT NULL, field TEXT NOT NULL, locked BLOB NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (subject, field)
) STRICT, WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Held:
    """A field as the vault holds it: whose, which, its digest in the record, and whether its value can still be read."""

    subject: str
    field: str
    digest: str
    is_readable: bool


class Vault:
    """Personal values of one owner.

    Args:
        path: The vault's file; its key lies beside it, readable by its owner alone. Both are made where they are not.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._key = _read_or_make_key(key_path(path))
        with self._open() as database:
            database.executescript(_TABLES)
        path.chmod(0o600)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        with closing(sqlite3.connect(self._path, isolation_level=None)) as database:
            # Freed pages are overwritten, and no second file keeps what was written before.
            database.execute("PRAGMA journal_mode=DELETE")
            database.execute("PRAGMA secure_delete=ON")
            database.execute("PRAGMA synchronous=EXTRA")
            yield database

    def put(self, subject: str, field: str, text: str, digest: str) -> None:
        """Keep a value.

        Args:
            subject: A random number that stands for a person.
            field: The field's name.
            text: What is kept: a whole disclosure.
            digest: What stands in the record.

        Raises:
            InputError: The field is kept already.
        """
        key, name = os.urandom(_KEY_BYTES), f"{subject}/{field}".encode()
        row = (subject, field, _lock(self._key, key, name))
        locked = _lock(key, text.encode("utf-8"), name)
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                database.execute("INSERT INTO vault_keys VALUES (?,?,?)", row)
                database.execute(
                    "INSERT INTO vault_values VALUES (?,?,?,?)", (subject, field, locked, digest)
                )
            except sqlite3.IntegrityError as error:
                database.execute("ROLLBACK")
                raise InputError(
                    "vault.there", f"{field} of {subject} is kept already", todo="destroy it first"
                ) from error
            database.execute("COMMIT")

    def get(self, subject: str, field: str) -> str:
        """Return what is kept.

        Args:
            subject: The person's number.
            field: The field.

        Returns:
            The disclosure.

        Raises:
            InputError: Nothing is kept, or it was destroyed.
            IntegrityError: The vault's key does not open it.
        """
        name = f"{subject}/{field}".encode()
        with self._open() as database:
            row = database.execute(
                "SELECT wrapped, locked FROM vault_keys JOIN vault_values USING (subject, field) "
                "WHERE subject = ? AND field = ?",
                (subject, field),
            ).fetchone()
        if row is None:
            raise InputError("vault.absent", f"{field} of {subject} is not kept, or was destroyed")
        return _unlock(_unlock(self._key, row[0], name), row[1], name).decode("utf-8")

    def held(self, subject: str | None = None) -> list[Held]:
        """List what is kept, of one person or of all, destroyed fields included as long as the vault stands."""
        with self._open() as database:
            rows = database.execute(
                "SELECT v.subject, v.field, v.digest, k.wrapped IS NOT NULL FROM vault_values v "
                "LEFT JOIN vault_keys k USING (subject, field) WHERE ?1 IS NULL OR v.subject = ?1 "
                "ORDER BY v.subject, v.field",
                (subject,),
            ).fetchall()
        return [Held(who, field, digest, bool(readable)) for who, field, digest, readable in rows]

    def destroy(self, subject: str, field: str | None = None) -> list[Held]:
        """Destroy the keys of a person's fields, or of one, then what they locked.

        Args:
            subject: The person's number.
            field: The field, or None for all.

        Returns:
            What was destroyed now.
        """
        gone = [
            one for one in self.held(subject) if one.is_readable and (field is None or one.field == field)
        ]
        with self._open() as database:
            for one in gone:
                # The key first: whatever happens next, the value cannot be read any more.
                database.execute(
                    "DELETE FROM vault_keys WHERE subject = ? AND field = ?", (subject, one.field)
                )
            for one in gone:
                database.execute(
                    "UPDATE vault_values SET locked = x'' WHERE subject = ? AND field = ?",
                    (subject, one.field),
                )
            database.execute("VACUUM")
        return gone


def key_path(path: Path) -> Path:
    """Return where the key of a vault lies."""
    return path.with_name(f"{path.name}.key")


def destroy_vault(path: Path) -> list[Path]:
    """Destroy a vault on this machine: its key first, then its file.

    Args:
        path: The vault's file.

    Returns:
        The files that were overwritten and removed.
    """
    gone = []
    for file in (key_path(path), path, path.with_name(f"{path.name}-journal")):
        if file.is_file():
            overwrite(file)
            gone.append(file)
    return gone


def overwrite(file: Path) -> None:
    """Overwrite a file with chance, bring that to the disk, and remove it with its name."""
    with file.open("r+b") as opened:
        opened.write(os.urandom(file.stat().st_size))
        opened.flush()
        os.fsync(opened.fileno())
    file.unlink()
    handle = os.open(file.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _read_or_make_key(path: Path) -> bytes:
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except FileExistsError:
        key = path.read_bytes()
        if len(key) != _KEY_BYTES or path.stat().st_mode & 0o077:
            raise InputError(
                "vault.key",
                "this is no key of a vault, or others may read it",
                where=str(path),
                todo="chmod 600 it",
            ) from None
        return key
    with os.fdopen(handle, "wb") as file:
        key = os.urandom(_KEY_BYTES)
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    return key


def _lock(key: bytes, data: bytes, name: bytes) -> bytes:
    nonce = os.urandom(_NONCE_BYTES)
    return nonce + ChaCha20Poly1305(key).encrypt(nonce, data, name)


def _unlock(key: bytes, data: bytes, name: bytes) -> bytes:
    try:
        return ChaCha20Poly1305(key).decrypt(data[:_NONCE_BYTES], data[_NONCE_BYTES:], name)
    except (InvalidTag, ValueError) as error:
        raise IntegrityError(
            "vault.locked", "the vault's key does not open this", where=name.decode()
        ) from error
