"""Realm, owner and release mark: who an item belongs to and how far it may travel.

Source: MISSION rules 19-21; MODEL, On every item.
"""

from __future__ import annotations

from enum import StrEnum

from truceline.core.errors import ConflictError, InputError


class Realm(StrEnum):
    """The three worlds that never mix."""

    LIVE = "live"
    EXERCISE = "exercise"
    DEMO = "demo"


OWNER_ONLY = "owner"
JOINT = "joint"
PUBLIC = "public"
CENTRE = "centre"
"""The owner of what the centre itself collects in the open."""


def check_release(mark: str) -> str:
    """Return a release mark, or say why it is none.

    Args:
        mark: ``owner``, ``joint``, ``public`` or ``party:<slug>``.

    Returns:
        The mark.

    Raises:
        InputError: Any other word.
    """
    if mark in {OWNER_ONLY, JOINT, PUBLIC} or (mark.startswith("party:") and len(mark) > len("party:")):
        return mark
    raise InputError(
        "input.release", f"'{mark}' is no release mark", todo="use owner, joint, public or party:<slug>"
    )


def refuse_other_realm(mine: Realm, theirs: Realm, what: str) -> None:
    """Stop where two realms meet.

    Args:
        mine: The realm of the store.
        theirs: The realm of what comes in.
        what: The item, for the message.

    Raises:
        ConflictError: The realms differ.
    """
    if mine != theirs:
        raise ConflictError(
            "realm.differs",
            f"realm '{theirs}' is refused by a store of realm '{mine}'",
            where=what,
            todo="keep live, exercise and demo apart",
        )
