"""Connections of feeds on the loopback: whoever is silent, too many or broken harms nobody else."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from truceline.adapters.sensors import streams
from truceline.core.errors import InputError
from truceline.testing.wires import capture


class Ear:
    """Writes down what it hears; answers in capitals; gives up at ``stop``."""

    def __init__(self, heard: dict[str, bytes], peer: str) -> None:
        self.heard, self.peer = heard, peer
        heard.setdefault(peer, b"")

    def take(self, data: bytes) -> bytes | None:
        self.heard[self.peer] += data
        return None if b"stop" in data else data.upper()

    def close(self) -> None:
        self.heard[self.peer] += b"|"


def attended(
    address: str, does: Callable[[int, dict[str, bytes], list[str]], Awaitable[Any]]
) -> tuple[dict[str, bytes], list[str]]:
    """Attend a feed while something is done; returns what was heard, by peer, and what was told."""
    heard, told = dict[str, bytes](), list[str]()

    async def main() -> None:
        bound = asyncio.get_running_loop().create_future()
        task = asyncio.create_task(
            streams.attend(address, lambda peer: Ear(heard, peer), told.append, bound.set_result)
        )
        port = (
            0
            if address.startswith(("tcp://", "tls://", "mqtt:", "folder:"))
            else await asyncio.wait_for(bound, 5)
        )
        await does(port, heard, told)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

    asyncio.run(main())
    return heard, told


async def until(true: Callable[[], bool]) -> None:
    for _ in range(200):
        if true():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come about")


def test_what_comes_is_heard_and_answered() -> None:
    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"abc")
        assert await reader.readexactly(3) == b"ABC"
        writer.close()
        await until(lambda: b"abc|" in heard.values() and bool(told))

    attended("tcp-listen://127.0.0.1:0", does)


def test_a_connection_that_is_of_no_use_is_closed_and_others_go_on() -> None:
    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        good_reader, good = await asyncio.open_connection("127.0.0.1", port)
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"stop")
        assert await reader.read() == b""
        good.write(b"x")
        assert await good_reader.readexactly(1) == b"X"
        assert any("hold no message" in line for line in told)
        good.close()
        writer.close()

    attended("tcp-listen://127.0.0.1:0", does)


def test_who_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "IDLE_S", 0.1)

    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        assert await asyncio.wait_for(reader.read(), 5) == b""
        assert "said nothing" in told[0]
        writer.close()

    attended("tcp-listen://127.0.0.1:0", does)


def test_more_connections_than_a_feed_has_are_closed_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_PEERS", 3)

    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        links = [await asyncio.open_connection("127.0.0.1", port) for _ in range(3)]
        await until(lambda: len(heard) == 3)
        for _ in range(50):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            assert await asyncio.wait_for(reader.read(), 5) == b""
            writer.close()
        links[0][1].write(b"still")
        assert await links[0][0].readexactly(5) == b"STILL"
        assert len(heard) == 3
        for _, writer in links:
            writer.close()

    attended("tcp-listen://127.0.0.1:0", does)


def test_a_datagram_is_a_stream_of_its_own() -> None:
    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            for data in (b"one", b"two"):
                link.sendto(data, ("127.0.0.1", port))
            await until(lambda: list(heard.values()) == [b"one|two|"])

    attended("udp-listen://127.0.0.1:0", does)


def test_a_sensor_that_is_called_is_called_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "FIRST_S", 0.05)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = int(held.getsockname()[1])
    n_called = 0

    async def does(_: int, heard: dict[str, bytes], told: list[str]) -> None:
        await until(lambda: any("tried again" in line for line in told))

        async def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            nonlocal n_called
            n_called += 1
            writer.write(b"hello")
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(came, "127.0.0.1", port):
            await until(lambda: n_called >= 2 and b"hello|hello|" in next(iter(heard.values()), b""))

    attended(f"tcp://127.0.0.1:{port}", does)


@pytest.mark.parametrize(
    "text",
    [
        "", "radar", "http://localhost:80", "tcp://host", "tcp://:80", "udp-listen://h:99999", "folder://here", "api://h:80",
        "mqtt://h:1883", "tcp://h:80/topic",
    ],
)  # fmt: skip
def test_an_address_that_is_none_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(InputError, match="no address of a feed"):
        streams.parse_address(text)


def test_options_of_an_address_are_known_or_refused() -> None:
    address = streams.parse_address("tls://host:8089?ca=/a/ca.pem")
    assert (address.text, address.options) == ("tls://host:8089", {"ca": "/a/ca.pem"})
    for text in ("tls://host:8089?pin=1", "tls-listen://host:8089", "tcp://host:1?ca=x"):
        with pytest.raises(InputError):
            streams.parse_address(text)
    assert streams.parse_address("mqtt://h:1883/a/+/b").path == "a/+/b"
    assert streams.parse_address("mqtt://h:1883/a/#").path == "a/#"


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate of this test's own for localhost, and its key."""
    folder = tmp_path_factory.mktemp("tls")
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    cert, private = folder / "cert.pem", folder / "key.pem"
    cert.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return cert, private


def test_a_peer_is_heard_by_tls_and_whoever_cannot_show_a_certificate_is_not(
    certificate: tuple[Path, Path],
) -> None:
    cert, key = certificate

    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        mutual = ssl.create_default_context(cafile=str(cert))
        mutual.load_cert_chain(cert, key)
        reader, writer = await asyncio.open_connection("localhost", port, ssl=mutual)
        writer.write(b"abc")
        assert await reader.readexactly(3) == b"ABC"
        writer.close()
        bare = ssl.create_default_context(cafile=str(cert))
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("localhost", port, ssl=bare)
            writer.write(b"nobody")
            assert await reader.read() == b""
        assert all(b"nobody" not in data for data in heard.values())

    attended(f"tls-listen://localhost:0?cert={cert}&key={key}&ca={cert}", does)


def test_a_sensor_is_called_by_tls_only_where_its_certificate_is_the_one_that_is_trusted(
    certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    cert, key = certificate
    monkeypatch.setattr(streams, "FIRST_S", 0.05)
    ours = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    ours.load_cert_chain(cert, key)

    async def came(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello")
        with suppress(OSError):
            await writer.drain()
        writer.close()

    async def main(options: str, true: Callable[[dict[str, bytes], list[str]], bool]) -> None:
        heard, told = dict[str, bytes](), list[str]()
        async with await asyncio.start_server(came, "127.0.0.1", 0, ssl=ours) as server:
            address = f"tls://localhost:{server.sockets[0].getsockname()[1]}{options}"
            task = asyncio.create_task(
                streams.attend(address, lambda peer: Ear(heard, peer), told.append, lambda _: None)
            )
            await until(lambda: true(heard, told))
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    asyncio.run(main(f"?ca={cert}", lambda heard, _: any(b"hello" in one for one in heard.values())))
    asyncio.run(main("", lambda heard, told: not heard and any("certificate" in one.lower() for one in told)))


def test_a_group_of_multicast_is_joined() -> None:
    async def does(port: int, heard: dict[str, bytes], told: list[str]) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
            link.setsockopt(socket.IPPROTO_IP, socket.IP_MULTICAST_IF, socket.inet_aton("127.0.0.1"))
            link.sendto(b"\x30\x00\x03", ("239.255.0.48", port))
        await until(lambda: list(heard.values()) == [b"\x30\x00\x03|"])

    attended("udp-listen://239.255.0.48:0?interface=127.0.0.1", does)


def test_a_topic_is_heard_message_by_message_and_again_after_the_broker_went_away(
    need: Callable[[str], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    program = need("mosquitto")
    aiomqtt = pytest.importorskip("aiomqtt")
    monkeypatch.setattr(streams, "FIRST_S", 0.05)
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = int(held.getsockname()[1])
    config = tmp_path / "mosquitto.conf"
    config.write_text(f"listener {port} 127.0.0.1\nallow_anonymous true\n", encoding="utf-8")

    async def said(*messages: bytes) -> None:
        async with aiomqtt.Client("127.0.0.1", port) as client:
            for message in messages:
                await client.publish("posts/op07", message, qos=1)

    async def does(_: int, heard: dict[str, bytes], told: list[str]) -> None:
        for round_ in range(2):
            broker = await asyncio.create_subprocess_exec(
                program, "-c", config, stderr=asyncio.subprocess.DEVNULL
            )
            await until(lambda n=round_: sum("subscribed" in line for line in told) == n + 1)
            await said(b"one", b"two")
            await until(lambda n=round_: heard.get("posts/op07") == b"one|two|" * (n + 1))
            broker.terminate()
            await broker.wait()

    attended(f"mqtt://127.0.0.1:{port}/posts/#", does)


def test_a_capture_in_a_folder_is_heard_datagram_by_datagram_and_its_torn_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streams, "LOOKED_S", 0.05)
    (tmp_path / "a.pcap").write_bytes(capture([(1.0, b"one"), (2.0, b"two"), (3.0, b"three")])[:-2])

    async def does(_: int, heard: dict[str, bytes], told: list[str]) -> None:
        await until(lambda: any("taken" in line for line in told))
        assert heard == {"a.pcap": b"one|two|"}
        assert any("cut off" in line for line in told)

    attended(f"folder://{tmp_path}", does)
