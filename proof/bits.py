"""Every single bit of a copy of 300 entries turned: noticed, its place named, and put right from a mirror."""

from __future__ import annotations

import random
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from pathlib import Path

from _row import row

from truceline.adapters.files.bundle import verify_bundle
from truceline.adapters.files.healing import heal_bundle
from truceline.core.errors import TrucelineError
from truceline.ledger.entry import open_leaf
from truceline.ledger.export import bundle_files
from truceline.ledger.policy import parse_policy
from truceline.ledger.reading import Chunk, EntryReading, payload_path, read_chunk
from truceline.ledger.verify import verify
from truceline.testing.ledger_store import MemoryBlobs, MemoryLedgerStore, make_statements, open_log

N, HEALED = 300, 500
_PLACE = re.compile(r"entry \d+|checkpoint|policy")


def made() -> dict[str, bytes]:
    """Make the copy; the same each time."""
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    open_log(store, blobs).append(make_statements(0, N))
    return dict(bundle_files(store, blobs))


class Turned:
    """A copy with one file changed."""

    def __init__(self, files: dict[str, bytes], path: str = "", data: bytes = b"") -> None:
        self._files, self._path, self._data = files, path, data

    def read(self, path: str, limit: int) -> bytes | None:
        """Return a file."""
        data = self._data if path == self._path else self._files.get(path)
        return None if data is None else data[: limit + 1]

    def paths(self) -> Iterable[str]:
        """Return the names."""
        return self._files


class Remembering:
    """Reads entries as verifying does, and what did not change only once: signatures are what takes the time."""

    def __init__(self) -> None:
        self._known: dict[tuple[bytes, bytes | None], EntryReading] = {}
        self._paths: dict[bytes, str] = {}

    def __call__(
        self, _read: Callable[[Chunk], list[EntryReading]], chunks: Iterable[Chunk]
    ) -> Iterator[list[EntryReading]]:
        """Do what ``map(read_chunk, chunks)`` does."""
        for chunk in chunks:
            yield [self._one(chunk, at) for at in range(len(chunk.entries))]

    def _one(self, chunk: Chunk, at: int) -> EntryReading:
        entry = chunk.entries[at]
        if entry not in self._paths:
            self._paths[entry] = _payload_of(entry)
        # A changed payload makes another key, and is read anew.
        path = self._paths[entry]
        key = (entry, chunk.reader.read(path, 1 << 20) if path else None)
        if key not in self._known:
            self._known[key] = read_chunk(replace(chunk, start=chunk.start + at, entries=[entry]))[0]
        return self._known[key]


def _payload_of(entry: bytes) -> str:
    try:
        return payload_path(open_leaf(entry)[0].payload_sha256)
    except TrucelineError:
        return ""


def turn(data: bytes, bit: int) -> bytes:
    """Turn one bit."""
    changed = bytearray(data)
    changed[bit // 8] ^= 1 << bit % 8
    return bytes(changed)


def try_bits(share: tuple[int, int, int]) -> tuple[int, list[str]]:
    """Turn each bit of a share; return how many, and which went unnoticed or without a place."""
    part, parts, step = share
    files, many = made(), Remembering()
    trusted = parse_policy(files["policy"])
    assert verify(Turned(files), trusted=trusted, many=many).ok  # noqa: S101 - the proof rests on it
    tried, told, count = 0, [], 0
    for path in sorted(files):
        for bit in range(len(files[path]) * 8):
            count += 1
            if count % step or count // step % parts != part:
                continue
            tried += 1
            found = verify(Turned(files, path, turn(files[path], bit)), trusted=trusted, many=many).problems
            if not found:
                told.append(f"{path} bit {bit}: not noticed")
            elif not any(
                one.index is not None or _PLACE.search(one.what) or path in one.what for one in found
            ):
                told.append(f"{path} bit {bit}: no place in {found[0].what}")
    return tried, told


def heal_some(n: int) -> int:
    """Turn a bit on the disk and heal it from a mirror, for a sample; return how many came back byte for byte."""
    home = Path(tempfile.mkdtemp())
    chance, files, healed = random.Random(5), made(), 0
    mirror = home / "mirror"
    for path, data in files.items():
        (mirror / path).parent.mkdir(parents=True, exist_ok=True)
        (mirror / path).write_bytes(data)
    trusted = parse_policy(files["policy"])
    ours = Path(shutil.copytree(mirror, home / "ours"))
    for _ in range(n):
        path = chance.choice(sorted(files))
        (ours / path).write_bytes(turn(files[path], chance.randrange(len(files[path]) * 8)))
        heal_bundle(ours, mirror, trusted=trusted)
        healed += (ours / path).read_bytes() == files[path]
    assert verify_bundle(ours, trusted=trusted).ok  # noqa: S101 - the proof rests on it
    shutil.rmtree(home)
    return healed


def main() -> int:
    """Print one line a claim; arguments: each how-many-eth bit, how many to heal."""
    step = int(sys.argv[1]) if len(sys.argv) > 1 else 1
    n_heal = int(sys.argv[2]) if len(sys.argv) > 2 else HEALED
    parts = 16
    with ProcessPoolExecutor() as pool:
        results = list(pool.map(try_bits, [(part, parts, step) for part in range(parts)]))
    told = [what for _, found in results for what in found]
    row("bits turned, one at a time", sum(tried for tried, _ in results), "bits")
    row("of them unnoticed, or without their place", len(told), "bits", "==", 0)
    row("of a sample, not healed byte for byte", n_heal - heal_some(n_heal), "bits", "==", 0)
    for what in told[:20]:
        print(what, file=sys.stderr)
    return int(bool(told))


if __name__ == "__main__":
    raise SystemExit(main())
