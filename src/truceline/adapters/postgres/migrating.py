"""Bring a database up to this version: numbered steps of SQL, each once, in order, in one transaction each."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import psycopg

from truceline.adapters.postgres.database import Database
from truceline.core.errors import InputError, UnavailableError

_TABLE = """
CREATE TABLE IF NOT EXISTS schema_version (
  step integer PRIMARY KEY, name text NOT NULL, done_at timestamptz NOT NULL DEFAULT now()
)
"""


def steps() -> Iterator[tuple[int, str, str]]:
    """Give number, name and SQL of each step, in order."""
    folder = resources.files("truceline") / "adapters" / "postgres" / "steps"
    for file in sorted(folder.iterdir(), key=lambda one: one.name):
        if file.name.endswith(".sql"):
            number, _, name = file.name.removesuffix(".sql").partition("_")
            yield int(number), name, file.read_text("utf-8")


def done(database: Database) -> int:
    """Return the number of the last step that was done, 0 in a database that is no store."""
    if not database.rows("SELECT 1 FROM pg_catalog.pg_class WHERE oid = to_regclass('schema_version')"):
        return 0
    line = database.one("SELECT coalesce(max(step), 0) FROM schema_version")
    return 0 if line is None else int(line[0])


def migrate(database: Database, *, must_exist: bool) -> None:
    """Do the steps that were not done yet; where all were, nothing is written.

    Args:
        database: The database.
        must_exist: Whether a database that is no store yet is an error.

    Raises:
        InputError: It is no store, or one of a newer version.
        UnavailableError: It has no PostGIS, or this user may make no tables.
    """
    wanted = list(steps())
    found = done(database)
    if must_exist and not found:
        raise InputError(
            "store.missing", "there is no store in this database", where=database.shown, todo="run the mission first"
        )  # fmt: skip
    if found > wanted[-1][0]:
        raise InputError(
            "store.foreign",
            "this database is a store of a newer version",
            where=database.shown,
            todo="use that version of truceline",
        )
    if found == wanted[-1][0]:
        return
    try:
        _need_postgis(database)
        for number, name, sql in wanted:
            with database.writing():
                database.run(_TABLE)
                if number > done(database):
                    database.run(sql)
                    database.run("INSERT INTO schema_version (step, name) VALUES (%s, %s)", (number, name))
    except (psycopg.ProgrammingError, psycopg.NotSupportedError) as error:
        raise UnavailableError(
            "store.schema",
            f"the tables cannot be made: {str(error).splitlines()[0]}",
            where=database.shown,
            todo="let the user own the database",
        ) from error


def _need_postgis(database: Database) -> None:
    try:
        with database.writing():
            database.run("CREATE EXTENSION IF NOT EXISTS postgis")
    except psycopg.Error as error:
        raise UnavailableError(
            "store.postgis",
            "the database has no PostGIS",
            where=database.shown,
            todo="install postgresql-15-postgis-3 and let a superuser run CREATE EXTENSION postgis there",
        ) from error
