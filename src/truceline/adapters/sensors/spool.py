"""What a feed said, on the disk before anything is made of it: one file that grows, until it is sealed as a segment.

Each message is 22 bytes of head (when it was received and when it was sent, microseconds since 1970; what became of it; lengths)
and then its words and bytes. A file whose end was torn off by a power cut is read up to there.
"""

from __future__ import annotations

import os
import re
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from truceline.core.frames import FATES, Heard

_HEAD = struct.Struct("<qqBBI")
_NAME = re.compile(r"(?P<feed>.+)\.(?P<from_us>\d{16,17})\.spool\Z")


class Spool:
    """The growing file of a feed.

    Args:
        folder: Where it lies; is made.
        feed: Name of the feed in the file's name.
        from_us: When it begins, microseconds since 1970.
        most_bytes: Size above which nothing more is taken.
    """

    def __init__(self, folder: Path, feed: str, from_us: int, most_bytes: int) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / f"{feed}.{from_us:016d}.spool"
        self.from_us = from_us
        self._most = most_bytes
        # without a buffer: what is counted as kept is the system's, also where the service is killed or the disk is full
        self._file = self.path.open("ab", buffering=0)
        self.size, self.n = self._file.tell(), 0

    def put(self, message: Heard) -> bool:
        """Take a message; says whether there was room."""
        what = message.what.encode("utf-8", "replace")[:255]
        size = _HEAD.size + len(what) + len(message.data)
        if self.size + size > self._most:
            return False
        head = _HEAD.pack(
            message.received_us, message.at_us, FATES.index(message.fate), len(what), len(message.data)
        )
        try:
            is_whole = os.write(self._file.fileno(), head + what + message.data) == size
        except OSError:
            is_whole = False
        if not is_whole:
            # the disk is full: counted as dropped, and said; half a message would hide all that come after it
            with suppress(OSError):
                os.ftruncate(self._file.fileno(), self.size)
            return False
        self.size += size
        self.n += 1
        return True

    def sync(self) -> None:
        """Have it on the disk."""
        os.fdatasync(self._file.fileno())

    def close(self) -> None:
        """End it."""
        self.sync()
        self._file.close()


def spools(folder: Path) -> list[tuple[str, int, Path]]:
    """Find the files that were not sealed: feed, when it begins, path; the oldest first."""
    found = [(match, path) for path in folder.glob("*.spool") if (match := _NAME.match(path.name))]
    return sorted((match["feed"], int(match["from_us"]), path) for match, path in found)


def read_spool(path: Path) -> Iterator[Heard]:
    """Read a file's messages in their order, up to where its end is torn off."""
    data = path.read_bytes()
    at = 0
    while at + _HEAD.size <= len(data):
        received_us, at_us, fate, n_what, n_data = _HEAD.unpack_from(data, at)
        what_at = at + _HEAD.size
        at = what_at + n_what + n_data
        if at > len(data) or fate >= len(FATES):
            return
        what = data[what_at : what_at + n_what].decode("utf-8", "replace")
        yield Heard(received_us, at_us, FATES[fate], what, data[what_at + n_what : at])
