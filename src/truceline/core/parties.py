"""Who speaks and acts: parties, delegations, bodies, offices, forces and the people who hold offices."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from truceline.core.names import Names

PartyRole = Literal["party", "guarantor", "delegation", "contingent", "mediator", "humanitarian", "other"]


@dataclass(frozen=True, slots=True)
class Party:
    """A state or body.

    Args:
        id: ``party:<slug>``.
        kind: ``state``, ``authority``, ``organisation``, ``group``.
        names: Nouns that name it.
        adjectives: Adjectives and demonyms (``Russian``), all forms that a dictionary would list.
        capital: Words for its capital, where the capital speaks for it (``Moscow``).
        roles: What it is in this mission.
        bound: Whether the agreement binds it.
    """

    id: str
    kind: Literal["state", "authority", "organisation", "group"]
    names: Names
    adjectives: Names
    roles: tuple[PartyRole, ...]
    capital: Names | None = None
    bound: bool = False


@dataclass(frozen=True, slots=True)
class Delegation:
    """A state or body that staffs the centre; it is not the same as a party."""

    id: str
    letter: str
    party: str
    names: Names


@dataclass(frozen=True, slots=True)
class Office:
    """An office or force of a party.

    Args:
        id: ``office:<slug>``.
        party: Slug of its party.
        kind: Word of the office vocabulary, for example ``defence_ministry``, ``president``, ``army``, ``contingent``.
        names: Names that are not simply kind + adjective (``Kremlin``).
        label: English label.
    """

    id: str
    party: str
    kind: str
    label: str
    names: Names


@dataclass(frozen=True, slots=True)
class Holder:
    """A public person and an office held.

    Args:
        id: ``person:<slug>``.
        label: English label.
        names: Forms of the name per language, each spelling that papers use.
        office: Slug of the office.
        since: First day, or None.
        until: Last day, or None still in office.
    """

    id: str
    label: str
    names: Names
    office: str
    since: str | None = None
    until: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A source of items: paper, agency, authority's site.

    Args:
        id: ``src:<slug>``.
        names: Its names per language, as papers credit it.
        kind: ``agency``, ``paper``, ``official``, ``broadcaster``, ``mission``, ``other``.
        wire: Whether others reprint it.
        interest: Slugs of the parties whose interest it may serve.
        basis: How it usually knows: ``saw``, ``heard``, ``was told``, ``read in``.
        hosts: Web hosts that are its own.
    """

    id: str
    names: Names
    kind: Literal["agency", "paper", "official", "broadcaster", "mission", "other"]
    basis: Literal["saw", "heard", "was told", "read in"]
    wire: bool = False
    interest: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
