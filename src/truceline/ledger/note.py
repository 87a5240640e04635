"""Signed notes: a text and the keys that stand behind it. Source: C2SP signed-note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from truceline.core.errors import InputError, IntegrityError
from truceline.ledger.keys import Signer, Verifier, check_key_name, decode_base64, encode_base64

MAX_NOTE_BYTES = 1_000_000
MAX_SIGNATURES = 100

_DASH = "\u2014 "
_ID_SIZE = 4
_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class NoteSignature:
    """One signature line: key name, four bytes of key id, and the signature itself."""

    name: str
    key_id: bytes
    signature: bytes


@dataclass(frozen=True, slots=True)
class Note:
    """A text, its final newline included, and its signature lines in order."""

    text: str
    signatures: tuple[NoteSignature, ...]


def _bad(what: str) -> InputError:
    return InputError("note.malformed", what)


def _check_text(text: str) -> None:
    if not text.endswith("\n"):
        raise _bad("a note's text ends in a newline")
    if _CONTROL.search(text):
        raise _bad("a note holds no control characters")


def sign_note(text: str, signers: Iterable[Signer]) -> Note:
    """Sign a text.

    Args:
        text: Ends in a newline, no control characters.
        signers: Whose signature lines to put under it, in order.

    Returns:
        The note.

    Raises:
        InputError: The text can not be a note's.
    """
    _check_text(text)
    message = text.encode("utf-8")
    lines = (NoteSignature(key.name, key.verifier.key_id, key.sign(message)) for key in signers)
    return Note(text, tuple(lines))


def format_note(note: Note) -> bytes:
    """Write a note as UTF-8.

    Args:
        note: With at least one signature.

    Returns:
        The bytes that `parse_note` reads back to an equal note.

    Raises:
        InputError: The note breaks a rule of the format.
    """
    _check_text(note.text)
    return f"{note.text}\n".encode() + format_signatures(note.signatures)


def format_signatures(lines: Iterable[NoteSignature]) -> bytes:
    """Write signature lines, as they stand under a note and as witnesses answer.

    Args:
        lines: At least one.

    Returns:
        UTF-8, each line with its newline.

    Raises:
        InputError: There is none, or a name can not stand in a line.
    """
    written = [
        f"{_DASH}{check_key_name(line.name)} {encode_base64(line.key_id + line.signature)}\n"
        for line in lines
    ]
    if not written:
        raise _bad("a note has at least one signature")
    return "".join(written).encode()


def parse_signatures(block: str) -> tuple[NoteSignature, ...]:
    """Read signature lines.

    Args:
        block: At least one line, each with its newline.

    Returns:
        The lines, in order; nothing is checked yet.

    Raises:
        InputError: A line breaks a rule of the format, or there are too many.
    """
    if not block.endswith("\n"):
        raise _bad("a note is a text, an empty line and signature lines")
    lines = block[:-1].split("\n")
    if len(lines) > MAX_SIGNATURES:
        raise _bad(f"the note has more than {MAX_SIGNATURES} signatures")
    return tuple(_parse_line(line) for line in lines)


def _parse_line(line: str) -> NoteSignature:
    if not line.startswith(_DASH):
        raise _bad("a signature line begins with an em dash and a space")
    name, gap, encoded = line[len(_DASH) :].partition(" ")
    if not gap:
        raise _bad("a signature line holds a key name and a signature")
    data = decode_base64(encoded)
    if len(data) <= _ID_SIZE:
        raise _bad("a signature is longer than its key id")
    return NoteSignature(check_key_name(name), data[:_ID_SIZE], data[_ID_SIZE:])


def parse_note(data: bytes) -> Note:
    """Read a note; its signatures are not checked yet, so nothing in it may be believed.

    Args:
        data: At most a million bytes of UTF-8.

    Returns:
        The note.

    Raises:
        InputError: The bytes break a rule of the format.
    """
    if len(data) > MAX_NOTE_BYTES:
        raise _bad(f"the note is larger than {MAX_NOTE_BYTES} bytes")
    try:
        whole = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _bad("the note is not UTF-8") from error
    text, gap, block = whole.rpartition("\n\n")
    if not gap:
        raise _bad("a note is a text, an empty line and signature lines")
    text += "\n"
    _check_text(text)
    return Note(text, parse_signatures(block))


def verified_by(note: Note, known: Sequence[Verifier]) -> tuple[Verifier, ...]:
    """Return the known keys that signed a note.

    Args:
        note: The note.
        known: The keys that the reader trusts. Signatures of other keys are passed over.

    Returns:
        The keys, in the note's order; never empty.

    Raises:
        IntegrityError: A known key's signature is wrong, or no known key signed.
    """
    message = note.text.encode("utf-8")
    found: list[Verifier] = []
    for line in note.signatures:
        key = next((key for key in known if (key.name, key.key_id) == (line.name, line.key_id)), None)
        if key is None:
            continue
        if not key.is_signed(message, line.signature):
            raise IntegrityError("note.signature", f"the signature of {line.name} is wrong")
        found.append(key)
    if not found:
        raise IntegrityError("note.unsigned", "no known key signed the note")
    return tuple(found)
