"""Trust policy: whose checkpoints count, and who must have cosigned them. Source: C2SP tlog-policy."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from truceline.core.errors import InputError
from truceline.ledger.keys import COSIGNATURE, ED25519, Verifier, parse_vkey

NO_QUORUM = "none"
MAX_NAMES = 64
"""Logs, witnesses and groups that one policy may name; the specification asks for 32 of each."""

_TODO = "export the record again, or take the policy from whoever gave you the first copy"


@dataclass(frozen=True, slots=True)
class PolicyWitness:
    """A witness: its name within the policy, its key, and where it is asked (empty where nobody says)."""

    name: str
    key: Verifier
    url: str = ""


@dataclass(frozen=True, slots=True)
class PolicyGroup:
    """A group: it stands behind a checkpoint where at least ``threshold`` of its members do."""

    name: str
    threshold: int
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """Whose checkpoints count.

    Args:
        logs: Keys of the logs; a key's name is the log's origin line.
        witnesses: Who may cosign.
        groups: In an order in which each names only what stands before it.
        quorum: A witness, a group or ``none``.
    """

    logs: tuple[Verifier, ...]
    witnesses: tuple[PolicyWitness, ...] = ()
    groups: tuple[PolicyGroup, ...] = ()
    quorum: str = NO_QUORUM

    def is_met(self, cosigners: Collection[Verifier]) -> bool:
        """Say whether these witnesses are enough.

        Args:
            cosigners: Keys of witnesses whose cosignatures were checked; keys of others do not count.

        Returns:
            True where the quorum is reached, always where it is ``none``.
        """
        standing = {witness.name for witness in self.witnesses if witness.key in cosigners}
        for group in self.groups:
            if len(standing.intersection(group.members)) >= group.threshold:
                standing.add(group.name)
        return self.quorum == NO_QUORUM or self.quorum in standing


def require_all(log: Verifier, witnesses: Iterable[PolicyWitness]) -> Policy:
    """Return the policy under which every one of some witnesses must have cosigned.

    Args:
        log: The log's key.
        witnesses: None of them gives ``quorum none``.

    Returns:
        The policy.
    """
    named = tuple(witnesses)
    if not named:
        return Policy((log,))
    group = PolicyGroup("everyone", len(named), tuple(witness.name for witness in named))
    return Policy((log,), named, (group,), group.name)


def format_policy(policy: Policy) -> bytes:
    """Write a policy: logs, witnesses, groups, then the quorum, a line each.

    Args:
        policy: The policy.

    Returns:
        The bytes that `parse_policy` reads back to an equal policy.

    Raises:
        InputError: A name or address in it can not stand in a policy, or it could never be met.
    """
    lines = [f"log {key.vkey}" for key in policy.logs]
    lines += [f"witness {one.name} {one.key.vkey} {one.url}".rstrip() for one in policy.witnesses]
    lines += [f"group {one.name} {_threshold(one)} {' '.join(one.members)}" for one in policy.groups]
    lines.append(f"quorum {policy.quorum}")
    data = "".join(f"{line}\n" for line in lines).encode("utf-8", "surrogateescape")
    if parse_policy(data) != policy:
        raise _bad("a name in it does not come back as it went in", "policy")
    return data


def _threshold(group: PolicyGroup) -> str:
    return "all" if group.threshold == len(group.members) else str(group.threshold)


def _bad(what: str, where: str) -> InputError:
    return InputError("policy.malformed", what, where=where, todo=_TODO)


def parse_policy(data: bytes) -> Policy:
    """Read a policy.

    Args:
        data: Lines of ``log``, ``witness`` and ``group`` and one ``quorum``; empty lines and ``#`` lines are passed
            over.

    Returns:
        The policy.

    Raises:
        InputError: A line has another form, a key or name stands twice, a group or quorum names what does not stand
            before it, a threshold can not be met, or there is not exactly one quorum line.
    """
    if any(byte < 0x20 and byte not in b"\t\n" for byte in data) or b"\x7f" in data:
        raise _bad("a policy holds no control characters", "policy")
    if not data.endswith(b"\n"):
        raise _bad("the last line has no newline", "policy")
    reading = _Reading()
    for number, line in enumerate(data.decode("utf-8", "surrogateescape").split("\n"), start=1):
        words = [word for word in line.replace("\t", " ").split(" ") if word]
        if words and not words[0].startswith("#"):
            reading.take(words, f"policy line {number}")
    return reading.done()


class _Reading:
    """A policy while it is read, line by line."""

    def __init__(self) -> None:
        self.logs: list[Verifier] = []
        self.witnesses: list[PolicyWitness] = []
        self.groups: list[PolicyGroup] = []
        self.quorums: list[str] = []
        self.names: set[str] = set()
        self.members: set[str] = set()

    def take(self, words: list[str], where: str) -> None:
        match words:
            case ["log", vkey, *url] if len(url) <= 1:
                self.logs.append(_key(vkey, ED25519, self.logs, where))
            case ["witness", name, vkey, *url] if len(url) <= 1:
                key = _key(vkey, COSIGNATURE, [one.key for one in self.witnesses], where)
                self.witnesses.append(PolicyWitness(self.name(name, where), key, "".join(url)))
            case ["group", name, threshold, *members] if members:
                self.groups.append(self.group(name, threshold, tuple(members), where))
            case ["quorum", name]:
                if name != NO_QUORUM and name not in self.names:
                    raise _bad("the quorum names nobody of the lines before it", where)
                self.quorums.append(name)
            case _:
                raise _bad("this is no line of a policy", where)
        if max(len(self.logs), len(self.witnesses), len(self.groups)) > MAX_NAMES:
            raise _bad(f"a policy names at most {MAX_NAMES} of a kind", where)

    def name(self, name: str, where: str) -> str:
        if name in self.names or name == NO_QUORUM:
            raise _bad("the name is taken", where)
        self.names.add(name)
        return name

    def group(self, name: str, threshold: str, members: tuple[str, ...], where: str) -> PolicyGroup:
        for member in members:
            if member not in self.names or member in self.members:
                raise _bad("a member does not stand on a line before, or counts in two places", where)
            self.members.add(member)
        least = {"all": len(members), "any": 1}.get(threshold)
        if least is None:
            is_plain = (
                threshold.isascii() and threshold.isdigit() and len(threshold) <= len(str(len(members)))
            )
            least = int(threshold) if is_plain and not threshold.startswith("0") else 0
        if not 1 <= least <= len(members):
            raise _bad(f"no {len(members)} members can be {threshold[:20]}", where)
        return PolicyGroup(self.name(name, where), least, members)

    def done(self) -> Policy:
        if len(self.quorums) != 1:
            raise _bad("a policy has exactly one quorum line", "policy")
        return Policy(tuple(self.logs), tuple(self.witnesses), tuple(self.groups), self.quorums[0])


def _key(vkey: str, kind: int, taken: Iterable[Verifier], where: str) -> Verifier:
    try:
        key = parse_vkey(vkey)
    except InputError as error:
        raise _bad(error.what, where) from error
    if key.kind != kind:
        raise _bad("the key is of another kind than the line wants", where)
    if any(key.public_key == other.public_key for other in taken):
        raise _bad("a key stands twice", where)
    return key
