"""What the technician does to accounts: add, shut, open, set up anew. Reads nothing of what their owners keep."""

from __future__ import annotations

from dataclasses import replace

from truceline.app import wiring
from truceline.app.access import Access
from truceline.core.access import Viewer
from truceline.core.accounts import Account, check_account
from truceline.core.errors import InputError

FIRST = "T:0001"
"""The technician of a centre that has no account yet."""


def add_account(
    access: Access, number: str, role: str, side: str, language: str, by: Viewer | None, came: str
) -> tuple[Account, str]:
    """Add an account.

    Args:
        access: The accounts.
        number: The duty number.
        role: The role's word.
        side: A delegation's letter, ``party:<slug>``, or empty.
        language: The language of the interface, or empty.
        by: Who adds it; None is the command line.
        came: ``page`` or ``command``.

    Returns:
        The account, and the word of its set-up link.
    """
    account = replace(check_account(number, role, side, access.rights), language=_language(language))
    with access.database.writing():
        access.people.add(account, access.clock())
        access.note(by, "account_added", thing=number, came=came, side=account.side)
        return account, new_link(access, number)


def new_link(access: Access, number: str) -> str:
    """Make a set-up link; older ones of the number work no longer.

    Args:
        access: The accounts.
        number: Whose it is.

    Returns:
        The word, for the address ``/set-up/<word>``.
    """
    word = wiring.token_text()
    access.people.put_link(wiring.token_hash(word), number, access.clock() + access.rules.set_up)
    return word


def shut_account(
    access: Access, number: str, by: Viewer | None, came: str, *, is_disabled: bool = True
) -> Account:
    """Shut an account, which ends its sessions at once, or open it again.

    Args:
        access: The accounts.
        number: Whose it is.
        by: Who does it; None is the command line.
        came: ``page`` or ``command``.
        is_disabled: Whether it is shut.

    Returns:
        The account.

    Raises:
        InputError: There is none, or somebody would shut themselves out.
    """
    account = access.people.get(number)
    if by is not None and by.number == number and is_disabled:
        raise InputError(
            "account.own", "nobody shuts their own account", where=number, todo="ask another technician"
        )
    with access.database.writing():
        access.people.set_disabled(number, is_disabled=is_disabled)
        if is_disabled:
            access.end_all(number)
        deed = "account_disabled" if is_disabled else "account_enabled"
        access.note(by, deed, thing=number, came=came, side=account.side)
    return access.people.get(number)


def reset_account(access: Access, number: str, by: Viewer | None, came: str) -> str:
    """Take away all that an account signs in with, its sessions, tokens and its wrap of the workspace's key.

    Args:
        access: The accounts.
        number: Whose it is.
        by: Who does it; None is the command line.
        came: ``page`` or ``command``.

    Returns:
        The word of a new set-up link.
    """
    account = access.people.get(number)
    with access.database.writing():
        access.end_all(number)
        access.people.forget_credentials(number)
        access.note(by, "account_reset", thing=number, came=came, side=account.side)
        return new_link(access, number)


def first_link(access: Access) -> str | None:
    """Make a set-up link for a technician where nobody can sign in yet.

    Args:
        access: The accounts.

    Returns:
        The word; None where somebody can.
    """
    there = access.people.everybody()
    if any(one.is_ready for one in there):
        return None
    if access.people.find(FIRST) is None:
        if there:
            return None
        return add_account(access, FIRST, "technician", "", "", None, "command")[1]
    return new_link(access, FIRST)


def lock(access: Access, number: str, password: str, private: bytes) -> bytes:
    """Keep a new password, and the account's private key locked by it.

    Args:
        access: The accounts.
        number: Whose it is.
        password: The password, checked.
        private: The private key, open.

    Returns:
        The account's own key, which follows from the password.
    """
    salt = wiring.draw(16)
    own = access.hashing.key(password, salt)
    hashed = access.hashing.hash(password)
    access.people.set_password(
        number, hashed, salt, wiring.seal(own, private, f"private/{number}"), wiring.public_of(private)
    )
    return own


def _language(code: str) -> str:
    known = tuple(wiring.words_of_all())
    if code and code not in known:
        raise InputError(
            "account.language", f"there are no words for '{code[:10]}'", todo=f"use {', '.join(known)}"
        )
    return code
