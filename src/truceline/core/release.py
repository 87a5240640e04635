"""Realm, owner and release mark: who an item belongs to, how far it may travel, and the one gate it travels through.

Source: MISSION rules 19-21; MODEL, On every item.
"""

from __future__ import annotations

import re
from enum import StrEnum
from fnmatch import fnmatchcase

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
DELEGATIONS = ("A", "B")
"""The letters by which the two delegations own and receive."""

SERVED = ("board.html", "map.html", "report.*.pdf")
"""The files of a run that are handed out: pages and paper, made from what is public. No other file of a run is."""

_PARTY = re.compile(r"party:[a-z0-9]+(-[a-z0-9]+)*")


def is_served(name: str) -> bool:
    """Say whether a file of a run, by its bare name, may be handed out."""
    return "/" not in name and "\\" not in name and any(fnmatchcase(name, one) for one in SERVED)


def check_recipient(recipient: str) -> str:
    """Return a recipient's word, or say why it is none.

    Args:
        recipient: ``public``, ``joint`` (both delegations together), a delegation's letter, or ``party:<slug>``.

    Returns:
        The word.

    Raises:
        InputError: Any other word: what goes to nobody known does not leave.
    """
    if recipient in {PUBLIC, JOINT, *DELEGATIONS} or _PARTY.fullmatch(recipient):
        return recipient
    raise InputError(
        "input.recipient",
        f"'{recipient}' is no recipient",
        todo="use A, B, joint, public or party:<slug>",
    )


def marks_for(recipient: str) -> tuple[tuple[str, str], ...]:
    """Say by which columns of an item it may go to a recipient, whatever the realm: any one of them is enough.

    Args:
        recipient: As for `may_receive`.

    Returns:
        Pairs of a column, ``owner`` or ``release``, and the word that it must hold; what `may_receive` says of one item.

    Raises:
        InputError: The recipient is nobody known.
    """
    word = check_recipient(recipient)
    marks = [("release", PUBLIC)]
    if word == JOINT:
        marks.append(("release", JOINT))
    elif word != PUBLIC:
        marks.append(("owner", word))
        marks.append(("release", JOINT if word in DELEGATIONS else word))
    return tuple(marks)


def may_receive(recipient: str, *, owner: str, release: str, realm: str, of_realm: Realm) -> bool:
    """Say whether an item may be put before a recipient; everything that leaves asks here.

    The public receives what is public. Both delegations together receive what is joint besides, each alone its own
    besides that. A party receives what is public and what is marked for it, never what is joint: it is no delegation.

    Args:
        recipient: See `check_recipient`.
        owner: The item's owner.
        release: The item's release mark.
        realm: The world that the item belongs to.
        of_realm: The world of the store or edition that it would leave from.

    Returns:
        True where the mark covers the recipient and both worlds are one. An owner that is a delegation or a party
        receives its own, whatever the mark.

    Raises:
        InputError: The recipient is nobody known, or the mark is none.
    """
    check_recipient(recipient)
    check_release(release)
    if realm != of_realm:
        return False
    if PUBLIC in {release, recipient}:
        return release == PUBLIC
    if recipient == JOINT:
        return release == JOINT
    if recipient == owner:
        return True
    return release == (JOINT if recipient in DELEGATIONS else recipient)


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
