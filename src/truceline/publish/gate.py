"""The release gate of editions: items and features past `core.release.may_receive`. Source: MISSION rules 19 to 21."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Protocol, TypeVar

from truceline.core.release import JOINT, OWNER_ONLY, Realm, check_recipient, may_receive

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


def released(items: Iterable[Item], recipient: str, realm: Realm) -> tuple[Item, ...]:
    """Keep the items that may be put before a recipient, in order.

    Args:
        items: Reports, claims or incidents.
        recipient: See `core.release.check_recipient`.
        realm: The world of the edition.

    Returns:
        Those items.

    Raises:
        InputError: The recipient is nobody known.
    """
    check_recipient(recipient)
    return tuple(
        item
        for item in items
        if may_receive(recipient, owner=item.owner, release=item.release, realm=item.realm, of_realm=realm)
    )


def mark_of_feature(facts: Mapping[str, Any]) -> str:
    """Return the mark that a feature of a picture really bears.

    A post or track of one's own stays inside, whatever its mark, unless its site is made up for the example
    (MISSION rule 20); what bears no mark is its owner's.

    Args:
        facts: The feature's properties: ``layer``, ``release``, ``illustrative``.

    Returns:
        A release mark.
    """
    mark = str(facts.get("release") or OWNER_ONLY)
    is_own = facts.get("layer") in _OWN_LAYERS and not facts.get("illustrative")
    return JOINT if is_own and mark not in {OWNER_ONLY, JOINT} else mark


def released_features(features: Iterable[Mapping[str, Any]], recipient: str) -> tuple[Mapping[str, Any], ...]:
    """Keep the features of a picture that may be put before a recipient.

    Args:
        features: GeoJSON features with ``layer``, ``release``, ``illustrative``.
        recipient: See `core.release.check_recipient`.

    Returns:
        Those features, in order.
    """
    kept = []
    for feature in features:
        facts = feature.get("properties") or {}
        owner = str(facts.get("owner") or "")
        # A picture is drawn within one realm: its features carry none of their own.
        if may_receive(
            recipient, owner=owner, release=mark_of_feature(facts), realm=Realm.DEMO, of_realm=Realm.DEMO
        ):
            kept.append(feature)
    return tuple(kept)
