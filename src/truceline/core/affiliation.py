"""Whose voice or hand a reference is: from a person, office or party to the party behind it. Source: MISSION rule 15."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from truceline.core.claims import Claim, Ref
from truceline.core.mission import Mission

IMPLICIT = "implicit: "
"""Prefix of the label of somebody whom the text leaves out (MODEL, Roles)."""


def implicit(party: str) -> Ref:
    """Return the reference to a party that a text leaves out.

    Args:
        party: The party's English name.

    Returns:
        A reference without an id.
    """
    return Ref(None, f"{IMPLICIT}{party}")


OUT_OF_OFFICE = frozenset({"former", "anonymous", "unofficial"})
"""Capacities in which a person does not speak for a party."""


class Affiliations:
    """A pack's people, offices, parties and official sources, each with its party.

    An authority's own site speaks for the office behind it; an agency or a paper speaks for itself.

    Args:
        mission: The pack.
    """

    def __init__(self, mission: Mission) -> None:
        self._party: dict[str, str] = {party.id: party.id for party in mission.parties}
        self._party |= {office.id: office.party for office in mission.offices}
        self._party |= {
            holder.id: self._party[holder.office]
            for holder in mission.holders
            if holder.office in self._party
        }
        self._party |= {
            source.id: source.interest[0]
            for source in mission.sources
            if source.kind == "official" and len(source.interest) == 1
        }
        self._by_label: dict[str, str] = {}
        for party in mission.parties:
            for form in party.names.get("en", ()):
                self._by_label.setdefault(form.text.casefold(), party.id)
        self.bound: tuple[str, ...] = mission.bound_parties

    def party_of(self, ref: Ref) -> str | None:
        """Return the slug of the party behind a reference, or None where the pack knows none."""
        if ref.id is not None:
            return self._party.get(ref.id)
        return self._by_label.get(ref.label.removeprefix(IMPLICIT).casefold())

    def parties_of(self, refs: Iterable[Ref]) -> frozenset[str]:
        """Return the slugs of the parties behind several references."""
        return frozenset(party for ref in refs if (party := self.party_of(ref)) is not None)

    def speaker(self, claim: Claim) -> str | None:
        """Return the party that a claim's innermost speaker belongs to, whatever the capacity, or None."""
        return self.party_of(claim.speakers[0]) if claim.speakers else None

    def official_speaker(self, claim: Claim) -> str | None:
        """Return the party for which a claim's innermost speaker speaks, or None.

        A former officer, an anonymous or an unofficial voice speaks for nobody but itself (CLAIMS).
        """
        return None if speaks_for_self(claim) else self.speaker(claim)


def speaks_for_self(claim: Claim) -> bool:
    """Say whether the innermost speaker holds no office: former, anonymous or unofficial."""
    return bool(claim.capacity) and claim.capacity[0] in OUT_OF_OFFICE


def labels(parties: Iterable[str], mission: Mission) -> Mapping[str, str]:
    """Return slug -> English name of parties, for sentences."""
    known = mission.party_of
    return {
        slug: known[slug].names["en"][0].text if slug in known and known[slug].names.get("en") else slug
        for slug in parties
    }
