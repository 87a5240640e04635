"""Names per language and party, with the years in which they were used. Source: MISSION rule 15."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    """One form of a name.

    Args:
        text: The words.
        party: Slug of the party whose word this is; None where nobody claims it.
        since: First day of use, ``YYYY-MM-DD`` or ``YYYY``; None unknown.
        until: Last day of use; None still used.
    """

    text: str
    party: str | None = None
    since: str | None = None
    until: str | None = None


Names = Mapping[str, tuple[Name, ...]]
"""Language code -> forms, the preferred one first."""


def name_in(names: Names, language: str, party: str | None = None) -> str:
    """Choose the form for a language and, where wanted, a party's own word.

    Args:
        names: All forms of a thing.
        language: Wanted language; English and then any other stand in where it is missing.
        party: Wanted party's word; the first form stands in where that party has none.

    Returns:
        The words; an empty string where the thing has no name at all.
    """
    for code in (language, "en", *names):
        forms = names.get(code)
        if forms:
            return next((form.text for form in forms if party and form.party == party), forms[0].text)
    return ""


def both_names(names: Names, language: str, parties: tuple[str, ...]) -> str:
    """Join what each party calls a thing, each word once, in the order of the parties."""
    words = dict.fromkeys(name_in(names, language, party) for party in parties)
    return " · ".join(word for word in words if word)
