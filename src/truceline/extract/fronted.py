"""Who is named, where the owner stands before ("Armenia's army", "its army") or behind a word ("army of Armenia").

The same task as ``mentions``, for languages whose subject stands before its verb and whose owners stand apart from
what they own. One pass over the units of a sentence, the longest expression first.
"""

from __future__ import annotations

from datetime import date

from truceline.core.claims import Ref
from truceline.core.names import name_in
from truceline.extract.names import Memory, Mention, Names
from truceline.extract.strangers import again, meet
from truceline.extract.units import Unit

_INSIDE = frozenset({"IN", "FROM", "INTO", "NEAR", "ARRIVE"})
_BEFORE_A_STATE = _INSIDE | {"TO", "WITH", "BETWEEN", "AGAINST", "JOIN"}
_OWNERS = frozenset({"ADJ", "STATE", "BODY", "POSSESSIVE"})
_FOUND = tuple[Unit, int]


class Fronted:
    """Reads the mentions of one sentence.

    Args:
        units: Units of the sentence.
        names: Builder of references.
        memory: What the text has named before; brought up to date.
        on: Day of publication, for who held which office.
    """

    def __init__(self, units: list[Unit], names: Names, memory: Memory, on: date | None) -> None:
        self._units = units
        self._names = names
        self._memory = memory
        self._on = on
        self._out: list[Unit] = []

    def join(self) -> list[Unit]:
        """Return the units with each mention as one unit of tag ``ACTOR``."""
        memory = self._memory
        memory.past, memory.head = memory.head or memory.past, None
        at = 0
        while at < len(self._units):
            found = self._at(at)
            unit, after = found if found is not None else (self._units[at], at + 1)
            if memory.head is None and unit.has("ACTOR"):
                memory.head = next((party for party in unit.values["mention"].parties if party), None)
            self._out.append(unit)
            at = after
        return self._out

    def _at(self, at: int) -> _FOUND | None:
        unit = self._units[at]
        if not unit.tags & _HEADS:
            return self._stranger(at)
        if unit.has("BOTH") and not unit.has("OFFICEWORD"):
            return self._both(at)
        if unit.has("TERRITORY_OF"):
            return self._territory_of(at)
        owned = self._owned(at)
        if owned is not None:
            return owned
        if unit.has("OFFICEWORD"):
            return self._office(at, at, [])
        if "named_office" in unit.values:
            return self._named_office(at)
        if unit.has("PERSON"):
            return self._person(at, at, None, None)
        if unit.tags & {"STATE", "BODY"}:
            return self._state(at)
        return None

    def _stranger(self, at: int) -> _FOUND | None:
        unit = self._units[at]
        if unit.has("RANK") and not unit.has("WEAK_RANK"):
            return meet(self._units, at, None, self._names, self._memory)
        if unit.has("W") and self._memory.strangers:
            return again(self._units, at, self._names, self._memory)
        return None

    # ---- owners ------------------------------------------------------------------------------------------------

    def _owned(self, at: int) -> _FOUND | None:
        """An owner before what it owns: "Armenian and Azerbaijani forces", "Armenia's ministry", "its troops"."""
        parties, end = self._owner_list(at)
        if not parties:
            return None
        if self._units[at].has("POSSESSIVE") and end < len(self._units) and self._units[end].has("ADJ"):
            parties, end = self._owner_list(end)
        while end < len(self._units) and self._units[end].tags & {"FORMER", "ACTING", "NUM", "OWN"}:
            end += 1
        if not self._units[at].has("POSSESSIVE"):
            end = self._past_epithet(end)
        if end >= len(self._units):
            return None
        head = self._units[end]
        if head.has("SIDE"):
            refs = tuple(self._names.party(party) for party in parties)
            return self._finish(at, end + 1, Mention(refs, tuple(parties), "STATE"), None), end + 1
        if head.has("TERRITORY_OF") and len(parties) == 1:
            return self._territory(at, end, parties[0]), end + 1
        bare = self._units[at].has("STATE") and not _is_genitive(self._units[at])
        if head.has("OFFICEWORD") and (not bare or (end == at + 1 and self._stands_as_adjective(at))):
            return self._office(at, end, parties)
        if head.has("PERSON") and end == at + 1 and not self._units[at].has("POSSESSIVE"):
            return self._person(at, end, parties[0], None)
        return None

    def _stands_as_adjective(self, at: int) -> bool:
        """As in "the Azerbaijan Army": a state's name right before a force, unless something happens in that state."""
        if self._units[at].has("CAPITAL") or (self._out and self._out[-1].tags & _BEFORE_A_STATE):
            return False
        return self._names.tag(str(self._units[at + 1].values["office"])) == "FORCE"

    def _past_epithet(self, end: int) -> int:
        """Pass over up to two words that only describe: "Azerbaijani liaison officer", "Armenian mobile units"."""
        units = self._units
        for length in (1, 2):
            head = end + length
            if head >= len(units) or units[head - 1].tags != _WORD or units[head - 1].form.endswith("ed"):
                return end
            if (
                units[head].has("OFFICEWORD")
                and self._names.tag(str(units[head].values["office"])) == "FORCE"
            ):
                return head
        return end

    def _owner_list(self, at: int) -> tuple[list[str], int]:
        parties: list[str] = []
        end = at
        while end < len(self._units):
            party = self._owner(self._units[end])
            if party is None:
                break
            parties.append(party)
            end += 1
            if end + 1 < len(self._units) and self._units[end].tags & {"JOIN", "COMMA", "SLASH", "DASH"}:
                step = end + 1
                if self._units[end].has("COMMA") and self._units[step].has("JOIN"):
                    step += 1
                if step < len(self._units) and self._owner(self._units[step]) is not None:
                    end = step
                    continue
            break
        return parties, end

    def _owner(self, unit: Unit) -> str | None:
        if unit.has("POSSESSIVE"):
            own = self._memory.speaker if unit.form in {"our", "my"} else None
            return own or self._memory.head or self._memory.past
        if unit.has("ADJ"):
            return str(unit.values["adj"])
        if unit.has("PARTY") and _is_genitive(unit):
            return str(unit.values["party"])
        return None

    def _behind(self, at: int, tag: str) -> tuple[list[str], int]:
        """Owners behind a word: "of Armenia and Azerbaijan", "of the Armenian army", "in Baku"."""
        units = self._units
        if (
            at + 1 >= len(units)
            or not units[at].tags & {"OF", "IN"}
            or (units[at].has("IN") and tag == "FORCE")
        ):
            return [], at
        parties: list[str] = []
        end = at + 1
        while end < len(units):
            found, after = self._one_behind(end)
            if not found:
                break
            parties.extend(found)
            end = after
            if end + 1 < len(units) and units[end].has("JOIN") and units[end + 1].tags & _OWNERS:
                end += 1
            elif end + 1 < len(units) and units[end].has("COMMA") and self._goes_on(end):
                end += 2 if units[end + 1].has("JOIN") else 1
            else:
                break
        return (parties, end) if parties else ([], at)

    def _one_behind(self, at: int) -> tuple[list[str], int]:
        unit = self._units[at]
        if unit.has("BOTH"):
            return list(self._names.mission.sides), at + 1
        following = self._units[at + 1] if at + 1 < len(self._units) else None
        owner = self._owner(unit)
        if owner is not None and following is not None and following.has("OFFICEWORD"):
            return [owner], at + 2
        if unit.tags & {"STATE", "BODY"} and not _is_genitive(unit):
            return [str(unit.values["party"])], at + 1
        if "named_office" in unit.values:
            party = unit.values["named_office"].party
            return ([party] if party else []), at + 1
        return [], at

    def _goes_on(self, at: int) -> bool:
        """Whether "A, B and C" goes on at a comma."""
        units = self._units
        for index in range(at + 1, min(at + 6, len(units) - 1)):
            if units[index].has("JOIN"):
                return bool(units[index + 1].has("STATE"))
            if not units[index].tags & {"COMMA", "STATE"}:
                return False
        return False

    # ---- offices and people --------------------------------------------------------------------------------------

    def _office(self, first: int, at: int, parties: list[str]) -> _FOUND:
        head = self._units[at]
        kind = str(head.values["office"])
        end = at + 1
        tag = self._names.tag(kind)
        if not parties:
            parties, end = self._behind(end, tag)
        if not parties and tag == "FORCE":
            parties, end = self._come_from(first, end)
        if kind == "counterpart":
            kind = self._memory.office or kind
        kind = self._meant(kind, parties)
        former = any(unit.has("FORMER") for unit in self._units[max(first - 1, 0) : at])
        people = self._people_after(end, personal=self._names.is_personal(kind))
        if people is not None and head.has("PLURAL"):
            return Unit(self._units[first].start, self._units[end - 1].end, frozenset({"RANK"})), end
        if people is not None and len(parties) <= 1:
            return self._person(first, people, parties[0] if parties else None, kind, former=former)
        if not parties:
            return self._bare(first, at, end, kind)
        held = self._memory.holders
        refs = tuple(held.get((party, kind)) or self._names.office(kind, party) for party in parties)
        mention = Mention(refs, tuple(parties), self._names.tag(kind), "former" if former else "in office")
        unit = self._finish(first, end, mention, kind)
        if end < len(self._units) and self._units[end].has("RANK") and not self._units[end].has("WEAK_RANK"):
            met = meet(self._units, end, unit, self._names, self._memory)
            if met is not None:
                return met
        return unit, end

    def _come_from(self, first: int, end: int) -> tuple[list[str], int]:
        """As in "four soldiers from Azerbaijan": only where they are counted, since forces are moved from states too."""
        units = self._units
        counted = first > 0 and units[first - 1].has("NUM")
        if counted and end + 1 < len(units) and units[end].has("FROM") and units[end + 1].has("STATE"):
            return [str(units[end + 1].values["party"])], end + 2
        return [], end

    def _meant(self, kind: str, parties: list[str]) -> str:
        """What "the Armenian ministry" stands for: the kind of that party's that the text named last."""
        options = self._names.stands_for(kind)
        for option in reversed(self._memory.last):
            if option in options and self._memory.last[option].parties == tuple(parties):
                return option
        return options[0] if options and parties else kind

    def _bare(self, first: int, at: int, end: int, kind: str) -> _FOUND:
        head = self._units[at]
        memory = self._memory
        if "named_office" in head.values:
            return self._named_office(at)
        if head.has("PLURAL") and memory.pair is not None and self._is_of(memory.pair, kind):
            return self._finish(first, end, memory.pair, kind), end
        kinds = {kind, *self._names.stands_for(kind)}
        said = next((memory.last[other] for other in reversed(memory.last) if other in kinds), None)
        tag = self._names.tag(kind)
        if said is not None and tag != "FORCE":
            return self._finish(first, end, said, kind), end
        unit = self._finish(first, end, Mention((self._names.office(kind, None),), (None,), tag), kind)
        unit.tags |= {"NO_PARTY"}
        return unit, end

    def _is_of(self, pair: Mention, kind: str) -> bool:
        return pair.kind == "PERSON" and any(kind in self._names.kinds_of(ref.id) for ref in pair.refs)

    def _named_office(self, at: int) -> _FOUND:
        office = self._units[at].values["named_office"]
        mention = Mention((Ref(office.id, office.label),), (office.party,), self._names.tag(office.kind))
        people = self._people_after(at + 1, personal=self._names.is_personal(office.kind))
        if people is not None:
            return self._person(at, people, office.party, office.kind)
        return self._finish(at, at + 1, mention, office.kind), at + 1

    def _people_after(self, at: int, *, personal: bool) -> int | None:
        units = self._units
        look = at
        ranked = False
        while (
            look < len(units)
            and look - at < 4
            and units[look].tags & {"RANK", "WEAK_RANK", "FORMER", "ACTING", "COMMA"}
        ):
            if units[look].has("COMMA") and not (personal or ranked):
                return None
            ranked = ranked or units[look].has("RANK")
            look += 1
        if look < len(units) and units[look].has("PERSON") and (personal or ranked):
            return look
        return None

    def _person(
        self, first: int, at: int, party: str | None, kind: str | None, *, former: bool = False
    ) -> _FOUND:
        head = self._units[at]
        holder = head.values["person"]
        end = at + 1
        units = self._units
        if party is None and end + 1 < len(units) and units[end].has("OF") and units[end + 1].has("STATE"):
            party, end = str(units[end + 1].values["party"]), end + 2
        elif party is None and kind is None:
            party, kind, end = self._apposition(holder.id, end)
        party = party or self._memory.people.get(holder.id)
        ref, own, capacity = self._names.person(holder, party, kind, self._on)
        if party is not None:
            self._memory.people[holder.id] = party
        if kind and party:
            self._memory.holders[party, kind] = ref
        mention = Mention((ref,), (own,), "PERSON", "former" if former else capacity)
        unit = self._finish(first, end, mention, kind)
        unit.flags = head.flags
        return unit, end

    def _apposition(self, slug: str, at: int) -> tuple[str | None, str | None, int]:
        """The office named behind a person: "X, the foreign minister of Y,"."""
        units = self._units
        look = at + 1
        while look < len(units) and units[look].tags & {"RANK", "WEAK_RANK", "FORMER", "ACTING", "ONE"}:
            look += 1
        if look >= len(units) or not units[at].has("COMMA") or not units[look].tags & _OFFICES:
            return None, None, at
        parties, head = self._owner_list(look)
        head = head if parties else look
        if head >= len(units) or not units[head].tags & {"OFFICEWORD", "OFFICE"}:
            return None, None, at
        end = head + 1
        named = units[head].values.get("named_office")
        kind = str(units[head].values["office"] if named is None else named.kind)
        if not parties and units[head].has("OFFICEWORD"):
            parties, end = self._behind(end, self._names.tag(kind))
        if not parties and named is not None:
            parties = [named.party]
        if (
            kind not in self._names.kinds_of(slug)
            or len(parties) > 1
            or (end < len(units) and units[end].has("PERSON"))
        ):
            return None, None, at
        return (parties[0] if parties else None), kind, end

    # ---- states, territory, both -----------------------------------------------------------------------------------

    def _state(self, at: int) -> _FOUND:
        head = self._units[at]
        clock = head.has("CAPITAL") and at + 1 < len(self._units) and self._units[at + 1].has("TIMES")
        elsewhere = self._is_inside() or self._is_dateline(at) or clock
        if head.has("STATE") and not _is_genitive(head) and elsewhere:
            tags = (head.tags - {"STATE", "PARTY", "CAPITAL"}) | {"INSIDE_STATE"}
            return Unit(head.start, head.end, tags, head.values, head.flags, head.form), at + 1
        slug = str(head.values["party"])
        ref = self._names.party(slug)
        place = head.values.get("place")
        if head.has("CAPITAL") and place is not None:
            ref = Ref(slug, f"{ref.label} ({name_in(place.names, 'en')})")
        kind = "STATE" if head.has("STATE") else "BODY"
        unit = self._finish(at, at + 1, Mention((ref,), (slug,), kind), None)
        # a state that acts is no place; a capital may be where somebody goes
        unit.tags |= head.tags if head.has("CAPITAL") else head.tags - {"PLACE", "PLACE_COUNTRY"}
        unit.values = {**head.values, **unit.values}
        return unit, at + 1

    def _is_inside(self) -> bool:
        out = self._out
        if out and out[-1].tags & _INSIDE:
            return True
        return len(out) > 1 and out[-1].has("JOIN") and out[-2].has("INSIDE_STATE")

    def _is_dateline(self, at: int) -> bool:
        """A city that opens an item ("BAKU, 25 November") acts for nobody."""
        units = self._units
        if not units[at].has("CAPITAL") or at > 2 or any(unit.has("W") for unit in units[:at]):
            return False
        if at + 1 >= len(units) or not units[at + 1].tags & {"COMMA", "SLASH", "OPEN", "DASH", "DATE"}:
            return False
        return any(unit.tags & {"DATE", "SOURCE", "OPEN"} for unit in units[at + 1 : at + 6])

    def _territory_of(self, at: int) -> _FOUND | None:
        units = self._units
        if at + 2 < len(units) and units[at + 1].has("OF") and units[at + 2].has("STATE"):
            return self._territory(at, at + 2, str(units[at + 2].values["party"])), at + 3
        return None

    def _territory(self, first: int, last: int, slug: str) -> Unit:
        ref = Ref(slug, f"territory of {self._names.party(slug).label}")
        tags = frozenset({"PLACE", "TERRITORY", "PLACE_TERRITORY"})
        return Unit(self._units[first].start, self._units[last].end, tags, {"territory": ref})

    def _both(self, at: int) -> _FOUND:
        head = self._units[at]
        bound = self._names.mission.sides
        mention = Mention(tuple(self._names.party(slug) for slug in bound), bound, "BOTH")
        if head.has("PAIR") and self._memory.pair is not None:
            mention = Mention(self._memory.pair.refs, self._memory.pair.parties, "BOTH")
        tags = head.tags | {"ACTOR", "BOTH"}
        return Unit(head.start, head.end, tags, {"mention": mention}, head.flags, head.form), at + 1

    def _finish(self, first: int, end: int, mention: Mention, kind: str | None) -> Unit:
        memory = self._memory
        known = [party for party in mention.parties if party]
        if known:
            memory.party = known[-1]
        if kind:
            memory.office = kind
            if known and mention.kind != "FORCE":
                memory.last.pop(kind, None)
                memory.last[kind] = mention
        tags = frozenset({"ACTOR", mention.kind} | ({f"KIND_{kind.upper()}"} if kind else set()))
        if len(mention.refs) > 1:
            tags |= {"SEVERAL"}
        parts = self._units[first:end]
        tags |= frozenset().union(*(part.tags for part in parts)) & _KEPT
        return Unit(parts[0].start, parts[-1].end, tags, {"mention": mention}, parts[-1].flags, parts[0].form)


_HEADS = frozenset(
    {"OFFICEWORD", "OFFICE", "PERSON", "STATE", "BODY", "ADJ", "BOTH", "POSSESSIVE", "TERRITORY_OF"}
)
_WORD = frozenset({"W"})
_KEPT = frozenset({"TOPIC", "CENTRE", "HUM_CENTRE"})
_OFFICES = frozenset({"OFFICEWORD", "OFFICE", "ADJ", "PARTY"})


def _is_genitive(unit: Unit) -> bool:
    return "genitive" in unit.flags
