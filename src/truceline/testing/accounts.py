"""Accounts for trying the service: their hashes cost nothing, and anybody is signed in at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from truceline.app import wiring
from truceline.app.access import Access, open_access
from truceline.app.accounts import lock
from truceline.app.workspace import enter_workspace
from truceline.core.accounts import Account
from truceline.core.release import Realm

ADDRESS = "http://localhost"
PASSWORD = "green lamps eat slow trains"  # noqa: S105 - of accounts that open nothing


def cheap_access(file: Path, clock: Callable[[], datetime], realm: Realm = Realm.DEMO) -> Access:
    """Open accounts whose hashes cost nothing.

    Args:
        file: ``access.db``.
        clock: Tells the time.
        realm: The world that the centre belongs to.

    Returns:
        The accounts.
    """
    access = open_access(file, realm, clock, (ADDRESS,))
    rules = replace(access.rules, memory_kib=64, passes=1, lanes=1)
    return replace(access, rules=rules, hashing=wiring.Hashing(rules))


def signed_in(access: Access, number: str, role: str, side: str, agent: str) -> str:
    """Sign somebody in without a password; a number that had another role has this one from now on.

    Args:
        access: The accounts.
        number: The duty number.
        role: The role's word.
        side: A delegation's letter, ``party:<slug>``, or empty.
        agent: The header ``User-Agent``.

    Returns:
        The session's token.
    """
    if access.people.find(number) is None:
        access.people.add(Account(number, role, side), access.clock())
        lock(access, number, PASSWORD, wiring.new_pair().private)
    access.database.do("UPDATE people SET role = ?, side = ? WHERE number = ?", role, side, number)
    kept = access.people.credentials(number)
    private = None
    if kept is not None and kept.private is not None and kept.salt is not None:
        own = access.hashing.key(PASSWORD, kept.salt)
        private = wiring.open_sealed(own, kept.private, f"private/{number}")
    viewer = access.viewer(number)
    if viewer is not None and private is not None:
        enter_workspace(access, viewer, private)
    return access.begin(number, agent, private)
