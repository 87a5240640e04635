"""Asks a witness over HTTP; the connection is kept for the next time."""

from __future__ import annotations

import http.client
from urllib.parse import quote, urlsplit

from truceline.core.errors import InputError, UnavailableError
from truceline.ledger.witness import OK, Answer

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
        self._prefix = parts.path.rstrip("/")
        self._connection = kind(parts.hostname, parts.port, timeout=timeout_s)

    def add_checkpoint(self, body: bytes) -> Answer:
        """Ask for a cosignature; see the Protocol."""
        return self._ask("POST", "add-checkpoint", body)

    def latest(self, origin: str) -> bytes | None:
        """Ask for the checkpoint that was cosigned last; see the Protocol."""
        answer = self._ask("GET", f"checkpoint/{quote(origin, safe='')}", b"")
        return answer.body if answer.status == OK else None

    def heads(self) -> bytes | None:
        """Ask for the heads of the lists that the side keeps there of what it handed over; None where it shows none."""
        answer = self._ask("GET", "outbox", b"")
        return answer.body if answer.status == OK else None

    def _ask(self, method: str, path: str, body: bytes) -> Answer:
        """Ask once; a connection that went stale is opened anew."""
        for attempt in (1, 2):
            try:
                self._connection.request(method, f"{self._prefix}/{path}", body)
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
