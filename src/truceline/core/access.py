"""Who looks and acts: the centre's roles, what each may read and do. The policy is data: ``data/rights.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from truceline.core.errors import ConfigError, TrucelineError
from truceline.core.release import CENTRE, DELEGATIONS, JOINT, PUBLIC

ENTITIES = (
    "reports", "claims", "incidents", "obligations", "counters", "features", "rejected", "notices", "watches",
    "rounds", "positions", "determinations", "record", "papers", "workspace", "accounts", "audit", "health", "feeds",
)  # fmt: skip
"""What may be read."""

ACTS = (
    "enter", "review", "propose", "seal", "notify", "read_back", "watch", "undo", "release", "export", "note",
    "manage_accounts", "back_up", "protect", "subscribe",
)  # fmt: skip
"""What may be done."""

VISITOR = "public"
"""The role of whoever has not signed in."""


class ForbiddenError(TrucelineError):
    """The role does not reach that far, or nobody signed in."""


class WaitError(TrucelineError):
    """Too many tries in too short a time; ``facts["seconds"]`` says how long to wait."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a route needs of whoever asks it. A route without one answers nobody.

    Args:
        reads: The entity that must be readable; ``*`` stands for the one that the address names. Empty: none.
        does: The act that must be allowed; empty: none.
        is_open: Whether a visitor is answered too, as far as the visitor's role reaches.
        is_own: Whether it is about the asker's own account: a session is needed, a program's token is not enough.
        is_local: Whether whoever asks from the machine itself is answered too.
    """

    reads: str = ""
    does: str = ""
    is_open: bool = False
    is_own: bool = False
    is_local: bool = False

    def allows(self, role: Role, *, is_signed_in: bool, by_token: bool = False, named: str = "") -> bool:
        """Say whether a role is answered.

        Args:
            role: The role.
            is_signed_in: Whether it is somebody in particular.
            by_token: Whether a program asks in somebody's name.
            named: The entity that the address names, where `reads` is ``*``.

        Returns:
            Whether it is.
        """
        if not is_signed_in and not self.is_open:
            return False
        if self.is_own and by_token:
            return False
        entity = named if self.reads == "*" else self.reads
        return (not entity or entity in role.reads) and (not self.does or self.does in role.does)


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the centre.

    Args:
        name: Its word.
        receives: Whose share of the items it is given: ``public``, ``joint``, ``own`` (its delegation's or party's),
            or ``nothing``.
        reads: The entities that it may read.
        does: The acts that it may do.
        rank: What its signature is worth in a round: ``duty``, ``deputy``, ``head``, or empty.
    """

    name: str
    receives: str
    reads: frozenset[str]
    does: frozenset[str]
    rank: str = ""


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody at the centre, by number; nobody's name is known here (MISSION rule 17).

    Args:
        number: Duty number, for example ``A:0417``; empty for a visitor.
        role: The role.
        side: A delegation's letter, ``party:<slug>``, or empty.
        languages: Languages of the interface, the preferred one first.
    """

    number: str
    role: Role
    side: str = ""
    languages: tuple[str, ...] = ()

    @property
    def recipient(self) -> str | None:
        """Whose share this viewer is given, as `core.release.check_recipient` knows it; None is given nothing."""
        if self.role.receives == "own":
            return self.side or PUBLIC
        return {"public": PUBLIC, "joint": JOINT}.get(self.role.receives)

    @property
    def owner(self) -> str:
        """Whose it is, what this viewer enters."""
        return self.side if self.side in DELEGATIONS else CENTRE

    @property
    def is_signed_in(self) -> bool:
        """Whether this is somebody in particular."""
        return bool(self.number)

    def may_read(self, entity: str) -> bool:
        """Say whether the role may read an entity."""
        return entity in self.role.reads

    def may_do(self, act: str) -> bool:
        """Say whether the role may do an act."""
        return act in self.role.does


Rights = Mapping[str, Role]
"""Role's word -> the role."""


def lessened(viewer: Viewer, reads: frozenset[str], does: frozenset[str]) -> Viewer:
    """Return a viewer who reads and does no more than some entities and acts, and no more than before.

    Args:
        viewer: In whose name somebody asks.
        reads: The entities at most.
        does: The acts at most.

    Returns:
        The lesser viewer.
    """
    role = replace(viewer.role, reads=viewer.role.reads & reads, does=viewer.role.does & does)
    return replace(viewer, role=role)


def read_watched(value: Mapping[str, object]) -> frozenset[str]:
    """Read which entities' reading is written down.

    Args:
        value: What ``rights.toml`` holds: the list ``watched``.

    Returns:
        The entities.

    Raises:
        ConfigError: One of them is none.
    """
    return _words("", value, "watched", ENTITIES)


def read_rights(value: Mapping[str, object]) -> Rights:
    """Read the policy.

    Args:
        value: What ``rights.toml`` holds: a table a role.

    Returns:
        The roles.

    Raises:
        ConfigError: A role names an entity, an act or a share that nobody knows, or the visitor's role is missing.
    """
    roles = {name: _role(name, facts) for name, facts in value.items() if isinstance(facts, Mapping)}
    if VISITOR not in roles:
        raise ConfigError("rights.visitor", f"the role '{VISITOR}' is missing", where="rights.toml")
    return roles


def _role(name: str, facts: Mapping[str, object]) -> Role:
    receives = str(facts.get("receives", ""))
    if receives not in {"public", "joint", "own", "nothing"}:
        raise ConfigError(
            "rights.receives", f"'{receives}' is no share", where=f"rights.toml: {name}",
            todo="use public, joint, own or nothing",
        )  # fmt: skip
    return Role(
        name,
        receives,
        _words(name, facts, "reads", ENTITIES),
        _words(name, facts, "does", ACTS),
        str(facts.get("rank", "")),
    )


def _words(name: str, facts: Mapping[str, object], key: str, known: tuple[str, ...]) -> frozenset[str]:
    given = facts.get(key, [])
    words = [str(word) for word in given] if isinstance(given, list) else [str(given)]
    for word in words:
        if word not in known:
            raise ConfigError(
                f"rights.{key}",
                f"'{word}' is none of {', '.join(known)}",
                where=f"rights.toml: {name or key}",
            )
    return frozenset(words)
