"""What hears a connection, whatever it comes over."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol


class Ear(Protocol):
    """Hears one connection."""

    def take(self, data: bytes) -> bytes | None:
        """Hear bytes; returns what is answered, or None where the connection is of no use any more."""

    def close(self) -> None:
        """Hear that it ended."""


Opened = Callable[[str], Ear]
"""Makes the ear of a connection from the name of its peer."""
Told = Callable[[str], None]
"""Is told in one line what happens to a connection."""
