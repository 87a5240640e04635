"""Signed statements on their way, as files on a stick; and what a side keeps at home until its seal is opened.

Each statement is two files of one name: ``.note`` is the signed entry, ``.payload`` what it names, byte for byte.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from truceline.adapters.files.durable import sync_folder, write_synced
from truceline.core.errors import InputError
from truceline.ledger.entry import open_leaf
from truceline.ledger.note import MAX_NOTE_BYTES
from truceline.ledger.signing import SignedStatement

MAX_PAYLOAD_BYTES = 1 << 24
"""A payload longer than this is none that anybody writes by hand."""
NOTE, PAYLOAD, SHOWN = ".note", ".payload", ".shown"


def write_statements(folder: Path, statements: Iterable[SignedStatement]) -> list[Path]:
    """Write statements to a folder, to be carried to whoever keeps the record.

    Args:
        folder: Where to; made where it is not there.
        statements: In the order in which they shall be taken in.

    Returns:
        The notes' paths.

    Raises:
        InputError: One of them lies there already with another content.
    """
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for statement in statements:
        leaf, _ = open_leaf(statement.note)
        number = len(list(folder.glob(f"*{NOTE}")))
        name = f"{leaf.type}-{leaf.id}-{leaf.round}".replace(":", "_").replace("/", "_")
        path = next(
            iter(folder.glob(f"[0-9][0-9][0-9][0-9]-{name}{NOTE}")), folder / f"{number:04}-{name}{NOTE}"
        )
        if path.exists() and path.read_bytes() != statement.note:
            raise InputError(
                "handover.other",
                "another statement of the same round lies here",
                where=str(path),
                todo="carry that one first, or name an empty folder",
            )
        write_synced(path.with_suffix(PAYLOAD), statement.payload)
        write_synced(path, statement.note)
        paths.append(path)
    sync_folder(folder)
    return paths


def read_statements(folder: Path) -> list[tuple[str, SignedStatement]]:
    """Read the statements of a folder, in the order of their names.

    Args:
        folder: As `write_statements` filled it.

    Returns:
        Name of the note, and the statement.

    Raises:
        InputError: No folder, a payload is missing, or a file is too long to be a statement.
    """
    if not folder.is_dir():
        raise InputError("handover.folder", "this is no folder of statements", where=str(folder))
    return [(path.name, read_statement(path)) for path in sorted(folder.glob(f"*{NOTE}"))]


def read_statement(path: Path) -> SignedStatement:
    """Read one statement by the path of its note.

    Args:
        path: The note; its payload lies beside it.

    Returns:
        The statement.

    Raises:
        InputError: One of both is missing or too long.
    """
    payload = path.with_suffix(PAYLOAD)
    for file, limit in ((path, MAX_NOTE_BYTES), (payload, MAX_PAYLOAD_BYTES)):
        if not file.is_file():
            raise InputError("handover.part", f"{file.name} is missing", where=str(path))
        if file.stat().st_size > limit:
            raise InputError("handover.size", f"{file.name} is longer than {limit} bytes", where=str(path))
    return SignedStatement(path.read_bytes(), payload.read_bytes())


def keep_opening(folder: Path, name: str, digests: Sequence[str], disclosures: Sequence[str]) -> Path:
    """Keep what opens a seal, readable by its owner alone.

    Args:
        folder: The side's own folder.
        name: Which round and side.
        digests: What was sealed.
        disclosures: What opens it.

    Returns:
        The file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace(':', '_')}.{digests[0][:8]}.opening"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump({"round": name, "digests": list(digests), "disclosures": list(disclosures)}, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
    return path


def find_opening(folder: Path, digests: Sequence[str]) -> list[str]:
    """Find what opens a seal.

    Args:
        folder: The side's own folder.
        digests: What was sealed.

    Returns:
        The disclosures.

    Raises:
        InputError: Nothing here opens it.
    """
    for path in sorted(folder.glob("*.opening")) if folder.is_dir() else ():
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            continue
        if isinstance(kept, dict) and kept.get("digests") == list(digests):
            return [str(text) for text in kept.get("disclosures", ())]
    raise InputError(
        "handover.opening",
        "nothing here opens this seal",
        where=str(folder),
        todo="name the folder that was given to truceline determine seal --keep",
    )


def write_shown(folder: Path, name: str, value: Mapping[str, Any]) -> Path:
    """Write what an escrow shows.

    Args:
        folder: Where to.
        name: Which round and side.
        value: What it shows.

    Returns:
        The file.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{name.replace(':', '_')}{SHOWN}"
    write_synced(path, json.dumps(value, indent=1).encode())
    sync_folder(folder)
    return path


def read_shown(folder: Path) -> list[tuple[str, Any]]:
    """Read what escrows show, in the order of the files' names.

    Args:
        folder: As `write_shown` filled it.

    Returns:
        Name of the file, and its JSON; None where it holds none.
    """
    found: list[tuple[str, Any]] = []
    for path in sorted(folder.glob(f"*{SHOWN}")):
        try:
            value = (
                json.loads(path.read_text(encoding="utf-8"))
                if path.stat().st_size <= MAX_PAYLOAD_BYTES
                else None
            )
        except (OSError, ValueError, RecursionError):
            value = None
        found.append((path.name, value))
    return found
