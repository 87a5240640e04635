"""A witness, until the process is ended, on the loopback only, by the standard library.

It answers ``add-checkpoint``, shows the last checkpoint of a log, and where a side wants it the heads of its outbox.
"""

from __future__ import annotations

import ipaddress
import socket
import threading
from collections.abc import Callable
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote

from truceline.core.errors import InputError, UnavailableError
from truceline.ledger.note import MAX_NOTE_BYTES
from truceline.ledger.witness import OK, Answer, Witness

_MAX_BODY = MAX_NOTE_BYTES + 64 * 64
_IDLE_S = 60.0
_NOTHING_ELSE = b"there is nothing here but add-checkpoint, checkpoint/<origin> and outbox\n"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "truceline"
    sys_version = ""
    timeout = _IDLE_S
    disable_nagle_algorithm = True
    wbufsize = -1
    answer: Callable[[bytes], Answer]
    show: Callable[[str], Answer]
    heads: Callable[[], Answer]

    def do_GET(self) -> None:
        if self.path.rsplit("/", 1)[-1] == "outbox":
            self._send(self.heads(), keep=True)
            return
        _, found, origin = self.path.partition("/checkpoint/")
        if not found:
            self._send(Answer(HTTPStatus.NOT_FOUND, _NOTHING_ELSE), keep=False)
        else:
            self._send(self.show(unquote(origin)), keep=True)

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        if self.path.rsplit("/", 1)[-1] != "add-checkpoint":
            self._send(Answer(HTTPStatus.NOT_FOUND, _NOTHING_ELSE), keep=False)
        elif not length.isascii() or not length.isdigit() or int(length) > _MAX_BODY:
            self._send(
                Answer(HTTPStatus.BAD_REQUEST, b"a request says its length, at most a note's\n"), keep=False
            )
        else:
            self._send(self.answer(self.rfile.read(int(length))), keep=True)

    def _send(self, answer: Answer, *, keep: bool) -> None:
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.media_type)
        self.send_header("Content-Length", str(len(answer.body)))
        self.send_header("X-Content-Type-Options", "nosniff")
        if not keep:
            self.send_header("Connection", "close")
            self.close_connection = True
        self.end_headers()
        self.wfile.write(answer.body)

    def log_message(self, *_args: object) -> None:
        """Say nothing: what a witness cosigned stands in its store."""


def serve_witness(
    make: Callable[[], Witness],
    bind: str,
    ready: Callable[[str], None],
    heads: Callable[[], bytes] | None = None,
) -> None:
    """Serve a witness until the process is ended.

    Args:
        make: Makes the witness; called once a thread, as a database connection belongs to one thread.
        bind: ``host:port``; the host must be a loopback address; port 0 takes a free one.
        ready: Told the address once it answers.
        heads: Shows the heads of the outbox of the witness's side; None shows none.

    Raises:
        InputError: The address is none of the loopback's.
        UnavailableError: The address is taken.
    """
    host, _, port = bind.rpartition(":")
    if not port.isdigit() or not _is_loopback(host):
        raise InputError(
            "witness.bind",
            f"'{bind}' is no address of this machine alone",
            todo="bind localhost:8470 and let a tunnel or a proxy with TLS carry it further",
        )
    local = threading.local()

    def mine() -> Witness:
        if not hasattr(local, "witness"):
            local.witness = make()
        found: Witness = local.witness
        return found

    def answer(_handler: _Handler, body: bytes) -> Answer:
        return mine().add_checkpoint(body)

    def show(_handler: _Handler, origin: str) -> Answer:
        note = mine().latest(origin)
        return (
            Answer(HTTPStatus.NOT_FOUND, b"nothing of this log was cosigned here\n")
            if note is None
            else Answer(OK, note)
        )

    def show_heads(_handler: _Handler) -> Answer:
        if heads is None:
            return Answer(HTTPStatus.NOT_FOUND, b"no outbox is shown here\n")
        return Answer(OK, heads(), "application/json")

    handler = type("_Bound", (_Handler,), {"answer": answer, "show": show, "heads": show_heads})
    try:
        server = ThreadingHTTPServer((host or "localhost", int(port)), handler)
    except (OSError, OverflowError) as error:
        raise UnavailableError("witness.bind", f"the address can not be used: {error}", where=bind) from error
    server.daemon_threads = True
    with server:
        ready(f"http://{host or 'localhost'}:{server.server_address[1]}")
        server.serve_forever()


def _is_loopback(host: str) -> bool:
    try:
        found = socket.getaddrinfo(host or "localhost", None)
    except (OSError, UnicodeError):
        return False
    return bool(found) and all(ipaddress.ip_address(entry[4][0]).is_loopback for entry in found)
