"""Applies the rules to a sentence: patterns over tags, then slots, then what the speaker makes of it."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise

from truceline.core.claims import GROUP_OF, Evidence, Ref
from truceline.extract import roles, slots
from truceline.extract.conditions import Conditions
from truceline.extract.dates import Calendar
from truceline.extract.doers import group
from truceline.extract.language import LanguageData, Rule
from truceline.extract.merge import Draft, subsume
from truceline.extract.names import Memory, Mention, Names
from truceline.extract.scene import Scene, clause
from truceline.extract.search import Found, Search
from truceline.extract.series import series
from truceline.extract.speech import voices
from truceline.extract.units import Sentence, Unit
from truceline.extract.voice import Floor, Voice

_UNNAMED = (Ref(None, "unspecified"),)
_UTTERED = frozenset({"denial", "position_statement"})
_AHEAD = frozenset({"planned", "urged", "obligated"})
_HEDGED = frozenset({"alleged", "denied"})


class Drafter:
    """Rules of a language made ready.

    Args:
        language: The language's data.
        names: Builder of references.
    """

    def __init__(self, language: LanguageData, names: Names) -> None:
        self._language = language
        self._names = names
        self._search = Search(language.rules, subject_first=language.subject_first)
        self._conditions = {rule.id: Conditions(rule) for rule in language.rules}
        self.figure: Decimal | None = None

    def draft(
        self, sentence: Sentence, floor: Floor, memory: Memory, calendar: Calendar, text: str, *,
        on_topic: bool, named: bool,
    ) -> list[Draft]:  # fmt: skip
        """Find the claims of a sentence.

        Args:
            sentence: Its units, mentions joined.
            floor: Who has the floor; brought up to date.
            memory: What was named before; brought up to date.
            calendar: For dates.
            text: The item's text, for the words of the evidence.
            on_topic: Whether it belongs to the theatre.
            named: Whether it names the theatre itself.

        Returns:
            Drafts in the order of the rules.
        """
        heard = voices(sentence, self._language, floor)
        if not on_topic:
            return []
        drafts = []
        anchored = named or _is_anchored(sentence.units)
        for found in self._search.find(sentence.units):
            if found.rule.anchor == "sentence" and not anchored:
                continue
            draft = self._fill(found, sentence, heard, floor.house, memory, calendar, text)
            if draft is not None:
                drafts.append(draft)
                drafts.extend(series(draft, found.last, sentence.units, calendar, text))
        self._remember(sentence.units, memory)
        return subsume(drafts)

    def _fill(
        self, found: Found, sentence: Sentence, heard: list[Voice], house: Voice | None, memory: Memory, calendar: Calendar,
        text: str,
    ) -> Draft | None:  # fmt: skip
        rule = found.rule
        units = sentence.units
        voice = _voice_at(heard, units, found.first, found.last, self._language) or house
        scene = Scene(
            units,
            found.first,
            found.last,
            found.slots,
            voice,
            self._names,
            memory,
            calendar,
            self.figure,
            found.bounds,
        )
        first, last = clause(scene)
        if not self._language.subject_first and (
            _is_supposed(units, found.first, found.last) or _is_purpose(rule, units[found.first])
        ):
            return None
        if not self._conditions[rule.id].hold(units, (first, last), (found.first, found.last)):
            return None
        if not rule.about and _is_topic_of_talks(units, first, found.first):
            return None
        due = slots.due(scene)
        if rule.due and due is None:
            return None
        kind = rule.type
        stipulated = voice is not None and voice.stipulates
        if stipulated and rule.stipulated != "same":
            kind = rule.stipulated
        figures = slots.quantities(rule, scene)
        if rule.unit and not figures and any(name.startswith("n") for name in found.slots):
            return None
        self.figure = figures[0].value if figures else self.figure
        charged = roles.charged(scene) if _charges(rule) and not self._language.subject_first else ()
        actors = charged or roles.refs(rule.actors, scene)
        targets = roles.refs(rule.targets, scene, actors)
        if not actors and "other" in rule.actors:
            actors = roles.refs(("other",), scene, targets)
        actors = _the_other_way(actors, targets, rule, scene)
        modality = self._modality(rule, voice, scene, actors, targets, stipulated=stipulated)
        if due is None and modality in _AHEAD and not self._language.subject_first:
            due = slots.until(scene)
        # a denial is uttered, whatever it denies; only the thing denied is negated
        denied = modality == "denied" or _is_negated(units, first, found)
        polarity = "negated" if denied and kind not in _UTTERED else rule.polarity
        if (
            polarity == "negated"
            and rule.blame
            and modality == "asserted"
            and _is_own(voice, actors, self._names)
        ):
            modality = "denied"
        start, end = units[first].start, units[last - 1].end
        speakers, capacity = _chain(rule, voice, scene)
        return Draft(
            rule=rule, span=(units[found.first].start, units[found.last - 1].end),
            parties=_bodies(actors, self._names), type=kind, actors=actors, targets=targets, places=slots.places(rule, scene),
            quantities=figures, when=slots.when(rule, scene, ahead=modality == "planned" and not self._language.subject_first), due=due, speakers=speakers, capacity=capacity,
            modality=modality, polarity=polarity, evidence=Evidence(start, end, text[start:end]),
            segment=sentence.kind,
        )  # fmt: skip

    def _modality(
        self, rule: Rule, voice: Voice | None, scene: Scene, actors: tuple[Ref, ...], targets: tuple[Ref, ...],
        *, stipulated: bool,
    ) -> str:  # fmt: skip
        if voice is not None and voice.modality in _HEDGED and not rule.modality:
            return voice.modality or ""
        near = scene.units[scene.first : scene.last + 1]
        civil = any(unit.has("CIVILIAN") for unit in near) or (
            any(unit.has("OTHERS") for unit in near) and any(unit.has("CIVILIAN") for unit in scene.units)
        )
        blamed = rule.blame and any(ref.id for ref in actors) and _is_blame(voice, actors, self._names)
        if blamed and rule.modality_own and rule.own != "actors" and not self._language.subject_first:
            # one's own dead are admitted, unless the words say who killed them
            blamed = bool(roles.refs(("agent",), scene)) or bool(roles.charged(scene))
        own = actors if rule.own == "actors" else targets
        if rule.modality_own and not (blamed or civil) and _is_own(voice, own, self._names):
            return rule.modality_own
        if stipulated and rule.stipulated != "same":
            return "obligated"
        if rule.modality == "asserted" and not self._language.subject_first and _is_ahead(scene):
            return "planned"
        if rule.modality:
            return rule.modality
        if stipulated:
            return "obligated"
        if voice is not None and voice.modality and not (blamed and voice.modality == "opinion"):
            return voice.modality
        if blamed or (rule.blame and _is_blame(voice, actors, self._names)):
            return "accused"
        if rule.blame and actors == _UNNAMED and _is_own(voice, targets, self._names):
            return "accused"
        if _is_ahead(scene):
            return "planned"
        if self._language.subject_first and (told := _told_behind_or_before(scene)):
            return told
        units = scene.units[max(0, scene.first - 2) : scene.last]
        if self._language.subject_first and any(unit.has("MUST") for unit in units):
            return "urged" if voice is not None else "obligated"
        if any(unit.has("HEDGE") for unit in units):
            return "alleged"
        return "asserted"

    def _remember(self, units: list[Unit], memory: Memory) -> None:
        memory.places = slots.named_places(units) or memory.places
        for at, unit in enumerate(units):
            mention: Mention | None = unit.values.get("mention")
            if mention is None or mention.kind != "PERSON":
                continue
            together = group(units, at)
            joined = tuple(ref for other in together for ref in other.refs)
            if len(joined) == 2:
                parties = tuple(party for other in together for party in other.parties)
                memory.pair = Mention(joined, parties, mention.kind)


def _told_behind_or_before(scene: Scene) -> str:
    """What stands round a noun that is a match: "we demand the withdrawal of …", "… is scheduled for Monday"."""
    units = scene.units
    if any(unit.has("SAY_URGE") for unit in units[max(0, scene.first - 3) : scene.first]):
        return "urged"
    behind = units[scene.last : scene.last + 2]
    return "planned" if behind and behind[-1].has("FUTURE") and not behind[0].has("COMMA") else ""


def _is_purpose(rule: Rule, unit: Unit) -> bool:
    """As in "in order to reopen the road": what something is done for is not done yet."""
    if rule.type == "jamming":
        return False
    return "to" in unit.flags and GROUP_OF.get(rule.type) in _DONE and unit.tags.isdisjoint(_NAMED)


_DONE = frozenset({"access", "force", "withdrawal", "exchange", "humanitarian", "control", "calm"})
_NAMED = frozenset({"ACTOR", "NUM", "PLACE", "DATE"})


def _is_anchored(units: list[Unit]) -> bool:
    """Whether a sentence that names no place of the theatre speaks of those who are there all the same."""
    return any(unit.tags & _THERE for unit in units)


_THERE = frozenset({"TOPIC", "KIND_CONTINGENT", "KIND_MISSION"})


def _is_supposed(units: list[Unit], at: int, last: int) -> bool:
    """Whether a text supposes a thing and does not report it: behind "if", or as what something lasts "since"."""
    for index in (at - 1, last - 2):
        if index >= 0 and units[index].has("SINCE") and not units[index + 1].tags & {"DATE", "NUM"}:
            return True
    return any(unit.has("CONDITION") for unit in units[max(0, at - _CONDITION_REACH) : at])


_CONDITION_REACH = 4


def _the_other_way(
    actors: tuple[Ref, ...], targets: tuple[Ref, ...], rule: Rule, scene: Scene
) -> tuple[Ref, ...]:
    """Who does it where only the one it is done to is named: the other bound party."""
    names = scene.names
    if (
        names.subject_first
        or len(targets) != 1
        or roles.party_of(targets[0], names) not in names.mission.sides
    ):
        return actors
    both = rule.actors[-1:] == ("sides",) and {ref.id for ref in actors} == set(names.mission.sides)
    unnamed = rule.blame and actors == _UNNAMED and _is_own(scene.voice, targets, names)
    return (roles.refs(("other",), scene, targets) or actors) if both or unnamed else actors


def _charges(rule: Rule) -> bool:
    return rule.blame or rule.type == "accusation"


def _is_ahead(scene: Scene) -> bool:
    """Whether it lies ahead: a verb in the future, or "it is expected that" before it."""
    units = scene.units
    if any(
        "future" in unit.flags or unit.has("FUTURE") for unit in units[max(0, scene.first - 2) : scene.last]
    ):
        return True
    if scene.names.subject_first:
        return False
    return any(unit.has("EXPECTED") for unit in units[max(0, scene.first - 5) : scene.last])


def _voice_at(
    heard: list[Voice], units: list[Unit], first: int, last: int, language: LanguageData
) -> Voice | None:
    best = None
    for voice in heard:
        covers = voice.first <= last - 1 and first < voice.last
        spoken = voice.verb < last or not language.subject_first
        if covers and spoken and (voice.first <= first or first <= voice.verb < last):
            best = voice
    if best is None and language.subject_first:
        # "…, the ministry said": what stands before a verb at the end of the sentence is covered by it
        for voice in heard:
            between = units[last : voice.verb]
            closes = any(unit.tags & {"COMMA", "QUOTE"} for unit in between)
            closes = closes and not any(
                two.has("TURN") and one.has("COMMA") for one, two in pairwise(between)
            )
            if voice.verb >= last and not voice.stipulates and closes and voice.modality != "urged":
                return voice
    return best


def _is_topic_of_talks(units: list[Unit], first: int, at: int) -> bool:
    """What people talk about is not said to be so: "met to discuss the deployment of …"."""
    for unit in reversed(units[max(first, at - 8) : at]):
        if unit.has("ABOUT"):
            return True
        if unit.tags & {"THAT", "SAY", "STIPULATE"}:
            return False
    return False


def _is_negated(units: list[Unit], first: int, found: Found) -> bool:
    if any("NOT" in pattern for pattern in found.rule.match):
        return False
    inside = units[found.first : found.last]
    commas = [at for at, unit in enumerate(inside) if unit.has("COMMA")]
    negations = [
        at for at, unit in enumerate(inside) if unit.has("NOT") and not any(comma > at for comma in commas)
    ]
    return bool(negations) or any(
        unit.has("NOT") for unit in units[max(first, found.first - 2) : found.first]
    )


def _bodies(refs: tuple[Ref, ...], names: Names) -> frozenset[str]:
    """Parties of states, offices and forces; a person is nobody but that person."""
    bodies = (ref for ref in refs if not (ref.id or "").startswith("person:"))
    return frozenset(party for ref in bodies if (party := roles.party_of(ref, names)))


def _is_own(voice: Voice | None, targets: tuple[Ref, ...], names: Names) -> bool:
    if voice is None or voice.mention is None:
        return False
    own = set(voice.mention.parties) & set(names.mission.sides)
    return any(roles.party_of(ref, names) in own for ref in targets)


def _chain(rule: Rule, voice: Voice | None, scene: Scene) -> tuple[tuple[Ref, ...], tuple[str, ...]]:
    speakers = voice.chain if voice else ()
    capacity = voice.capacity if voice else ()
    if rule.speaker and rule.speaker.startswith("slot:"):
        named = roles.refs((rule.speaker,), scene)
        return (*named, *speakers), (*("in office" for _ in named), *capacity)
    if rule.speaker:
        return (Ref(None, rule.speaker), *speakers), ("unofficial", *capacity)
    return speakers, capacity


def _is_blame(voice: Voice | None, actors: tuple[Ref, ...], names: Names) -> bool:
    """Whether one bound party's own says it of another."""
    if voice is None or voice.mention is None:
        return False
    sides = set(names.mission.sides)
    own = {party for party in voice.mention.parties if party}
    blamed = {roles.party_of(ref, names) for ref in actors}
    # an authority that no agreement binds stands with one of the sides all the same
    partisan = any(names.mission.party_of[party].kind == "authority" for party in own)
    return bool(own & sides or partisan) and bool((blamed & sides) - own)
