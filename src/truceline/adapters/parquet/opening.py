"""DuckDB, opened in one place, so that what it refuses is said in our words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from truceline.core.errors import InputError, MissingExtraError


@contextmanager
def opened(code: str, why: str, where: Path | None = None) -> Iterator[Any]:
    """Open a base in memory.

    Args:
        code: Code of the error where it refuses something.
        why: What that means, in words.
        where: The file that it is about.

    Yields:
        The connection.

    Raises:
        InputError: DuckDB refuses something.
        MissingExtraError: DuckDB is not installed.
    """
    try:
        import duckdb  # noqa: PLC0415 - only where there is such a table
    except ImportError as error:
        raise MissingExtraError(
            "extra.link", "tables in Parquet need the extra 'link'", todo='pip install "truceline[link]"'
        ) from error
    # one thread: what this costs is told as the processor's time, and the files are small beside the work
    base = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": "false"})
    try:
        base.execute("SET TimeZone = 'UTC'")
        yield base
    except (duckdb.Error, OSError) as error:
        raise InputError(code, f"{why}: {str(error).splitlines()[0]}", where=str(where)) from error
    finally:
        base.close()


def quoted(path: Path) -> str:
    """Write a path as a text of SQL."""
    return "'" + str(path).replace("'", "''") + "'"
