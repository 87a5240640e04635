"""Decode files of sensors' messages; decoders are found by their entry points."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from importlib import metadata
from pathlib import Path

from truceline.app import wiring
from truceline.core.errors import ConfigError, InputError, MissingExtraError
from truceline.core.frames import Frame, Refused
from truceline.detect.ports import Decoder

GROUP = "truceline.decoders"
_PARQUET = b"PAR1"


def formats() -> tuple[str, ...]:
    """List the formats that this installation reads, in alphabetical order."""
    return tuple(sorted({point.name for point in metadata.entry_points(group=GROUP)}))


def decoder_of(name: str) -> Decoder:
    """Make a decoder that has heard nothing yet.

    Args:
        name: The format's name.

    Returns:
        The decoder.

    Raises:
        ConfigError: No decoder has this name.
        MissingExtraError: It needs a part that is not installed.
    """
    for point in metadata.entry_points(group=GROUP, name=name):
        try:
            made: Decoder = point.load()()
        except ImportError as error:
            raise MissingExtraError(
                "extra.sensors",
                f"the format '{name}' needs the extra 'sensors'",
                todo='pip install "truceline[sensors]"',
            ) from error
        return made
    raise ConfigError(
        "decode.format", f"there is no decoder of '{name}'", todo=f"one of: {', '.join(formats())}"
    )


def decode_files(
    name: str, paths: Sequence[Path], decoder: Decoder | None = None
) -> Iterator[tuple[Path, Frame | Refused]]:
    """Decode files one after another, as one feed.

    Args:
        name: The format's name.
        paths: The files: bytes as they came, or segments.
        decoder: Reads them; None makes a new one.

    Yields:
        The file, and a frame or why there is none.

    Raises:
        ConfigError: No decoder has this name.
        InputError: A file cannot be read.
        MissingExtraError: The decoder needs a part that is not installed.
    """
    decoder = decoder or decoder_of(name)
    for path in paths:
        try:
            data = path.read_bytes()
        except OSError as error:
            raise InputError("decode.file", error.strerror or "it cannot be read", where=str(path)) from error
        if data[:4] == _PARQUET:
            # a segment of the record: its messages one after another are the feed as it was
            data = b"".join(one.data for one in wiring.read_segment(path))
        if wiring.is_pcap(data):
            for part in wiring.datagrams(data):
                found_in = [part] if isinstance(part, Refused) else decoder.decode(part.data, part.at_s)
                for one in found_in:
                    # a refusal of the capture itself says where it stands; a message stands behind its packet's beginning
                    at = one.offset if one is part else part.offset + one.offset
                    yield path, replace(one, offset=at)
            continue
        for found in decoder.decode(data):
            yield path, found
