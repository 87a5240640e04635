"""Who is signed in: short sessions by a random token, of which only the hash is kept."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256

from truceline.core.access import Viewer

COOKIE = "truceline"
_IDLE = timedelta(minutes=30)
_LINK_LASTS = timedelta(minutes=30)


@dataclass
class Sessions:
    """The sessions of one process.

    Args:
        clock: Tells the time.
    """

    clock: Callable[[], datetime]
    _held: dict[str, tuple[Viewer, datetime]] = field(default_factory=dict)
    _links: dict[str, tuple[Viewer, datetime]] = field(default_factory=dict)
    _open_links: dict[str, Viewer] = field(default_factory=dict)

    def link(self, viewer: Viewer) -> str:
        """Make a word that signs somebody in once.

        Args:
            viewer: Who it is for.

        Returns:
            The word, for the address ``/sign-in/<word>``.
        """
        word = secrets.token_urlsafe(24)
        self._links[_hash(word)] = (viewer, self.clock() + _LINK_LASTS)
        return word

    def open_link(self, viewer: Viewer) -> str:
        """Make a word that signs somebody in as often as it is used, as long as the service runs: for a demo alone.

        Args:
            viewer: Who it is for.

        Returns:
            The word.
        """
        word = secrets.token_urlsafe(24)
        self._open_links[_hash(word)] = viewer
        return word

    def open(self, word: str) -> str | None:
        """Sign in by a word; one that `link` gave is used up.

        Args:
            word: What `link` or `open_link` gave.

        Returns:
            The session's token, or None where the word is unknown or too old.
        """
        viewer, until = self._links.pop(_hash(word), (None, None))
        if until is not None and until < self.clock():
            viewer = None
        viewer = viewer or self._open_links.get(_hash(word))
        if viewer is None:
            return None
        token = secrets.token_urlsafe(32)
        self._held[_hash(token)] = (viewer, self.clock() + _IDLE)
        return token

    def viewer(self, token: str) -> Viewer | None:
        """Say whose session a token is, and let it go on; None where it has ended."""
        key = _hash(token)
        viewer, until = self._held.get(key, (None, None))
        if viewer is None or until is None:
            return None
        if until < self.clock():
            del self._held[key]
            return None
        self._held[key] = (viewer, self.clock() + _IDLE)
        return viewer

    def close(self, token: str) -> None:
        """End a session."""
        self._held.pop(_hash(token), None)


def _hash(token: str) -> str:
    return sha256(token.encode()).hexdigest()
