"""Who is named: joins office, party and person into one mention, the way the language orders them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from truceline.core.claims import Ref
from truceline.core.mission import Mission
from truceline.core.names import name_in
from truceline.core.parties import Holder
from truceline.extract.language import LanguageData
from truceline.extract.units import Unit

_PARTY = frozenset({"ADJ", "STATE", "BODY"})


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
    """

    party: str | None = None
    office: str | None = None
    pair: Mention | None = None
    people: dict[str, str] = field(default_factory=dict)
    holders: dict[tuple[str, str], Ref] = field(default_factory=dict)


class Names:
    """Builds references and English labels from the pack and the language's offices.

    Args:
        mission: The pack.
        language: The language's data.
    """

    def __init__(self, mission: Mission, language: LanguageData) -> None:
        self.mission = mission
        self._labels = {kind: office.label for kind, office in language.offices.items()}
        self._tags = {kind: office.tag for kind, office in language.offices.items()}
        self._offices = {(office.party, office.kind): office for office in mission.offices}
        self._office_of = {office.id: office for office in mission.offices}
        self._terms: dict[str, list[Holder]] = {}
        for holder in mission.holders:
            self._terms.setdefault(holder.id, []).append(holder)

    def party(self, slug: str) -> Ref:
        """Return the reference of a party."""
        return Ref(slug, name_in(self.mission.party_of[slug].names, "en"))

    def office(self, kind: str, party: str | None) -> Ref:
        """Return the reference of an office kind of a party; the slug is None where the pack has no such office."""
        known = self._offices.get((party or "", kind))
        if known is not None:
            return Ref(known.id, known.label)
        template = self._labels.get(kind, kind.replace("_", " "))
        if party is None:
            return Ref(None, template.replace("{adj} ", "").replace(" of {noun}", "").strip())
        names = self.mission.party_of[party]
        noun = name_in(names.names, "en")
        adjective = name_in(names.adjectives, "en") or noun
        return Ref(None, template.replace("{adj}", adjective).replace("{noun}", noun))

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

    def kinds_of(self, slug: str | None) -> set[str]:
        """Return the kinds of the offices that a person of the pack held."""
        terms = self._terms.get(slug or "", [])
        return {self._office_of[term.office].kind for term in terms if term.office in self._office_of}

    def tag(self, kind: str) -> str:
        """Return the tag that an office kind shows to rules."""
        return self._tags.get(kind, "OFFICE")


def join_mentions(units: list[Unit], names: Names, memory: Memory, on: date | None) -> list[Unit]:
    """Join the units of each mention into one unit of tag ``ACTOR`` with the value ``mention``.

    Args:
        units: Units of a sentence.
        names: Builder of references.
        memory: What the text has named before; brought up to date.
        on: Day of publication, for who held which office.

    Returns:
        The units with mentions joined; adjectives that belong to no mention stay.
    """
    out: list[Unit] = []
    at = 0
    while at < len(units):
        unit = units[at]
        if unit.has("TERRITORY_OF") and at + 1 < len(units) and units[at + 1].tags & {"ADJ", "STATE"}:
            out.append(_territory(unit, units[at + 1], names))
            at += 2
            continue
        if not unit.tags & _HEADS:
            out.append(unit)
            at += 1
            continue
        joined, at = _mention(units, at, out, names, memory, on)
        out.append(joined)
    return out


def _named_as(head: Unit, slug: str, names: Names) -> Ref:
    """A capital that speaks for its state keeps the word received: "Russia (Moscow)"."""
    ref = names.party(slug)
    place = head.values.get("place")
    if head.has("CAPITAL") and place is not None:
        return Ref(slug, f"{ref.label} ({name_in(place.names, 'en')})")
    return ref


def _territory(head: Unit, owner: Unit, names: Names) -> Unit:
    slug = owner.values.get("adj") or owner.values["party"]
    ref = Ref(slug, f"territory of {names.party(slug).label}")
    tags = frozenset({"PLACE", "TERRITORY", "PLACE_TERRITORY"})
    return Unit(head.start, owner.end, tags, {"territory": ref}, head.flags, head.form)


_HEADS = frozenset({"OFFICEWORD", "OFFICE", "PERSON", "STATE", "BODY", "ADJ", "BOTH", "SIDE"})


def _mention(
    units: list[Unit], at: int, out: list[Unit], names: Names, memory: Memory, on: date | None
) -> tuple[Unit, int]:
    head = units[at]
    if head.has("OFFICEWORD") or head.has("SIDE"):
        return _office(units, at, out, names, memory, on)
    if head.has("PERSON"):
        mention, kind = _person(head, None, None, names, memory, on)
        return _finish([head], mention, kind, memory), at + 1
    if head.has("OFFICE"):
        office = head.values["named_office"]
        mention = Mention((Ref(office.id, office.label),), (office.party,), names.tag(office.kind))
        return _finish([head], mention, office.kind, memory), at + 1
    if head.has("BOTH"):
        return _both(head, names, memory), at + 1
    if (head.has("ADJ") and not head.has("STATE")) or "genitive" in head.flags:
        found = _adjective(units, at, names, memory, on)
        if found is not None:
            return found
        if not head.has("PARTY"):
            return head, at + 1
    if head.has("CAPITAL") and head.flags & {"in", "to"}:
        return head, at + 1
    slug = head.values["party"]
    kind = "STATE" if head.has("STATE") else "BODY"
    end = at + 1
    mention = Mention((_named_as(head, slug, names),), (slug,), kind)
    if end < len(units) and units[end].has("ADJ") and kind == "BODY":
        end += 1
    unit = _finish(units[at:end], mention, None, memory)
    unit.tags |= head.tags
    unit.values = {**head.values, **unit.values}
    return unit, end


def _adjective(
    units: list[Unit], at: int, names: Names, memory: Memory, on: date | None
) -> tuple[Unit, int] | None:
    """An adjective or genitive before its office: "Russian", "Armenian and Azerbaijani", "Armenia's"."""
    parties = [_adjective_party(units[at])]
    end = at + 1
    while end + 1 < len(units) and units[end].tags & {"JOIN", "COMMA"} and _adjective_party(units[end + 1]):
        parties.append(_adjective_party(units[end + 1]))
        end += 2
    while end < len(units) and units[end].tags & {"FORMER", "ACTING"}:
        end += 1
    if end >= len(units) or not units[end].has("OFFICEWORD"):
        return None
    kind = units[end].values["office"]
    former = any(unit.has("FORMER") for unit in units[at:end])
    end += 1
    people = _people_after(units, end)
    if people and len(parties) == 1:
        mention, kind_named = _person(units[people - 1], parties[0], kind, names, memory, on)
        if former:
            mention.capacity = "former"
        return _finish(units[at:people], mention, kind_named, memory), people
    refs = tuple(names.office(kind, party) for party in parties)
    mention = Mention(refs, tuple(parties), names.tag(kind), "former" if former else "in office")
    return _finish(units[at:end], mention, kind, memory), end


def _adjective_party(unit: Unit) -> str | None:
    if unit.has("ADJ"):
        return str(unit.values["adj"])
    if "genitive" in unit.flags and unit.has("PARTY"):
        return str(unit.values["party"])
    return None


def _office(
    units: list[Unit], at: int, out: list[Unit], names: Names, memory: Memory, on: date | None
) -> tuple[Unit, int]:
    head = units[at]
    kind = head.values.get("office") if head.has("OFFICEWORD") else None
    end = at + 1
    tag = names.tag(kind) if kind else "STATE"
    refs: list[Ref] = []
    parties: list[str | None] = []
    capacity = "in office"
    many = head.has("PLURAL") or head.has("DUAL") or head.has("FORCE") or head.has("SIDE")
    if kind == "counterpart":
        kind = memory.office
    former = bool(out and out[-1].has("FORMER"))
    while end < len(units):
        step = _party_after(units, end, first=not refs, many=many)
        if step is None:
            break
        party, after = step
        people = _people_after(units, after)
        ref: Ref
        if people:
            ref, own, capacity = names.person(units[people - 1].values["person"], party, kind, on)
            party = own
            after = people
            tag = "PERSON"
            if kind and party:
                memory.holders[party, kind] = ref
        else:
            ref = _held(names, memory, kind, party) if kind else names.party(party or "")
        refs.append(ref)
        parties.append(party)
        end = after
    if not refs:
        return _bare_office(units, at, kind, names, memory, on)
    parts = units[at:end]
    former = former or any(part.has("FORMER") for part in parts)
    mention = Mention(tuple(refs), tuple(parties), tag, "former" if former else capacity)
    return _finish(parts, mention, kind, memory), end


def _held(names: Names, memory: Memory, kind: str, party: str | None) -> Ref:
    """The person whom the text named in this office before, else the office itself."""
    return memory.holders.get((party or "", kind)) or names.office(kind, party)


def _party_after(units: list[Unit], at: int, *, first: bool, many: bool) -> tuple[str | None, int] | None:
    """Find the party that an office belongs to right behind it: adjective, genitive, or "in <state>"."""
    look = at
    if look < len(units) and units[look].has("COMMA") and not first:
        look += 1
    if look < len(units) and units[look].tags & {"QUOTE"} and first:
        look += 1
    if look >= len(units):
        return None
    unit = units[look]
    joined = "and" in unit.flags or (look > at and many)
    if look + 1 < len(units) and unit.has("JOIN") and many and not first:
        unit, look, joined = units[look + 1], look + 1, True
    if first:
        if look + 1 < len(units) and unit.tags & {"IN", "OF"} and units[look + 1].tags & _PARTY:
            unit, look = units[look + 1], look + 1
        elif "and" in unit.flags:
            return None
        if unit.has("FORMER") and look + 1 < len(units) and units[look + 1].tags & _PARTY:
            unit, look = units[look + 1], look + 1
    elif not joined or not (unit.has("ADJ") or (many and unit.has("STATE"))):
        return None
    if unit.has("ADJ"):
        return unit.values["adj"], look + 1
    if unit.tags & {"STATE", "BODY"} and not (unit.flags & {"to", "like"}):
        return unit.values["party"], look + 1
    return None


def _people_after(units: list[Unit], at: int) -> int | None:
    """Return the index behind a person's name that follows an office, a comma or a rank allowed between."""
    look = at
    while look < len(units) and look - at < 2 and units[look].tags & {"COMMA", "RANK", "FORMER"}:
        look += 1
    if look < len(units) and units[look].has("PERSON") and not units[look].flags & {"and", "to"}:
        return look + 1
    return None


def _bare_office(
    units: list[Unit], at: int, kind: str | None, names: Names, memory: Memory, on: date | None
) -> tuple[Unit, int]:
    head = units[at]
    end = at + 1
    people = _people_after(units, end)
    possessive = units[end].has("OWN_COUNTRY") if end < len(units) else False
    if possessive:
        people = _people_after(units, end + 1)
        end += 1
    if people:
        mention, _ = _person(units[people - 1], None, kind, names, memory, on)
        return _finish(units[at:people], mention, kind, memory), people
    if head.has("PLURAL") and memory.pair is not None and _is_of(memory.pair, kind, names):
        end += 1 if end < len(units) and units[end].has("BOTH") else 0
        return _finish(units[at:end], memory.pair, kind, memory), end
    if end < len(units) and units[end].has("BOTH"):
        bound = names.mission.sides
        refs = tuple(names.office(kind, slug) if kind else names.party(slug) for slug in bound)
        tag = names.tag(kind) if kind else "BOTH"
        return _finish(units[at : end + 1], Mention(refs, bound, tag), kind, memory), end + 1
    if kind is None:
        if head.has("BOTH"):
            return _both(head, names, memory), at + 1
        return head, at + 1
    party = memory.party if possessive or any(f.startswith("poss") for f in head.flags) else None
    unit = _finish(
        units[at:end], Mention((names.office(kind, party),), (party,), names.tag(kind)), kind, memory
    )
    unit.tags |= {"NO_PARTY"} if party is None else set()
    return unit, end


def _is_of(pair: Mention, kind: str | None, names: Names) -> bool:
    """Whether two people named before can be "the two presidents"."""
    return pair.kind == "PERSON" and any(kind in names.kinds_of(ref.id) for ref in pair.refs)


def _person(
    unit: Unit, party: str | None, kind: str | None, names: Names, memory: Memory, on: date | None
) -> tuple[Mention, str | None]:
    holder = unit.values["person"]
    party = party or memory.people.get(holder.id)
    ref, own, capacity = names.person(holder, party, kind, on)
    if party is not None:
        memory.people[holder.id] = party
    return Mention((ref,), (own,), "PERSON", capacity), kind


def _both(head: Unit, names: Names, memory: Memory) -> Unit:
    bound = names.mission.sides
    mention = Mention(tuple(names.party(slug) for slug in bound), bound, "BOTH")
    if head.has("SIDE") and memory.pair is not None:
        mention = Mention(memory.pair.refs, memory.pair.parties, "BOTH")
    return Unit(
        head.start, head.end, head.tags | {"ACTOR", "BOTH"}, {"mention": mention}, head.flags, head.form
    )


def _finish(parts: list[Unit], mention: Mention, kind: str | None, memory: Memory) -> Unit:
    known = [party for party in mention.parties if party]
    if known:
        memory.party = known[-1]
    if kind:
        memory.office = kind
    tags = frozenset({"ACTOR", mention.kind} | ({f"KIND_{kind.upper()}"} if kind else set()))
    if len(mention.refs) > 1:
        tags |= {"SEVERAL"}
    return Unit(parts[0].start, parts[-1].end, tags, {"mention": mention}, parts[0].flags, parts[0].form)
