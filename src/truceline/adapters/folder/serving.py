"""Serves the pages and papers of a run, which have passed the release gate, and nothing else, on the loopback only, by the standard library."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

from truceline.core.errors import InputError, UnavailableError
from truceline.core.release import is_served

_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
}


class _Handler(SimpleHTTPRequestHandler):
    server_version = "truceline"
    sys_version = ""

    def __init__(self, *args: object, front: bytes, **kwargs: object) -> None:
        self._front = front
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]

    def end_headers(self) -> None:
        for name, value in _HEADERS.items():
            self.send_header(name, value)
        super().end_headers()

    def do_GET(self) -> None:
        if self._begins():
            super().do_GET()

    def do_HEAD(self) -> None:
        if self._begins():
            super().do_HEAD()

    def _begins(self) -> bool:
        """Answer the front page, refuse what has not passed the release gate; True where the file shall be sent."""
        path = unquote(urlsplit(self.path).path)
        if path in {"/", "/index.html"}:
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(self._front)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(self._front)
            return False
        aliases = {"/board": "/board.html", "/map": "/map.html"}
        self.path = aliases.get(path, path)
        name = self.path.lstrip("/")
        if not is_served(name):
            self.send_error(HTTPStatus.NOT_FOUND, "there is no such page")
            return False
        return True

    def log_message(self, *_args: object) -> None:
        """Say nothing: who looked at what is nobody's business here."""


def serve_folder(folder: Path, bind: str, front: bytes, ready: Callable[[str], None]) -> None:
    """Serve a folder until the process is ended.

    Args:
        folder: What a run wrote.
        bind: ``host:port``; the host must be a loopback address; port 0 takes a free one.
        front: The front page, UTF-8 HTML.
        ready: Told the address once it answers.

    Raises:
        InputError: The folder is missing or the address is none of the loopback's.
        UnavailableError: The address is taken.
    """
    if not folder.is_dir():
        raise InputError(
            "serve.folder", "there is no such folder", where=str(folder), todo="run the mission first"
        )
    host, port = _loopback(bind)
    handler = partial(_Handler, directory=str(folder), front=front)
    try:
        server = ThreadingHTTPServer((host, port), handler)
    except OSError as error:
        raise UnavailableError(
            "serve.bind", f"cannot listen: {error.strerror}", where=bind, todo="name another port with --bind"
        ) from error
    with server:
        ready(f"http://{bind.rpartition(':')[0] or 'localhost'}:{server.server_port}/")
        server.serve_forever()


def _loopback(bind: str) -> tuple[str, int]:
    host, _, port = bind.rpartition(":")
    name = host.strip("[]") or "localhost"
    try:
        address = socket.gethostbyname(name) if name != "::1" else name
        if not ipaddress.ip_address(address).is_loopback:
            raise InputError(
                "serve.bind", "only this machine may be served to", where=bind, todo="use localhost:8460"
            )
        return address, int(port)
    except (OSError, ValueError) as error:
        raise InputError(
            "serve.bind", "is no address to listen on", where=bind, todo="write it as localhost:8460"
        ) from error
