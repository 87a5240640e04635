"""Segments: an hour of a feed at rest, every message with its raw bytes, as a table in Parquet."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np

from truceline.adapters.parquet.opening import opened, quoted
from truceline.core.frames import Heard

UNKNOWN_US = -1
"""Stands in `Heard.at_us` for a moment that a message does not say."""


def write_segment(path: Path, messages: Sequence[Heard]) -> None:
    """Write a segment; it is there whole or not at all.

    Args:
        path: Where to.
        messages: In the order in which they were received.

    Raises:
        InputError: The place cannot be written to.
        MissingExtraError: DuckDB is not installed.
    """
    columns = {
        "n": np.arange(len(messages)),
        "received_us": np.array([one.received_us for one in messages], np.int64),
        "at_us": np.array([one.at_us for one in messages], np.int64),
        "fate": np.array([one.fate for one in messages], object),
        "what": np.array([one.what for one in messages], object),
        "raw": np.array([one.data for one in messages], object),
    }
    beside = path.with_name(path.name + ".part")
    try:
        with opened("segment.write", "the segment cannot be written", path) as base:
            base.register("rows", columns)
            base.execute(
                f"COPY (SELECT n, make_timestamptz(received_us) AS received, "  # noqa: S608 - our own names
                f"CASE WHEN at_us = {UNKNOWN_US} THEN NULL ELSE make_timestamptz(at_us) END AS sent, fate, what, raw "
                f"FROM rows ORDER BY n) TO {quoted(beside)} (FORMAT parquet, COMPRESSION zstd)"
            )
            beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)


def read_segment(path: Path) -> list[Heard]:
    """Read a segment.

    Args:
        path: The file.

    Returns:
        Its messages in order.

    Raises:
        InputError: It is missing or damaged.
        MissingExtraError: DuckDB is not installed.
    """
    with opened("segment.damaged", "cannot be read as a segment", path) as base:
        rows = base.execute(
            f"SELECT epoch_us(received), coalesce(epoch_us(sent), {UNKNOWN_US}), fate, what, raw "  # noqa: S608 - our own names
            "FROM read_parquet(?) ORDER BY n",
            [str(path)],
        ).fetchall()
    return [Heard(*row) for row in rows]
