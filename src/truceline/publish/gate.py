"""The release gate: one predicate through which everything that leaves must go. Source: MISSION rules 19 to 21."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from truceline.core.release import JOINT, OWNER_ONLY, PUBLIC, Realm

OUTGOING = ("board.html", "map.html", "report.<lang>.pdf")
"""Every path by which this stage's work leaves the centre. A new one is added here, and a test asks for it."""

_OWN_LAYERS = frozenset({"post", "track"})


class Released(Protocol):
    """What every item carries: whose it is, how far it may travel, which world it belongs to."""

    @property
    def owner(self) -> str:
        """A delegation, the contingent, the centre or an outside body."""

    @property
    def release(self) -> str:
        """``owner``, ``joint``, ``public`` or ``party:<slug>``."""

    @property
    def realm(self) -> Realm:
        """``live``, ``exercise`` or ``demo``."""


Item = TypeVar("Item", bound=Released)


def may_leave(mark: str, owner: str, realm: Realm, *, recipient: str, to_realm: Realm) -> bool:
    """Say whether an item may be put before a recipient.

    Args:
        mark: The item's release mark.
        owner: Whose it is.
        realm: The world it belongs to.
        recipient: ``public``, ``joint``, ``party:<slug>``, or an owner's own name.
        to_realm: The world of the edition.

    Returns:
        True where the owner's mark covers that recipient and both worlds are one.
    """
    if realm != to_realm:
        return False
    if mark == PUBLIC or recipient == owner:
        return True
    if mark == OWNER_ONLY or recipient == PUBLIC:
        return False
    if mark == JOINT:
        return recipient == JOINT
    return recipient == mark


def released(items: Iterable[Item], recipient: str, realm: Realm) -> tuple[Item, ...]:
    """Keep the items that may be put before a recipient, in order."""
    return tuple(
        item
        for item in items
        if may_leave(item.release, item.owner, item.realm, recipient=recipient, to_realm=realm)
    )


def released_features(features: Iterable[Mapping[str, Any]], recipient: str) -> tuple[Mapping[str, Any], ...]:
    """Keep the features of a picture that may be put before a recipient.

    A post or track of one's own stays inside unless its site is made up for the example (MISSION rule 20).

    Args:
        features: GeoJSON features with ``layer``, ``release``, ``illustrative``.
        recipient: As in `may_leave`.

    Returns:
        Those features, in order.
    """
    kept = []
    for feature in features:
        facts = feature.get("properties") or {}
        outside = recipient == PUBLIC or recipient.startswith("party:")
        if outside and facts.get("layer") in _OWN_LAYERS and not facts.get("illustrative"):
            continue
        mark = str(facts.get("release") or OWNER_ONLY)
        owner = str(facts.get("owner") or "")
        if may_leave(mark, owner, Realm.DEMO, recipient=recipient, to_realm=Realm.DEMO):
            kept.append(feature)
    return tuple(kept)
