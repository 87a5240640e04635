"""Where a store is: a file of this machine or a database of a server, and the folder of the evidence that lies beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from pathlib import Path

from truceline.core.errors import InputError

_SQLITE = "sqlite:///"
_PASSWORD = re.compile(r"(?<=//)([^:/@?]*):[^?]*(?=@)|(?<=[?&]password=)[^&]*")
_SERVERS = ("postgresql://", "postgres://")


@dataclass(frozen=True, slots=True)
class StoreAddress:
    """Where a store is.

    Args:
        text: ``sqlite:///FILE`` or ``postgresql://…``.
        evidence: The folder of the evidence; None where only the store itself can say which mission's it is.
    """

    text: str
    evidence: Path | None = None

    def __str__(self) -> str:
        return self.shown

    @property
    def file(self) -> Path | None:
        """The database file; None where the store is on a server."""
        return Path(self.text.removeprefix(_SQLITE)) if self.text.startswith(_SQLITE) else None

    @property
    def shown(self) -> str:
        """The address for people and messages, without a password."""
        if self.file is not None:
            return str(self.file)
        return _PASSWORD.sub(lambda found: f"{found[1]}:…" if found[1] is not None else "…", self.text)

    @property
    def folder(self) -> Path | None:
        """The folder in which all lies that is no database: evidence, the record that was given out, accounts."""
        return None if self.evidence is None else self.evidence.parent

    def beside(self, folder: Path) -> StoreAddress:
        """Return the same store with its evidence in a folder, where nothing else was said of it."""
        return self if self.evidence is not None else replace(self, evidence=folder / "evidence")


def parse_store(text: str, evidence: Path | None = None) -> StoreAddress:
    """Read where a store is.

    Args:
        text: ``sqlite:///FILE``, a bare path of a file, or ``postgresql://[user@]host/database``.
        evidence: The folder of the evidence; None takes ``evidence`` beside a file.

    Returns:
        The address.

    Raises:
        InputError: It is of a kind that nobody knows.
    """
    if text.startswith(_SERVERS):
        return StoreAddress(text, evidence)
    name = text.removeprefix(_SQLITE)
    if not name or "://" in name:
        raise InputError(
            "store.address",
            f"'{text.partition('://')[0]}' is no kind of store",
            todo="write sqlite:///FILE, a path, or postgresql://[user@]host/database",
        )
    return StoreAddress(_SQLITE + name, evidence or Path(name).parent / "evidence")
