"""The parent's side of a SAPIENT connection: it acknowledges nodes that register, and neither sends nor obeys a task.

Source: BSI Flex 335 v2.0, 5 (registration), 7 (tasks).
"""

from __future__ import annotations

from google.protobuf import timestamp_pb2
from sapient_msg.bsi_flex_335_v2_0.sapient_message_pb2 import SapientMessage

from truceline.core.frames import Frame, Refused

NODE = "7472756e-6365-4c69-8e65-000000000000"
"""The parent's own id."""
_LENGTH = 4


class Parent:
    """Remembers which node registered by which connection."""

    def __init__(self) -> None:
        self._peers: dict[str, str] = {}

    def reply(self, frame: Frame, peer: str, now_s: float) -> bytes | Refused | None:
        """Say what a message is answered.

        Args:
            frame: A sound message.
            peer: The connection that it came by.
            now_s: The time, seconds since 1970.

        Returns:
            An acknowledgement of a registration; why a task, or what comes in another node's name, is refused; else None.
        """
        node = str(frame.values.get("node_id", ""))
        if frame.kind in {"task", "task_ack"}:
            return Refused(frame.offset, "sapient.task", "tasks are neither sent nor obeyed here", frame.kind)
        if frame.kind != "registration":
            return None
        holder = self._peers.setdefault(node, peer)
        is_free = holder == peer
        return acknowledged(node, now_s, "" if is_free else "this node is registered by another connection")

    def left(self, peer: str) -> None:
        """Forget a connection that ended, so that its node may register anew."""
        self._peers = {node: one for node, one in self._peers.items() if one != peer}


def acknowledged(node: str, now_s: float, why_not: str = "") -> bytes:
    """Write the answer to a registration, behind its length.

    Args:
        node: Id of the node.
        now_s: The time, seconds since 1970.
        why_not: Why it is not accepted; empty where it is.

    Returns:
        The bytes.
    """
    stamp = timestamp_pb2.Timestamp(seconds=int(now_s), nanos=int(now_s % 1 * 1e9))
    message = SapientMessage(timestamp=stamp, node_id=NODE, destination_id=node)
    message.registration_ack.acceptance = not why_not
    if why_not:
        message.registration_ack.ack_response_reason.append(why_not)
    data: bytes = message.SerializeToString()
    return len(data).to_bytes(_LENGTH, "little") + data
