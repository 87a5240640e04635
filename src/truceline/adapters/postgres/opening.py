"""Open a database on a server, where what speaks to it is installed."""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING

from truceline.core.addresses import StoreAddress
from truceline.core.errors import MissingExtraError

if TYPE_CHECKING:
    from truceline.adapters.postgres.database import Database


def open_database(address: StoreAddress, *, must_exist: bool) -> Database:
    """Open a database and bring its tables up to this version.

    Args:
        address: ``postgresql://…``.
        must_exist: Whether a database that is no store yet is an error.

    Returns:
        The open database.

    Raises:
        MissingExtraError: What speaks to the server is not installed.
        InputError: It is no store, or one of a newer version.
        UnavailableError: The server does not answer, or has no PostGIS.
    """
    if importlib.util.find_spec("psycopg") is None:
        raise MissingExtraError(
            "extra.postgres",
            "a store on a server needs the extra 'postgres'",
            todo='pip install "truceline[postgres]"',
        )
    from truceline.adapters.postgres.database import Database as Opened  # noqa: PLC0415 - an extra, and slow to load
    from truceline.adapters.postgres.migrating import migrate  # noqa: PLC0415

    database = Opened(address.text, address.shown)
    try:
        migrate(database, must_exist=must_exist)
    except BaseException:
        database.close()
        raise
    return database
