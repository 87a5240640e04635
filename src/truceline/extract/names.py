"""Who may be named: references and English labels from the pack and the offices, and what a text named so far."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import date

from truceline.core.claims import Ref
from truceline.core.mission import Mission
from truceline.core.names import name_in
from truceline.core.parties import Holder, Office
from truceline.extract.fold import plain
from truceline.extract.language import LanguageData


@dataclass(slots=True)
class Mention:
    """Those named by one expression.

    Args:
        refs: One reference each.
        parties: Slugs of their parties, in the same order; None where unknown.
        kind: ``PERSON``, ``OFFICE``, ``FORCE``, ``STATE``, ``BODY`` or ``BOTH``.
        capacity: ``in office``, ``former`` or ``unofficial``.
    """

    refs: tuple[Ref, ...]
    parties: tuple[str | None, ...]
    kind: str
    capacity: str = "in office"


@dataclass(slots=True)
class Memory:
    """What a text has named so far: for "his counterpart", "both sides", "its forces".

    Args:
        party: Party of the last mention.
        office: Kind of the last office.
        pair: The last two named together as actors.
        people: Person slug -> party that this text gives the person.
        holders: (party, office kind) -> the person whom this text names in that office.
        last: Office kind -> the last mention of it, for "the ministry".
        strangers: Last word of a name that the pack does not know -> who the text says that is.
        head: Party that the sentence named first: what "its" points to.
        past: The same of the sentence before.
        speaker: Party of who has the floor: what "our" points to.
        places: Places of the last sentence that named any: what "there" points to.
    """

    party: str | None = None
    office: str | None = None
    pair: Mention | None = None
    people: dict[str, str] = field(default_factory=dict)
    holders: dict[tuple[str, str], Ref] = field(default_factory=dict)
    last: dict[str, Mention] = field(default_factory=dict)
    strangers: dict[str, Mention] = field(default_factory=dict)
    head: str | None = None
    past: str | None = None
    speaker: str | None = None
    places: tuple[Ref, ...] = ()


class Names:
    """Builds references and English labels from the pack and the language's offices.

    Args:
        mission: The pack.
        language: The language's data.
    """

    def __init__(self, mission: Mission, language: LanguageData) -> None:
        self.mission = mission
        self.subject_first = language.subject_first
        self._labels = {kind: office.label for kind, office in language.offices.items()}
        self._tags = {kind: office.tag for kind, office in language.offices.items()}
        self._offices_of = language.offices
        self._letters = language.letters
        self._labelled = {office.label: office for office in mission.offices}
        kinds = Counter(office.kind for office in mission.offices)
        guard = {
            office.kind: office
            for office in mission.offices
            if kinds[office.kind] == 1 or _is_guard(office, mission)
        }
        self._only = guard
        glued = sorted(
            {plain(p) for p, f in language.clitics.prefixes.items() if f and set(f) <= {"and", "in", "to"}}
        )
        self.articles = tuple(plain(article) for article in language.article)
        self.glued = tuple(mark for mark in glued if len(mark) <= 2)
        self._offices = {(office.party, office.kind): office for office in mission.offices}
        self._office_of = {office.id: office for office in mission.offices}
        self._terms: dict[str, list[Holder]] = {}
        for holder in mission.holders:
            self._terms.setdefault(holder.id, []).append(holder)

    def party(self, slug: str) -> Ref:
        """Return the reference of a party."""
        return Ref(slug, name_in(self.mission.party_of[slug].names, "en"))

    def adjective(self, slug: str) -> str:
        """Return the English adjective of a party."""
        names = self.mission.party_of[slug]
        return name_in(names.adjectives, "en") or name_in(names.names, "en")

    def office(self, kind: str, party: str | None) -> Ref:
        """Return the reference of an office kind of a party; the slug is None where the pack has no such office."""
        known = self._offices.get((party or "", kind))
        if known is not None:
            return Ref(known.id, known.label)
        template = self._labels.get(kind, kind.replace("_", " "))
        if party is None:
            only = self._only.get(kind)
            if only is not None:
                return Ref(only.id, only.label)
            return Ref(
                None,
                template.replace("{adj} ", "").replace(" of {noun}", "").replace(" of the {of}", "").strip(),
            )
        noun = name_in(self.mission.party_of[party].names, "en")
        adjective = self.adjective(party)
        label = template.replace("the {of}", noun).replace("{adj}", adjective).replace("{noun}", noun)
        return Ref(None, label)

    def headed(self, kind: str, inner: Ref) -> Ref:
        """Return the reference of an office that belongs to another office: its spokesman, its commander."""
        label = self._labels.get(kind, kind).replace("{of}", inner.label)[:60].strip()
        known = self._labelled.get(label)
        return Ref(known.id if known else None, label)

    def only(self, kind: str) -> str | None:
        """Return the party of the pack's only office of a kind, or of the guarantors' contingent."""
        office = self._only.get(kind)
        return office.party if office else None

    def heads(self, kind: str | None) -> bool:
        """Say whether an office of this kind takes another office as its genitive."""
        office = self._offices_of.get(kind or "")
        return bool(office and office.heads)

    def capacity(self, kind: str | None) -> str:
        """Return how holders of an office kind speak."""
        office = self._offices_of.get(kind or "")
        return office.capacity if office else "in office"

    def person(
        self, holder: Holder, party: str | None, kind: str | None, on: date | None
    ) -> tuple[Ref, str | None, str]:
        """Return a person's reference, party and capacity; where text and pack differ on the party, the text wins."""
        term = self._term(holder.id, on)
        office = self._office_of.get(term.office)
        own = office.party if office else None
        if party is not None and own is not None and party != own:
            title = self.office(kind, party) if kind else self.party(party)
            return Ref(title.id, f"{holder.label}, {title.label}"[:60]), party, "in office"
        past = bool(term.until and on and on.isoformat() > term.until)
        return Ref(holder.id, holder.label), party or own, "former" if past else "in office"

    def _term(self, slug: str, on: date | None) -> Holder:
        terms = self._terms[slug]
        if on is not None:
            day = on.isoformat()
            for term in terms:
                if (term.since or "") <= day <= (term.until or "9999"):
                    return term
        return terms[-1]

    def owner_of(self, slug: str) -> str | None:
        """Return the party of an office or person of the pack."""
        terms = self._terms.get(slug)
        office = self._office_of.get(terms[-1].office if terms else slug)
        return office.party if office else None

    def kind_of(self, slug: str | None) -> str | None:
        """Return the kind of an office of the pack, or None for anything else."""
        office = self._office_of.get(slug or "")
        return office.kind if office else None

    def kinds_of(self, slug: str | None) -> set[str]:
        """Return the kinds of the offices that a person of the pack held."""
        terms = self._terms.get(slug or "", [])
        return {self._office_of[term.office].kind for term in terms if term.office in self._office_of}

    def tag(self, kind: str) -> str:
        """Return the tag that an office kind shows to rules."""
        return self._tags.get(kind, "OFFICE")

    def stands_for(self, kind: str) -> tuple[str, ...]:
        """Return the office kinds that a bare word such as "the ministry" may stand for."""
        office = self._offices_of.get(kind)
        return office.stands_for if office else ()

    def is_personal(self, kind: str | None) -> bool:
        """Say whether one person holds an office of this kind, so that a name may follow it."""
        office = self._offices_of.get(kind or "")
        return bool(office and office.personal)

    def latin(self, words: list[str]) -> str:
        """Return an English label for a name that the pack does not know, letter by letter."""
        spelled = ("".join(self._letters.get(letter, letter) for letter in word) for word in words)
        return " ".join(word[:1].upper() + word[1:] for word in spelled)[:60]


def _is_guard(office: Office, mission: Mission) -> bool:
    return office.kind == "contingent" and any(
        "contingent" in party.roles for party in mission.parties if party.id == office.party
    )
