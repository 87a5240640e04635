"""How an owner's keys change: an owner's key brings in, replaces or ends a key of that owner, by a signed statement."""

from __future__ import annotations

from typing import Any

from truceline.app.positions import Desk
from truceline.ledger.authors import NEW, REVOKE, ROTATE, author_key
from truceline.ledger.entry import parse_payload
from truceline.ledger.signing import SignedStatement, sign_statement


def add_key(desk: Desk, vkey: str, role: str) -> SignedStatement:
    """Bring in a further key of the side.

    Args:
        desk: The side's desk; its key signs.
        vkey: The new key's public half.
        role: What its holder may do, a word of the procedure's levels.

    Returns:
        What is handed over; the key counts from the entry behind it.

    Raises:
        InputError: It is no author's key.
        IntegrityError: The record would refuse it.
    """
    return _change(desk, {"action": NEW, "vkey": author_key(vkey).vkey, "role": role})


def rotate_key(desk: Desk, old: str, new: str) -> SignedStatement:
    """Replace a key of the side by another of the same role; see `add_key`."""
    role = desk.rounds.author(author_key(old)).role
    return _change(
        desk, {"action": ROTATE, "ends": author_key(old).vkey, "vkey": author_key(new).vkey, "role": role}
    )


def revoke_key(desk: Desk, old: str, reason: str) -> SignedStatement:
    """End a key of the side: what it signed before stays, nothing after it counts; see `add_key`."""
    return _change(desk, {"action": REVOKE, "ends": author_key(old).vkey, "reason": reason})


def _change(desk: Desk, body: dict[str, Any]) -> SignedStatement:
    statement = desk.statement("key", f"key:{desk.letter.lower()}", body)
    signed = sign_statement(statement, desk.signers, desk.rounds.head)
    # Held to the record's rules here, so that nothing is carried over which would be refused there.
    signers = [signer.verifier for signer in desk.signers]
    keys = desk.rounds.authors.copy()
    keys.settle(desk.rounds.head.size, "key", signers, parse_payload(signed.payload), ())
    return signed
