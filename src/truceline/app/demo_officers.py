"""The officers of a demo or an exercise: one of each delegation, entered by a link that the service prints.

Their password is published, like their keys.
"""

from __future__ import annotations

from truceline.app import wiring
from truceline.app.access import Access
from truceline.app.accounts import add_account, lock
from truceline.app.workspace import enter_workspace
from truceline.core.errors import ConflictError, IntegrityError
from truceline.core.release import Realm

PASSWORD = "the demo keeps no secrets"  # noqa: S105 - published on purpose: it proves nothing
"""What the officers of a demo have; like its keys it is published and worth nothing."""


def demo_link(access: Access, letter: str) -> str:
    """Make the officer of a delegation in a demo or an exercise, and a word that signs them in as long as the service runs.

    Args:
        access: The accounts.
        letter: The delegation.

    Returns:
        The word, for the address ``/sign-in/<word>``.

    Raises:
        ConflictError: The realm is ``live``.
    """
    if access.realm is Realm.LIVE:
        raise ConflictError(
            "serve.demo",
            f"the realm '{access.realm}' has no demo officers",
            todo="leave --demo out, and add accounts",
        )
    number = f"{letter}:0001"
    if access.people.find(number) is None:
        add_account(access, number, "duty", letter, "", None, "command")
    kept = access.people.credentials(number)
    if kept is None or kept.password is None:
        lock(access, number, PASSWORD, wiring.new_pair().private)
    word = wiring.token_text()
    access.demo_links[wiring.token_hash(word)] = number
    return word


def demo_number(access: Access, word: str) -> str | None:
    """Return whom a demo's link signs in; None where it is none."""
    return access.demo_links.get(wiring.token_hash(word))


def begin_demo(access: Access, number: str, agent: str, old: str) -> str:
    """Begin the session of an officer of a demo.

    Args:
        access: The accounts.
        number: Who.
        agent: The header ``User-Agent``.
        old: The token of a session that this one takes the place of, or empty.

    Returns:
        The session's token.
    """
    private = access.demo_keys.get(number) or _private(access, number)
    if private is not None:
        access.demo_keys[number] = private
    token = access.begin(number, agent, private, old=old)
    viewer = access.viewer(number)
    if viewer is not None and private is not None:
        enter_workspace(access, viewer, private)
    access.note(viewer, "signed_in_demo")
    return token


def _private(access: Access, number: str) -> bytes | None:
    """Open the key of a demo's officer; one who chose a password of their own unlocks it themselves."""
    kept = access.people.credentials(number)
    if kept is None or kept.salt is None or kept.private is None:
        return None
    try:
        return wiring.open_sealed(access.hashing.key(PASSWORD, kept.salt), kept.private, f"private/{number}")
    except IntegrityError:
        return None
