"""Which papers a record says were made, and whether one at hand is among them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.ledger.entry import open_leaf, parse_payload
from truceline.ledger.imprint import PAPERS, Imprint
from truceline.ledger.reading import BundleReader, entries_of, payload_path
from truceline.ledger.tree import leaf_hash, root_of


@dataclass(frozen=True, slots=True)
class RecordedPaper:
    """A paper as the record names it.

    Args:
        index: The entry that names it.
        name: Its file name.
        language: Its language.
        sha256: Hex SHA-256 of the file.
        size: The file's bytes.
        content: Hex SHA-256 of what it says, as on its imprint.
        rests_on: How many entries it was made from.
    """

    index: int
    name: str
    language: str
    sha256: str
    size: int
    content: str
    rests_on: int


def recorded_papers(reader: BundleReader, size: int) -> Iterator[RecordedPaper]:
    """Give every paper that a bundle names; the bundle was verified before.

    Args:
        reader: The bundle's files.
        size: How many entries its checkpoint covers.

    Yields:
        The papers, in the record's order.

    Raises:
        IntegrityError: Entries are missing.
    """
    for index, entry in enumerate(entries_of(reader, size)):
        leaf, _ = open_leaf(entry)
        data = reader.read(payload_path(leaf.payload_sha256), leaf.payload_size)
        if (leaf.type, leaf.id) != ("batch", f"batch:{PAPERS}") or data is None:
            continue
        body = parse_payload(data)["body"]
        for paper in body["papers"]:
            yield RecordedPaper(index, rests_on=body["input"]["to"], **paper)


def paper_of_file(reader: BundleReader, size: int, sha256: str) -> RecordedPaper:
    """Find the paper that a file is.

    Args:
        reader: The bundle's files, verified before.
        size: How many entries its checkpoint covers.
        sha256: Hex SHA-256 of the file at hand.

    Returns:
        The paper.

    Raises:
        IntegrityError: The record names no such file.
    """
    for paper in recorded_papers(reader, size):
        if paper.sha256 == sha256:
            return paper
    raise IntegrityError(
        "paper.unknown",
        "the record names no file with these bytes: it was changed, or made from a later record",
        todo="ask for a copy of the record that ends after the report",
    )


def paper_of_imprint(reader: BundleReader, origin: str, size: int, imprint: Imprint) -> RecordedPaper:
    """Find the paper that an imprint speaks of, and hold the imprint's root against the record.

    Args:
        reader: The bundle's files, verified before.
        origin: The bundle's origin.
        size: How many entries its checkpoint covers.
        imprint: What the paper's code says.

    Returns:
        The paper.

    Raises:
        ConflictError: The imprint is of another record.
        InputError: The bundle ends before the paper was made.
        IntegrityError: The record has another root there, or names no such paper.
    """
    if imprint.origin != origin:
        raise ConflictError("paper.origin", f"the report is of the record '{imprint.origin}', not '{origin}'")
    if imprint.size > size:
        raise InputError(
            "paper.later",
            f"the report rests on {imprint.size} entries, this copy ends at {size}",
            todo="take a later copy of the record",
        )
    hashes = [
        leaf_hash(entry) for _, entry in zip(range(imprint.size), entries_of(reader, size), strict=False)
    ]
    if root_of(hashes) != imprint.root:
        raise IntegrityError(
            "paper.root",
            f"the report rests on another record: these {imprint.size} entries have another root",
            todo="keep the report; compare both sides' checkpoints with truceline record prove-fork",
        )
    wanted = (imprint.name, imprint.content.hex(), imprint.size)
    for paper in recorded_papers(reader, size):
        if (paper.name, paper.content, paper.rests_on) == wanted:
            return paper
    raise IntegrityError(
        "paper.unknown",
        f"the record names no '{imprint.name}' that says this",
        todo="take a copy of the record that ends after the report",
    )
