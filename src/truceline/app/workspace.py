"""A delegation's workspace: drafts, grades and notes that nobody but its own officers opens (MISSION rules 16 and 19).

Each delegation has a key. It is wrapped for each of its officers by a key that follows from their password, and is
unwrapped in the memory of a session alone. Where a technician sets an account up anew, its wrap is lost until another
officer of the same side wraps the key again; where no officer is left, what was written is lost for good.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import msgspec

from truceline.app import wiring
from truceline.app.access import Access
from truceline.app.wiring import Grant, KeptNote
from truceline.core.access import ForbiddenError, Viewer
from truceline.core.errors import ConflictError, InputError
from truceline.core.release import DELEGATIONS
from truceline.core.times import format_instant

KINDS = ("draft", "grade", "note")
"""What is kept of each incident."""
_KEY_BYTES = 32
_MOST = 20_000


@dataclass(frozen=True, slots=True)
class Waiting:
    """An officer whom the key is not wrapped for.

    Args:
        number: Their number.
        fingerprint: Of their public key; both officers compare it before the key is wrapped.
    """

    number: str
    fingerprint: str


@dataclass(frozen=True, slots=True)
class Shown:
    """A thing of the workspace, open.

    Args:
        version: 0 where nothing was written.
        value: What was written; None where nothing was.
        by: The number of who wrote it.
        at: When.
    """

    version: int = 0
    value: Any = None
    by: str = ""
    at: str = ""


class _Inside(msgspec.Struct):
    value: Any
    by: str
    at: str


def has_workspace(viewer: Viewer) -> bool:
    """Say whether somebody has a workspace: the officers of a delegation."""
    return viewer.side in DELEGATIONS and viewer.may_read("workspace")


def enter_workspace(access: Access, viewer: Viewer, private: bytes) -> None:
    """Give a delegation its key with its first officer; later ones wait until one of them wraps it.

    Args:
        access: The accounts.
        viewer: Who signed in.
        private: Their private key.
    """
    if not has_workspace(viewer) or access.notes.newest_key(viewer.side) is not None:
        return
    key = wiring.draw(_KEY_BYTES)
    id_ = wiring.draw(8).hex()
    wrapped = wiring.wrap_to(wiring.public_of(private), key, f"{viewer.side}/{id_}")
    if access.notes.begin_key(id_, viewer.side, viewer.number, wrapped, access.clock()):
        access.note(viewer, "workspace_begun", entity="workspace", thing=viewer.side)


def state_of(access: Access, viewer: Viewer, session: str) -> str:
    """Say how somebody's workspace stands.

    Args:
        access: The accounts.
        viewer: Who asks.
        session: Hash of their session's token.

    Returns:
        ``none`` (the role has no workspace), ``locked`` (the password is needed again), ``waiting`` (another officer
        must wrap the key) or ``open``.
    """
    if not has_workspace(viewer):
        return "none"
    if session not in access.keys:
        return "locked"
    key = access.notes.newest_key(viewer.side)
    return "open" if key and access.notes.grant(key, viewer.number) else "waiting"


def waiting_for(access: Access, viewer: Viewer) -> list[Waiting]:
    """List the officers of one's own side whom the key is not wrapped for."""
    key = access.notes.newest_key(viewer.side)
    holders = access.notes.holders(key) if key else set()
    out = []
    for account in access.people.of_side(viewer.side):
        kept = access.people.credentials(account.number)
        if account.number not in holders and not account.is_disabled and kept and kept.public:
            out.append(Waiting(account.number, fingerprint(kept.public)))
    return out


def fingerprint(public: bytes) -> str:
    """Return what two people compare of a public key: groups of four figures, read aloud in any language."""
    number = int.from_bytes(sha256(public).digest()[:13], "big") % 10**24
    text = str(number).zfill(24)
    return " ".join(text[at : at + 4] for at in range(0, 24, 4))


def own_fingerprint(access: Access, viewer: Viewer) -> str:
    """Return the fingerprint of one's own public key, or empty."""
    kept = access.people.credentials(viewer.number)
    return fingerprint(kept.public) if kept and kept.public else ""


def give_key(access: Access, viewer: Viewer, session: str, number: str, shown: str) -> None:
    """Wrap the delegation's key for another officer of the same side.

    Args:
        access: The accounts.
        viewer: Who has it.
        session: Hash of their session's token.
        number: Who shall have it.
        shown: The fingerprint that was compared.

    Raises:
        InputError: Nobody of this number waits.
        ConflictError: Their key is another one by now.
    """
    id_, key = _key(access, viewer, session)
    found = next((one for one in waiting_for(access, viewer) if one.number == number), None)
    kept = access.people.credentials(number)
    if found is None or kept is None or kept.public is None:
        raise InputError("workspace.none", "nobody of this number waits for the key", where=number[:20])
    if found.fingerprint != shown:
        raise ConflictError(
            "workspace.fingerprint", "their key is another one by now", todo="compare the figures again"
        )
    with access.database.writing():
        access.notes.give(
            number, Grant(id_, wiring.wrap_to(kept.public, key, f"{viewer.side}/{id_}"), viewer.number)
        )
        access.note(viewer, "workspace_given", entity="workspace", thing=number)


def read_thing(access: Access, viewer: Viewer, session: str, incident: str, kind: str) -> Shown:
    """Open a thing of the workspace.

    Args:
        access: The accounts.
        viewer: Who asks.
        session: Hash of their session's token.
        incident: The incident that it is about.
        kind: One of `KINDS`.

    Returns:
        The thing; of version 0 where nothing was written.
    """
    key_id, key = _key(access, viewer, session)
    id_ = wiring.thing_id(key, f"{incident}/{kind}")
    kept = access.notes.get(id_)
    if kept is None:
        return Shown()
    inside = msgspec.json.decode(
        wiring.open_sealed(key, kept.value, _what(viewer, key_id, id_, kept.version)), type=_Inside
    )
    return Shown(kept.version, inside.value, inside.by, inside.at)


def write_thing(
    access: Access, viewer: Viewer, session: str, incident: str, kind: str, value: object, seen: int
) -> Shown:
    """Write a thing of the workspace in the place of the version that was seen.

    Args:
        access: The accounts.
        viewer: Who writes.
        session: Hash of their session's token.
        incident: The incident that it is about.
        kind: One of `KINDS`.
        value: What is written, JSON values.
        seen: The version that was seen; 0 where there was none.

    Returns:
        The thing as it stands now.

    Raises:
        InputError: It is too long.
    """
    key_id, key = _key(access, viewer, session)
    if len(msgspec.json.encode(value)) > _MOST:
        raise InputError(
            "workspace.long", f"this is longer than {_MOST} bytes", where=kind, todo="keep it shorter"
        )
    id_, version, at = wiring.thing_id(key, f"{incident}/{kind}"), seen + 1, format_instant(access.clock())
    inside = msgspec.json.encode(_Inside(value, viewer.number, at))
    access.notes.put(
        id_, KeptNote(key_id, version, wiring.seal(key, inside, _what(viewer, key_id, id_, version)))
    )
    return Shown(version, value, viewer.number, at)


def _what(viewer: Viewer, key_id: str, id_: str, version: int) -> str:
    return f"{viewer.side}/{key_id}/{id_}/{version}"


def _key(access: Access, viewer: Viewer, session: str) -> tuple[str, bytes]:
    """Return the delegation's key, open, and its id."""
    state = state_of(access, viewer, session)
    if state == "none":
        raise ForbiddenError("access.reads", f"the role '{viewer.role.name}' has no workspace")
    key = access.notes.newest_key(viewer.side)
    grant = access.notes.grant(key, viewer.number) if key else None
    if state == "locked":
        raise ConflictError(
            "workspace.locked", "the workspace is locked in this session", todo="give the password again"
        )
    if key is None or grant is None:
        raise ConflictError(
            "workspace.waiting", "the key of the workspace is not wrapped for you",
            todo="ask another officer of your delegation to give it to you",
        )  # fmt: skip
    return key, wiring.open_wrapped(access.keys[session], grant.wrapped, f"{viewer.side}/{key}")
