"""Topics of MQTT: every message is heard on its own, as a datagram is."""

from __future__ import annotations

from truceline.adapters.sensors.addresses import Address
from truceline.adapters.sensors.ears import Opened, Told
from truceline.core.errors import InputError, MissingExtraError

MOST_MESSAGE = 1 << 20


async def subscribe(to: Address, opened: Opened, told: Told) -> None:
    """Hear a topic until the broker goes away.

    Args:
        to: Broker and topic, with ``+`` and ``#`` as MQTT has them.
        opened: Makes an ear for each message.
        told: Is told what happens.

    Raises:
        InputError: The broker is not reached, or ended the connection.
        MissingExtraError: The client is not installed.
    """
    try:
        import aiomqtt  # noqa: PLC0415 - the extra 'sensors', only where a feed comes by MQTT
    except ImportError as error:
        raise MissingExtraError(
            "extra.sensors", "feeds by MQTT need the extra 'sensors'", todo='pip install "truceline[sensors]"'
        ) from error
    try:
        async with aiomqtt.Client(to.host, to.port) as client:
            await client.subscribe(to.path, qos=int(to.options.get("qos", "1")))
            told(f"{to.text}: subscribed")
            async for message in client.messages:
                topic, payload = str(message.topic)[:80], message.payload
                if not isinstance(payload, (bytes, bytearray)) or len(payload) > MOST_MESSAGE:
                    told(f"{topic}: a message was left out, it is longer than {MOST_MESSAGE} bytes")
                    continue
                ear = opened(topic)
                ear.take(bytes(payload))
                ear.close()
    except (aiomqtt.MqttError, ValueError) as error:
        raise InputError("feed.mqtt", str(error)[:120] or "the broker is not reached") from error
