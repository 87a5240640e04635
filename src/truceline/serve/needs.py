"""What each route needs, said beside the route in its ``opt``: an entity to read, an act to do, or that it is one's own."""

from __future__ import annotations

from typing import Any

from truceline.core.access import ENTITIES, Need

_COLLECTIONS = "/api/v1/"
NEED = "need"
"""The key in a route's ``opt``; a route without it answers nobody."""


def named_in(path: str) -> str:
    """Return the entity that an address of a collection names; empty where it is none."""
    named = path.removeprefix(_COLLECTIONS).partition("/")[0]
    return named if named in ENTITIES else ""


def reads(entity: str, *, is_open: bool = False) -> dict[str, Any]:
    """Say that a route gives an entity.

    Args:
        entity: One of `core.access.ENTITIES`; ``*`` is the one that the address names.
        is_open: Whether a visitor is answered too, as far as the visitor's role reaches.

    Returns:
        The route's ``opt``.
    """
    return {NEED: Need(reads=entity, is_open=is_open)}


def does(act: str) -> dict[str, Any]:
    """Say that a route carries out an act of `core.access.ACTS`; returns the route's ``opt``."""
    return {NEED: Need(does=act)}


def own() -> dict[str, Any]:
    """Say that a route is about the asker's own account, by a session and not by a token; returns the route's ``opt``."""
    return {NEED: Need(is_own=True)}


def own_reads(entity: str) -> dict[str, Any]:
    """Say that a route gives an entity to a session alone, never to a token; returns the route's ``opt``."""
    return {NEED: Need(reads=entity, is_own=True)}


def own_does(act: str) -> dict[str, Any]:
    """Say that a route carries out an act for a session alone, never for a token; returns the route's ``opt``."""
    return {NEED: Need(does=act, is_own=True)}


def local(entity: str) -> dict[str, Any]:
    """Say that a route answers the machine itself, and else whoever may read an entity; returns the route's ``opt``."""
    return {NEED: Need(reads=entity, is_local=True)}


def nothing() -> dict[str, Any]:
    """Say that a route answers everybody; returns the route's ``opt``."""
    return {NEED: Need(is_open=True)}
