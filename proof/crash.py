"""Power cut at every change to the disk, faults at every call, mutants that break a promise: what survives, what is noticed.

A process is traced (`powerloss.c`): every change that it makes below one folder, in order. From the list all is built again
that a power loss may leave: what was brought to the disk is there; of the rest each sector of 512 bytes may be there or
not, in any order; a new name, a rename, a removal is only certain once its folder was brought to the disk (of one folder's
changes a beginning may be there, as file systems with a journal keep their order). Each such image is opened with our own code, and every promise that the process had given by then is held against it.

What is not simulated: a disk that lies about having written, a sector that is written half, a damaged sector beside it.
"""

from __future__ import annotations

import hashlib
import os
import random
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from _row import row
from _writer import EACH, KEY, MUTANTS

from truceline.adapters.files.bundle import verify_bundle
from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.adapters.sqlite.witness_store import SqliteWitnessStore
from truceline.core.errors import TrucelineError
from truceline.core.release import Realm
from truceline.ledger.log import Log, read_log
from truceline.testing.ledger_store import MISSION, make_statements

HERE = Path(__file__).parent
IMAGES, FAULTS = 100_000, 100_000
SECTOR = 512
_SAID = re.compile(r"(appended|left|cosigned|given) (\d+) ([0-9a-f]{64}|-)")
KINDS = ("kill", "eio", "enospc", "short")


Names = tuple[tuple[str, int | None], ...]
"""Names that change as one: path -> file, or None where it is taken away."""


@dataclass(frozen=True, slots=True)
class Change:
    """One change: a letter (see ``powerloss.c``), the path, an offset or length, data."""

    letter: str
    path: str
    offset: int
    data: bytes


@dataclass(slots=True)
class File:
    """A file: what the disk holds of it, and what was changed since."""

    safe: bytes = b""
    loose: list[Change] = field(default_factory=list)


@dataclass(slots=True)
class Disk:
    """Files and names: what is certain, and which names changed since their folder was brought to the disk."""

    files: dict[int, File] = field(default_factory=dict)
    names: dict[str, int] = field(default_factory=dict)
    certain: dict[str, int] = field(default_factory=dict)
    loose: list[tuple[str, Names]] = field(default_factory=list)

    def apply(self, change: Change) -> None:
        """Make a change."""
        path = change.path
        if change.letter == "o":
            number = len(self.files)
            self.files[number], self.names[path] = File(), number
            self.loose.append((folder_of(path), ((path, number),)))
        elif change.letter in {"w", "t"}:
            self.files[self.names[path]].loose.append(change)
        elif change.letter == "u":
            if self.names.pop(path, None) is not None:
                self.loose.append((folder_of(path), ((path, None),)))
        elif change.letter == "r":
            self._rename(path, change.data.decode())
        elif path in self.names:
            one = self.files[self.names[path]]
            one.safe, one.loose = written(one, one.loose), []
        elif change.letter == "s":
            self._sync_folder(path)

    def _rename(self, old: str, new: str) -> None:
        """A rename is there or not as one, with every name below it that was certain inside."""
        as_one: list[tuple[str, int | None]] = []
        for name in [one for one in self.names if one == old or one.startswith(f"{old}/")]:
            number, target = self.names.pop(name), f"{new}{name[len(old) :]}"
            self.names[target] = number
            if name == old or self.certain.get(name) == number:
                as_one += [(name, None), (target, number)]
        inside = f"{old}/"
        self.loose = [
            (f"{new}{where[len(old) :]}", tuple((f"{new}{one[len(old) :]}", to) for one, to in names))
            if f"{where}/".startswith(inside)
            else (where, names)
            for where, names in self.loose
        ]
        if as_one:
            self.loose.append((folder_of(new), tuple(as_one)))

    def _sync_folder(self, folder: str) -> None:
        for where, names in self.loose:
            if where == folder:
                self._settle(self.certain, names)
        self.loose = [one for one in self.loose if one[0] != folder]

    @staticmethod
    def _settle(names: dict[str, int], changed: Names) -> None:
        for name, number in changed:
            if number is None:
                names.pop(name, None)
            else:
                names[name] = number

    def image(self, chance: random.Random | None, keep: float) -> dict[str, bytes]:
        """Return what a power loss now may leave: path -> bytes.

        Args:
            chance: Chooses; None keeps everything (the process was killed, the machine was not).
            keep: How likely each loose piece is there.
        """
        if chance is None:
            return {name: written(self.files[n], self.files[n].loose) for name, n in self.names.items()}
        names = dict(self.certain)
        lost: set[str] = set()
        for where, changed in self.loose:
            # Within one folder changes of names come to the disk in their order; folders know nothing of each other.
            if where not in lost and chance.random() < keep:
                self._settle(names, changed)
            else:
                lost.add(where)
        found = {}
        for name, number in names.items():
            one = self.files[number]
            found[name] = written(one, list(_survivors(one.loose, chance, keep)))
        return found


def _survivors(loose: Sequence[Change], chance: random.Random, keep: float) -> Iterator[Change]:
    for change in loose:
        if change.letter == "t":
            if chance.random() < keep:
                yield change
            continue
        for start in range(0, len(change.data), SECTOR):
            if chance.random() < keep:
                yield Change("w", change.path, change.offset + start, change.data[start : start + SECTOR])


def written(one: File, changes: Sequence[Change]) -> bytes:
    """Return a file's bytes after some changes."""
    data = bytearray(one.safe)
    for change in changes:
        if change.letter == "t":
            data[:] = data[: change.offset] + bytes(max(0, change.offset - len(data)))
            continue
        end = change.offset + len(change.data)
        if len(data) < end:
            data.extend(bytes(end - len(data)))
        data[change.offset : end] = change.data
    return bytes(data)


def folder_of(path: str) -> str:
    """Return the folder of a path."""
    return path.rpartition("/")[0]


def read_trace(path: Path) -> list[Change]:
    """Read what ``powerloss.c`` wrote down."""
    data, at, found = path.read_bytes(), 0, []
    while at < len(data):
        n_path, n_data, offset = (
            int.from_bytes(data[at + 1 + 8 * k : at + 9 + 8 * k], "little") for k in range(3)
        )
        start = at + 25
        name = data[start : start + n_path].decode()
        found.append(Change(chr(data[at]), name, offset, data[start + n_path : start + n_path + n_data]))
        at = start + n_path + n_data
    return found


def build(folder: Path) -> Path:
    """Compile the shim."""
    shim = folder / "powerloss.so"
    subprocess.run(
        ["cc", "-shared", "-fPIC", "-O1", "-o", str(shim), str(HERE / "powerloss.c"), "-ldl"], check=True
    )
    return shim


def write(
    folder: Path, shim: Path, *, mutant: str = "", fault: str = ""
) -> tuple[subprocess.CompletedProcess[str], Path]:
    """Run the writer below ``folder``; return how it ended, and its trace."""
    root, trace = folder / "root", folder / "trace"
    root.mkdir(parents=True)
    environment = {
        **os.environ, "LD_PRELOAD": str(shim), "POWERLOSS_ROOT": str(root), "POWERLOSS_TRACE": str(trace),
    }  # fmt: skip
    if fault:
        environment["POWERLOSS_FAULT"] = fault
    command = [sys.executable, str(HERE / "_writer.py"), str(root), mutant]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    return done, trace


def promised(lines: str) -> list[tuple[str, int, str]]:
    """Read what the writer said that it had done: word, size, root.

    A fault may cut the saying itself short; what was not said whole, and what ran into it, promised nothing.
    """
    return [
        (found[1], int(found[2]), found[3]) for line in lines.splitlines() if (found := _SAID.fullmatch(line))
    ]


def check(folder: Path, said: Sequence[tuple[str, int, str]], *, witness: bool) -> list[str]:
    """Hold an image against what was promised.

    Args:
        folder: The image.
        said: What the writer had said by then.
        witness: Whether it was the witness's machine that lost its power, else the operator's.

    Returns:
        What does not hold.
    """
    try:
        return list(_check_witness(folder, said) if witness else _check_operator(folder, said))
    except (TrucelineError, OSError, sqlite3.Error) as error:
        return [f"cannot be opened: {error}"]
    except Exception as error:  # noqa: BLE001 - a stumble over what was torn breaks a promise too
        return [f"stumbles over it: {type(error).__name__}: {error}"]


def _check_witness(folder: Path, said: Sequence[tuple[str, int, str]]) -> Iterator[str]:
    cosigned = [(size, root) for word, size, root in said if word == "cosigned"]
    connection = connect(folder / "witness" / "w.db")
    try:
        latest = SqliteWitnessStore(connection, "A").latest(KEY.name)
    finally:
        connection.close()
    if cosigned and (latest is None or latest[0] < cosigned[-1][0]):
        yield f"the witness forgot {cosigned[-1][0]} and remembers {latest and latest[0]}"


def _check_operator(folder: Path, said: Sequence[tuple[str, int, str]]) -> Iterator[str]:
    connection = connect(folder / "operator" / "store.db")
    try:
        store, payloads = SqliteLedgerStore(connection), SqliteBlobs(connection)
        log = Log.open(store, payloads, KEY, mission=MISSION, realm=Realm.DEMO)
        for word, size, root in said:
            if log.size < size:
                yield f"{word} {size}, and only {log.size} are there"
                return
            if root != "-" and log.root(size).hex() != root:
                yield f"{word} {size} with another root"
                return
        entries = list(read_log(store, payloads))
        if any(entry.payload is None for entry in entries):
            yield "an entry has no payload"
        if [entry.index for entry in entries] != list(range(log.size)) or log.size % EACH:
            yield f"{len(entries)} entries are no whole number of batches"
        log.append(make_statements(900, 902))
    finally:
        connection.close()
    given = [(size, root) for word, size, root in said if word == "given"]
    if given:
        yield from _check_given(folder / "operator", given[-1][0])


def _check_given(folder: Path, size: int) -> Iterator[str]:
    """The copy that was given out is there whole, under its name or, in the middle of being replaced, beside it."""
    for name in ("record", ".record.new", ".record.old"):
        copy = folder / name
        if copy.is_dir():
            report = verify_bundle(copy)
            if report.ok and report.size >= size:
                return
    yield f"no whole copy of {size} entries is left"


@dataclass(frozen=True, slots=True)
class Task:
    """Images of one trace: which points, how many of each, from which seed."""

    trace: str
    points: tuple[int, ...]
    each: int
    seed: int


def try_images(task: Task) -> tuple[int, int, list[str]]:
    """Build and check images; return how many, how many different ones, and what did not hold."""
    changes = read_trace(Path(task.trace))
    root = os.path.commonpath([folder_of(change.path) for change in changes if change.letter == "d"] or ["/"])
    base = Path(tempfile.mkdtemp(dir=scratch()))
    disk, points, told, n_images, seen = Disk(), set(task.points), [], 0, set()
    said_text = b""
    for number, change in enumerate(changes):
        if change.path.endswith("/DONE"):
            said_text += change.data
        else:
            disk.apply(change)
        if number not in points:
            continue
        said = promised(said_text.decode())
        for variant in range(task.each):
            chance = random.Random(f"{task.seed}/{number}/{variant}")
            keep = (0.0, 1.0, 0.5, 0.1, 0.9)[variant] if variant < 5 else chance.random()
            image = disk.image(None if variant == 1 else chance, keep)
            for witness in (False, True):
                mine = "/witness/" if witness else "/operator/"
                part = {path: data for path, data in image.items() if mine in path}
                n_images += 1
                key = hashlib.sha256(
                    repr(
                        (witness, len(said), sorted((p, hashlib.sha256(d).digest()) for p, d in part.items()))
                    ).encode()
                ).digest()
                if key in seen:
                    continue
                seen.add(key)
                folder = base / "image"
                for path, data in part.items():
                    target = folder / path.removeprefix(f"{root}/")
                    target.parent.mkdir(parents=True, exist_ok=True)
                    target.write_bytes(data)
                told += [
                    f"change {number}, variant {variant}: {what}"
                    for what in check(folder, said, witness=witness)
                ]
                shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(base, ignore_errors=True)
    return n_images, len(seen), told


def scratch() -> str:
    """Return a folder in memory where there is one: images are many and small."""
    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else tempfile.gettempdir()  # noqa: S108


def images_of(trace: Path, wanted: int, seed: int) -> tuple[int, int, list[str]]:
    """Try images at every change of a trace until there are as many as wanted."""
    n_changes = len(read_trace(trace))
    each = max(2, -(-wanted // (2 * n_changes)))
    step = max(1, n_changes * each * 2 // max(wanted, 1)) if each == 2 else 1
    points = range(0, n_changes, step)
    tasks = [Task(str(trace), tuple(points[k::8]), each, seed) for k in range(8)]
    total, different, told = 0, 0, list[str]()
    with ProcessPoolExecutor() as pool:
        for images, seen, found in pool.map(try_images, tasks):
            total, different, told = total + images, different + seen, told + found
    return total, different, told


def try_fault(task: tuple[str, int, str]) -> list[str]:
    """Make one change fail, and see what the process says and leaves."""
    shim, number, kind = task
    folder = Path(tempfile.mkdtemp(dir=scratch()))
    try:
        done, _ = write(folder, Path(shim), fault=f"{number}:{kind}")
        root = folder / "root"
        lines = (root / "DONE").read_text() if (root / "DONE").exists() else ""
        said = promised(lines if lines.endswith("\n") else lines.rpartition("\n")[0])
        told = []
        if kind == "kill" and done.returncode != -signal.SIGKILL:
            told.append(f"it went on after being killed: {done.returncode}")
        for witness in (False, True):
            part = root / ("witness" if witness else "operator")
            if part.is_dir() or said:
                told += check(root, said, witness=witness)
        return [f"change {number} {kind}: {what}" for what in told]
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def main() -> int:
    """Print one line a claim; arguments: images, faults, images a mutant."""
    wanted, faults, each = (
        int(word) for word in (*sys.argv[1:], *(str(IMAGES), str(FAULTS), "3000")[len(sys.argv) - 1 :])
    )
    home = Path(tempfile.mkdtemp(dir=scratch()))
    broken: list[str] = []
    try:
        shim = build(home)
        done, trace = write(home / "right", shim)
        if done.returncode:
            print(done.stderr, file=sys.stderr)
            return 1
        n_images, different, told = images_of(trace, wanted, 1)
        broken += told
        row("power cuts: images tried", n_images, "images", ">=", wanted)
        row("power cuts: different images", different, "images")
        row("power cuts: promises broken", len(told), "promises", "==", 0)
        n_changes = len(read_trace(trace))
        tasks = [(str(shim), number, kind) for kind in KINDS for number in range(1, n_changes + 1)]
        tasks = random.Random(2).sample(tasks, min(faults, len(tasks)))
        with ProcessPoolExecutor() as pool:
            told = [what for found in pool.map(try_fault, tasks, chunksize=4) for what in found]
        broken += told
        row("faults at system calls tried", len(tasks), "faults")
        row("faults: promises broken", len(told), "promises", "==", 0)
        missed = []
        for mutant in list(MUTANTS)[1:]:
            _, trace = write(home / mutant.replace(" ", "-"), shim, mutant=mutant)
            if not images_of(trace, each, 3)[2]:
                missed.append(mutant)
        row("mutants tried", len(MUTANTS) - 1, "mutants", ">=", 10)
        row("mutants that nothing noticed", len(missed), "mutants", "==", 0)
        for what in [*broken[:20], *(f"not noticed: {mutant}" for mutant in missed)]:
            print(what, file=sys.stderr)
        return int(bool(broken or missed))
    finally:
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    raise SystemExit(main())
