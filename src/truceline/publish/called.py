"""What things are called in an edition: a language and a naming profile choose among all names. Source: MISSION rule 15."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import partial

from truceline.core.affiliation import IMPLICIT
from truceline.core.claims import Ref
from truceline.core.mission import Mission, NamingProfile
from truceline.core.names import Names, both_names, name_in
from truceline.core.parties import Office
from truceline.publish.catalogue import Catalogue
from truceline.publish.tokens import quoted


@dataclass(frozen=True, slots=True)
class Called:
    """Finds the words for a slug.

    Args:
        mission: The pack.
        words: The language's catalogue.
        profile: The naming profile of the edition.
    """

    mission: Mission
    words: Catalogue
    profile: NamingProfile
    _known: Mapping[str, Callable[[], str]] = field(init=False, repr=False, compare=False)
    _slugs: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_known", self._index())
        object.__setattr__(self, "_slugs", self._labels())

    def _index(self) -> dict[str, Callable[[], str]]:
        pack = self.mission
        known: dict[str, Callable[[], str]] = {}
        for line in pack.lines:
            known[line.id] = partial(self.place_names, line.names)
        for place in pack.places:
            known[place.id] = partial(self.place_names, place.names)
        bodies = [(party.id, party.names) for party in pack.parties]
        bodies += [(holder.id, holder.names) for holder in pack.holders]
        bodies += [(body.id, body.names) for body in pack.delegations]
        bodies += [(source.id, source.names) for source in pack.sources]
        known.update((slug, partial(self.text, names)) for slug, names in bodies)
        for office in pack.offices:
            known[office.id] = partial(self.office, office)
        return known

    def _labels(self) -> dict[str, str]:
        pack = self.mission
        slugs: dict[str, str] = {office.label: office.id for office in pack.offices}
        named = [(holder.id, holder.names) for holder in pack.holders]
        named += [(party.id, party.names) for party in pack.parties]
        named += [(place.id, place.names) for place in pack.places]
        for slug, names in named:
            slugs.update((form.text, slug) for form in names.get("en", ()))
        return slugs

    def text(self, names: Names) -> str:
        """Choose the form for the edition's language."""
        return name_in(names, self.words.language)

    def place_names(self, names: Names, profile: NamingProfile | None = None) -> str:
        """Choose the form or forms that a naming profile asks for; several parties' words are joined by a dot."""
        parties = (profile or self.profile).parties
        if len(parties) > 1:
            return both_names(names, self.words.language, parties)
        return name_in(names, self.words.language, parties[0] if parties else None)

    def office(self, office: Office) -> str:
        """Name an office: its own name where it has one, else its kind and party."""
        own = office.names.get(self.words.language)
        if own:
            return own[0].text
        party = self.slug(office.party)
        return self.words.say_or(f"office.{office.kind}", quoted(office.label), party=party)

    def slug(self, slug: str) -> str:
        """Name a slug of the pack; the slug's own last part stands in where the pack does not know it."""
        found = self._known.get(slug)
        name = found() if found else ""
        return name or quoted(slug.partition(":")[2].replace("-", " ") or slug)

    def ref(self, ref: Ref) -> str:
        """Name a thing of a claim: by its slug, by a fixed label of the vocabulary, or by its English label."""
        if ref.label.startswith(IMPLICIT):
            inner = Ref(ref.id, ref.label[len(IMPLICIT) :])
            return self.words.say("label.implicit", who=self.ref(inner))
        if ref.id is not None and ref.id in self._known:
            return self.slug(ref.id)
        key = f"label.{ref.label}"
        if self.words.has(key):
            return self.words.say(key)
        if ref.id is None and ref.label in self._slugs:
            return self.slug(self._slugs[ref.label])
        return quoted(ref.label)

    def several(self, slugs: tuple[str, ...]) -> str:
        """Name several slugs, joined as the language joins a list."""
        return self.words.say("join.comma").join(dict.fromkeys(self.slug(slug) for slug in slugs))

    def refs(self, refs: tuple[Ref, ...]) -> str:
        """Name several things of a claim."""
        return self.words.say("join.comma").join(dict.fromkeys(self.ref(ref) for ref in refs))
