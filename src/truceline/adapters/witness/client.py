"""Asks a witness over HTTP; the connection is kept for the next time."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

from truceline.core.errors import InputError, UnavailableError
from truceline.ledger.witness import Answer

_TIMEOUT_S = 10.0
_MAX_ANSWER = 65_536


class HttpWitness:
    """A witness at an address.

    Args:
        url: Its submission prefix, ``http://…`` or ``https://…``.
        timeout_s: How long to wait.

    Raises:
        InputError: The address is none.
    """

    def __init__(self, url: str, timeout_s: float = _TIMEOUT_S) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise InputError(
                "witness.url", f"'{url}' is no address of a witness", todo="write http://localhost:8470"
            )
        kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        self._url = url
        self._path = f"{parts.path.rstrip('/')}/add-checkpoint"
        self._connection = kind(parts.hostname, parts.port, timeout=timeout_s)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Ask for a cosignature; see the Protocol. A connection that went stale is opened anew once."""
        for attempt in (1, 2):
            try:
                self._connection.request("POST", self._path, body)
                response = self._connection.getresponse()
                data = response.read(_MAX_ANSWER + 1)
            except (OSError, http.client.HTTPException) as error:
                self._connection.close()
                if attempt == 1 and isinstance(error, http.client.RemoteDisconnected | ConnectionResetError):
                    continue
                reason = getattr(error, "strerror", None) or type(error).__name__
                raise UnavailableError(
                    "witness.away",
                    f"the witness does not answer: {reason}",
                    where=self._url,
                    todo="ask again later; nothing waits for it",
                ) from error
            if len(data) > _MAX_ANSWER:
                self._connection.close()
                raise UnavailableError("witness.answer", "the answer is too long", where=self._url)
            return Answer(response.status, data, response.headers.get("Content-Type", ""))
        raise AssertionError("unreachable")

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
