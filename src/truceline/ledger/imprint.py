"""The imprint: what a paper bears on every page, as words and as a QR code, to be held against a record offline.

Four lines, ended by a line feed each::

    truceline/paper/1
    <origin of the record>
    <entries> <root hash, base64>
    <name of the paper> <SHA-256 of what it says, base64>

An imprint can be copied onto another paper. It answers which record and which paper of it this claims to be; that the
words are those words is shown by the file's own hash, which the record holds beside it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from truceline.core.errors import InputError
from truceline.ledger.checkpoint import parse_hash
from truceline.ledger.keys import encode_base64
from truceline.ledger.tree import HASH_SIZE

PAPERS = "papers"
"""The batch whose entries say which papers were made."""
_TITLE = "truceline/paper/1"
_LINE = re.compile(r"(0|[1-9]\d{0,18}) (\S+)", re.ASCII)
_NAME = re.compile(r"([a-z0-9._-]{1,80}) (\S+)")
_MAX_CHARS = 2000


@dataclass(frozen=True, slots=True)
class Imprint:
    """Which paper of which record.

    Args:
        origin: The record's identity.
        size: How many entries the paper rests on.
        root: Their root hash, 32 bytes.
        name: The paper's file name.
        content: SHA-256 of what the paper says, 32 bytes.
    """

    origin: str
    size: int
    root: bytes
    name: str
    content: bytes

    def text(self) -> str:
        """Return the imprint as it stands in the QR code."""
        return f"{_TITLE}\n{self.origin}\n{self.size} {encode_base64(self.root)}\n{self.name} {encode_base64(self.content)}\n"


def parse_imprint(text: str) -> Imprint:
    """Read an imprint as a scanner gives it; blanks around the lines do not matter.

    Args:
        text: What the QR code says.

    Returns:
        The imprint.

    Raises:
        InputError: It is none.
    """
    lines = [line.strip() for line in text[:_MAX_CHARS].strip().splitlines()]
    if len(lines) != 4 or lines[0] != _TITLE or not lines[1]:
        raise _unlike("four lines, the first of them 'truceline/paper/1'")
    head, paper = _LINE.fullmatch(lines[2]), _NAME.fullmatch(lines[3])
    if head is None or paper is None:
        raise _unlike("a size with a root, then a name with a hash")
    return Imprint(lines[1], int(head[1]), _hash(head[2]), paper[1], _hash(paper[2]))


def _unlike(what: str) -> InputError:
    return InputError("imprint.form", f"this is no imprint: it wants {what}", todo="scan the code again")


def _hash(text: str) -> bytes:
    try:
        return parse_hash(text)
    except InputError as error:
        raise _unlike(f"hashes of {HASH_SIZE} bytes in base64") from error
