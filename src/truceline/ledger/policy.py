"""Trust policy: whose checkpoints count. Source: C2SP tlog-policy, the part without witnesses.

A policy that names witnesses or groups is refused, not half understood: a quorum that nobody checks would look checked.
"""

from __future__ import annotations

from dataclasses import dataclass

from truceline.core.errors import InputError
from truceline.ledger.keys import Verifier, parse_vkey

NO_QUORUM = "none"


@dataclass(frozen=True, slots=True)
class Policy:
    """The logs whose checkpoints count, and the quorum of witnesses that must have cosigned: ``none`` for now."""

    logs: tuple[Verifier, ...]
    quorum: str = NO_QUORUM


def _bad(what: str, where: str) -> InputError:
    return InputError("policy.malformed", what, where=where, todo="export the record again")


def format_policy(policy: Policy) -> bytes:
    """Write a policy, one line a log, then the quorum."""
    lines = [f"log {key.vkey}\n" for key in policy.logs]
    return "".join([*lines, f"quorum {policy.quorum}\n"]).encode()


def parse_policy(data: bytes) -> Policy:
    """Read a policy.

    Args:
        data: Lines of ``log <vkey> [<url>]`` and one ``quorum none``; empty lines and ``#`` lines are passed over.

    Returns:
        The policy.

    Raises:
        InputError: A line has another form, a key stands twice, the quorum line is missing, or witnesses are named.
    """
    if any(byte < 0x20 and byte not in b"\t\n" for byte in data) or b"\x7f" in data:
        raise _bad("a policy holds no control characters", "policy")
    if not data.endswith(b"\n"):
        raise _bad("the last line has no newline", "policy")
    logs: list[Verifier] = []
    quorums = 0
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), start=1):
        where = f"policy line {number}"
        words = line.replace("\t", " ").split(" ")
        words = [word for word in words if word]
        if not words or words[0].startswith("#"):
            continue
        if words[0] == "log" and len(words) in {2, 3}:
            logs.append(parse_vkey(words[1]))
        elif words == ["quorum", NO_QUORUM]:
            quorums += 1
        elif words[0] in {"witness", "group", "quorum"}:
            raise _bad("this version checks no witnesses", where)
        else:
            raise _bad("this is no line of a policy", where)
    if quorums != 1:
        raise _bad("a policy has exactly one quorum line", "policy")
    if len({key.public_key for key in logs}) != len(logs):
        raise _bad("a log's key stands twice", "policy")
    return Policy(tuple(logs))
