"""A copy of the accounts for a backup, taken while a service runs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from truceline.adapters.accounts.database import open_access_database
from truceline.core.errors import UnavailableError

_LIVES = ("sessions", "tokens", "links", "failures")
"""What opens a door by itself. It would open again what was shut since, so no copy holds it."""


def copy_accounts(file: Path, target: Path) -> None:
    """Copy ``access.db`` as it is at one moment, without sessions, tokens and links; a service may go on with it.

    Args:
        file: ``access.db``.
        target: Where to; a new file.

    Raises:
        InputError: The file holds no accounts of this version.
        UnavailableError: It can not be read.
    """
    open_access_database(file).close()
    try:
        with closing(sqlite3.connect(file)) as old, closing(sqlite3.connect(target)) as new:
            old.backup(new)
            new.execute("PRAGMA secure_delete=ON")
            for table in _LIVES:
                new.execute(f"DELETE FROM {table}")  # noqa: S608 - a constant
            new.commit()
            new.execute("VACUUM")
            new.execute("PRAGMA journal_mode=DELETE")
    except sqlite3.DatabaseError as error:
        raise UnavailableError(
            "access.copy", f"the accounts can not be copied: {error}", where=str(file)
        ) from error
