"""Addresses of feeds: how each is reached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, unquote, urlsplit

from truceline.core.errors import InputError

PEERS = ("tcp", "tcp-listen", "tls", "tls-listen", "udp-listen", "mqtt")
"""Kinds that name a host and a port."""
FOLDER, HANDED_IN = "folder", "api"
_OPTIONS = {
    "tls": {"ca", "cert", "key"}, "tls-listen": {"ca", "cert", "key"}, "udp-listen": {"interface"}, "mqtt": {"qos"},
}  # fmt: skip
_WAYS = (
    "write tcp://HOST:PORT, tcp-listen://HOST:PORT, tls://HOST:PORT?ca=FILE, tls-listen://HOST:PORT?cert=FILE&key=FILE, "
    "udp-listen://HOST:PORT, mqtt://HOST:PORT/TOPIC, folder:///PATH or api:"
)


@dataclass(frozen=True, slots=True)
class Address:
    """The address of a feed.

    Args:
        text: As it was written, without its options.
        kind: A word of `PEERS`, ``folder`` or ``api``.
        host: Name or address of the peer, or of what is listened at.
        port: Its port; 0 lets the system choose one to listen at.
        path: The folder, or the topic.
        options: Certificates of TLS (``ca``, ``cert``, ``key``: paths), ``interface`` of multicast.
    """

    text: str
    kind: str
    host: str = ""
    port: int = 0
    path: str = ""
    options: Mapping[str, str] = field(default_factory=dict)


def parse_address(text: str) -> Address:
    """Read the address of a feed.

    Args:
        text: ``tcp://HOST:PORT`` and ``tls://HOST:PORT`` are called, ``tcp-listen``, ``tls-listen`` and ``udp-listen`` are waited at
            (a group of multicast is joined), ``mqtt://HOST:PORT/TOPIC`` is subscribed to, ``folder:///PATH`` is looked through,
            ``api:`` is handed in.

    Returns:
        The address.

    Raises:
        InputError: It is none of these.
    """
    parts = urlsplit(text)
    try:
        port = parts.port
    except ValueError:
        port = None
    options = dict(parse_qsl(parts.query))
    kind, plain = parts.scheme, text.partition("?")[0]
    if text.rstrip("/") == f"{HANDED_IN}:":
        return Address(text, HANDED_IN)
    if kind == FOLDER and not parts.netloc and parts.path.startswith("/"):
        return Address(text, FOLDER, path=parts.path)
    topic = unquote(parts.path.removeprefix("/")) + (f"#{parts.fragment}" if text.endswith("#") else "")
    if kind not in PEERS or not parts.hostname or port is None or (kind == "mqtt") != bool(topic):
        raise InputError("feed.address", "this is no address of a feed", where=text[:80], todo=_WAYS)
    if unknown := sorted(options.keys() - _OPTIONS.get(kind, set())):
        raise InputError(
            "feed.address", f"nobody knows the option {unknown[0][:40]}", where=text[:80], todo=_WAYS
        )
    if kind == "tls-listen" and not {"cert", "key"} <= options.keys():
        raise InputError("feed.address", "TLS needs cert and key", where=text[:80], todo=_WAYS)
    return Address(plain, kind, parts.hostname, port, topic, options)


def is_handed_in(text: str) -> bool:
    """Say whether what a feed says is handed in over the API."""
    return parse_address(text).kind == HANDED_IN
