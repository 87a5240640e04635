"""Rounds and determinations as they may be put before somebody: joint while they run, as their outcome is released after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from truceline.app import shapes
from truceline.app.rounds import rounds_of_store
from truceline.app.shaping import is_outside
from truceline.app.wiring import Store
from truceline.core.determinations import Determination
from truceline.core.errors import InputError
from truceline.core.release import CENTRE, JOINT, may_receive
from truceline.core.rows import Recipient
from truceline.core.times import parse_instant
from truceline.determine.events import OUTCOME


def shown_rounds(
    store: Store, recipient: Recipient, now: datetime, *, ended: bool | None = None
) -> Iterator[Mapping[str, Any]]:
    """Give the rounds that may be put before a recipient, in the order of their proposals.

    Args:
        store: The open store.
        recipient: Who they are put before.
        now: The time.
        ended: Only those whose outcome is recorded, or only those without; None gives both.

    Yields:
        Each round as `core.determinations.Determination` holds it, with its owner and mark.

    Raises:
        InputError: The recipient is nobody known.
    """
    try:
        read = rounds_of_store(store)
    except InputError:
        return  # nothing was recorded yet
    marks = {
        entry.leaf.id: entry.payload
        for entry in read.entries
        if entry.leaf.type == "determination"
        and entry.payload
        and entry.payload["body"].get("step") == OUTCOME
    }
    for one in read.at(now):
        if ended is not None and one.is_recorded != ended:
            continue
        outcome = marks.get(one.id)
        release = outcome["release"] if outcome else JOINT
        known_at = parse_instant(outcome["known_at"]) if outcome else one.proposed_at
        if recipient.known_by is not None and known_at > recipient.known_by:
            continue
        realm = recipient.realm
        if may_receive(recipient.word, owner=CENTRE, release=release, realm=realm, of_realm=realm):
            yield _shown(_outside(one) if is_outside(recipient.word) else one, release)


def _outside(one: Determination) -> Determination:
    """An outcome that is released tells how each side answered; their reasons travel with their positions alone."""
    return replace(one, sides=tuple(replace(side, form=None) for side in one.sides))


def _shown(one: Determination, release: str) -> Mapping[str, Any]:
    return {**shapes.plain(one), "owner": CENTRE, "release": release}
