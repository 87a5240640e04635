"""Who says it: verbs of saying, their subjects, what they cover, and what carries over to the next sentence."""

from __future__ import annotations

from dataclasses import replace

from truceline.core.claims import Ref
from truceline.extract.language import LanguageData, Speech
from truceline.extract.names import Mention
from truceline.extract.quotes import quote_end, quote_state
from truceline.extract.relays import relays
from truceline.extract.subjects import (
    according_to_it,
    by_agent,
    carried,
    coordinate,
    goes_on,
    headed,
    institution,
    is_no_speech,
    leading,
    refuted,
    text_says,
)
from truceline.extract.units import Sentence, Unit
from truceline.extract.voice import Floor, Voice, continued, voice_of

AGREEMENT = Ref(None, "agreement")
_CLAUSE = frozenset({"BREAK", "COLON"})


def voices(sentence: Sentence, language: LanguageData, floor: Floor) -> list[Voice]:
    """Find the voices of a sentence.

    Args:
        sentence: Its units, mentions joined.
        language: Verbs of saying.
        floor: Who had the floor before; brought up to date.

    Returns:
        Voices in order of their verbs; later ones inside earlier ones come later in the list.
    """
    units = sentence.units
    found: list[Voice] = []
    if sentence.opens_line:
        floor.quoted = False
        floor.spoke = floor.spoke and not language.subject_first
        if language.subject_first and floor.house is not None:
            floor.voice = floor.house
    starts_quoted = floor.quoted
    if starts_quoted and floor.voice is not None:
        found.append(continued(floor.voice, 0, quote_end(units)))
    if not language.subject_first and _speaks_by_colon(units):
        mention = units[0].values["mention"]
        found.append(Voice(0, len(units), mention.refs[:1], mention, None, stipulates=False, verb=-1,
                           capacity=(mention.capacity,)))  # fmt: skip
    carried_by, carrier = relays(units, language)
    if carrier is None and language.subject_first and according_to_it(units):
        carrier = floor.lead or (floor.voice.mention if floor.voice is not None else None)
    if carried_by and (carrier is None or language.subject_first or carried_by[0] not in carrier.refs):
        floor.relays = carried_by
    for at, unit in enumerate(units):
        if not unit.tags & {"SAY", "STIPULATE"} or "speech" not in unit.values:
            continue
        speech = language.speech[unit.values["speech"]]
        if starts_quoted and at < quote_end(units) and not speech.stipulates:
            continue
        agent = (
            by_agent(units, at) if language.subject_first and not _is_carrying(units, at, speech) else None
        )
        if agent is None and _says_nothing(units, at, speech, language):
            continue
        voice: Voice | None
        if agent is not None:
            voice = replace(voice_of(agent), last=len(units), modality=speech.modality)
        else:
            voice = _voice(units, at, speech, language, floor, found)
        if voice is not None:
            found.append(voice)
            if not voice.stipulates and not _nested(units, voice, found[:-1]):
                floor.voice = voice
    if carrier is not None:
        _carry(units, found, carrier, carried_by, language, floor)
    if not found and language.subject_first:
        found.extend(_heading(units, floor))
    if not found and units and units[0].has("ALSO") and floor.voice is not None and floor.spoke:
        found.append(continued(floor.voice, 0, len(units)))
    if not found and language.subject_first and goes_on(sentence, spoke=floor.spoke):
        running = floor.voice
        if running is not None and running.mention is not None:
            found.append(replace(continued(running, 0, len(units)), modality=None))
    if language.subject_first:
        found.extend(_called_untrue(units, found, floor))
    _leave(floor, sentence, found, carried_by, starts_quoted=starts_quoted)
    return found


def _leave(
    floor: Floor, sentence: Sentence, found: list[Voice], carried_by: tuple[Ref, ...], *, starts_quoted: bool
) -> None:
    """Bring the floor up to date for the sentence behind."""
    units = sentence.units
    # what an agreement stipulates is nobody's speech: whoever spoke before it does not go on behind it
    floor.spoke = any(not voice.stipulates for voice in found)
    floor.lead = units[0].values.get("mention") if not found and units else None
    floor.quoted = quote_state(units, quoted=floor.quoted)
    if not found and not floor.quoted and not starts_quoted:
        floor.relays = carried_by


def _heading(units: list[Unit], floor: Floor) -> list[Voice]:
    """The voice of who stands before a colon at the head of a sentence."""
    mention = headed(units)
    if mention is None:
        return []
    floor.voice = replace(voice_of(mention), first=2, last=len(units))
    return [floor.voice]


def _says_nothing(units: list[Unit], at: int, speech: Speech, language: LanguageData) -> bool:
    """Whether a word of saying is none here: a noun, a carrier's, or without what it needs behind it."""
    if _is_carrying(units, at, speech):
        return True
    if speech.needs and not any(behind.has(speech.needs) for behind in units[at + 1 : at + _ASSENT]):
        return True
    return is_no_speech(units, at) if language.subject_first else _is_assent(units, at)


def _is_carrying(units: list[Unit], at: int, speech: Speech) -> bool:
    """Whether a word of saying is a carrier's, a noun, or stands behind "according to"."""
    unit = units[at]
    if speech.relay or (unit.flags & {"to", "in"} and not speech.stipulates) or _is_noun_use(units, at):
        return True
    return any(before.has("RELAY") for before in units[max(0, at - 2) : at])


def _carry(
    units: list[Unit], found: list[Voice], carrier: Mention, carried_by: tuple[Ref, ...], language: LanguageData, floor: Floor,
) -> None:  # fmt: skip
    """Give the carrier's voice to a sentence without one, or to what stands before the first verb of saying."""
    if found and (language.subject_first or found[0].first == 0):
        return
    chain = (*carrier.refs[:1], *(ref for ref in carried_by if ref not in carrier.refs))
    # "… fell, according to the ministry, which accused …": what stands before the verb is the carrier's
    last = found[0].first if found else len(units)
    voice = Voice(0, last, chain, carrier, None, stipulates=False, verb=-1, capacity=(carrier.capacity,))
    if not found:
        floor.voice = voice
        floor.relays = ()
    found.insert(0, voice)


def _called_untrue(units: list[Unit], found: list[Voice], floor: Floor) -> list[Voice]:
    """The voice that denies what it calls untrue: "reports that troops had opened fire are false"."""
    span = refuted(units)
    if span is None:
        return []
    outer = next(reversed(found), None) or floor.house
    base = outer or Voice(0, 0, floor.relays, None, None, stipulates=False, verb=-1)
    return [replace(continued(base, *span), modality="denied", verb=span[0])]


def reporting(head: list[Sentence], sentence: Sentence) -> Voice | None:
    """Return the voice of a monitoring mission whose daily report the item is, once a sentence names the mission.

    Args:
        head: First lines of the item: one of them must call it a report.
        sentence: A sentence of it, mentions joined.

    Returns:
        A voice over all that no other voice covers, or None.
    """
    if not any(unit.has("REPORT_HEAD") for line in head for unit in line.units):
        return None
    for unit in sentence.units:
        if unit.has("KIND_MISSION"):
            return voice_of(unit.values["mention"])
    return None


def house(sentence: Sentence) -> Voice | None:
    """Return the voice of an item whose head line is nothing but an institution.

    Args:
        sentence: A line of the head, mentions joined.

    Returns:
        A voice over all that no other voice covers, or None.
    """
    mention = institution(sentence)
    return None if mention is None else voice_of(mention)


def _speaks_by_colon(units: list[Unit]) -> bool:
    """As in the headline "Ministry: the army shelled …"."""
    return len(units) > 2 and units[0].has("ACTOR") and units[1].has("COLON") and units[0].flags <= {"the"}


def _is_noun_use(units: list[Unit], at: int) -> bool:
    return units[at].has("SAY_NOUN")


_ASSENT = 7


def _is_assent(units: list[Unit], at: int) -> bool:
    """As in "Parliament passed the law": one verb admits that something is so, or assents to a thing."""
    if not units[at].has("SAY_ADMIT"):
        return False
    return not any(
        unit.tags & {"THAT", "QUOTE"} or "in" in unit.flags for unit in units[at + 1 : at + _ASSENT]
    )


def _voice(
    units: list[Unit], at: int, speech: Speech, language: LanguageData, floor: Floor, before: list[Voice]
) -> Voice | None:
    end = len(units) if speech.stipulates else _reach(units, at)
    if speech.stipulates:
        outer = next((v for v in reversed(before) if v.first <= at < v.last), None)
        chain = (AGREEMENT, *(outer.chain if outer else floor.relays))
        capacity = ("in office", *(outer.capacity if outer else ()))
        mention = outer.mention if outer else None
        return Voice(at, end, chain, mention, "obligated", stipulates=True, verb=at, capacity=capacity)
    if speech.author:
        return Voice(at, end, (), None, speech.modality, stipulates=False, verb=at)
    if language.subject_first and text_says(units, at):
        said_behind = any(not unit.tags & _SKIP for unit in units[at + 1 : end])
        first = at if said_behind else 0
        chain = (AGREEMENT, *floor.relays)
        return Voice(first, end, chain, None, "obligated", stipulates=True, verb=first - (not said_behind),
                     capacity=("in office",))  # fmt: skip
    subject = None if units[at].has("SAY_PASSIVE") else _subject(units, at, language)
    outer_voice = next((v for v in reversed(before) if v.first <= at < v.last), None)
    if outer_voice is not None and language.subject_first and coordinate(units, outer_voice.verb, at):
        subject = outer_voice.mention
    if subject is None and not language.subject_first and not before and "and" in units[at].flags:
        subject = _told_of(units, at)
    if subject is None and language.subject_first and not before:
        subject = carried(units, at) or (floor.lead if at and units[at - 1].has("PRONOUN") else None)
    if subject is None:
        if _opens(units, at) or _carries(units, at):
            previous = before[-1] if before and not before[-1].stipulates else floor.voice or floor.house
            if previous is None and units[at].has("SAY_UNTRUE"):
                return Voice(at, end, floor.relays, None, speech.modality, stipulates=False, verb=at)
            if previous is None:
                return None
            return Voice(at, end, previous.chain, previous.mention, speech.modality, stipulates=False, verb=at,
                         capacity=previous.capacity)  # fmt: skip
        return None
    mention = subject
    inner = mention.refs if len(mention.refs) == 1 else (_joint(mention),)
    outer = outer_voice if outer_voice is not None and _is_nested(units, at, outer_voice) else None
    outward = outer.chain if outer is not None else floor.relays
    if language.subject_first and outer is None and floor.house is not None:
        outward = (*floor.relays, *floor.house.chain)
    chain = (*inner, *(ref for ref in outward if ref not in inner))
    capacity = (mention.capacity, *(outer.capacity if outer is not None else ()))
    return Voice(at, end, chain, mention, speech.modality, stipulates=False, verb=at, capacity=capacity)


def _told_of(units: list[Unit], at: int) -> Mention | None:
    """Who headed the sentence before "and he told …": the first one named, unless behind a preposition."""
    for index in range(1, at - 1):
        unit = units[index]
        if unit.has("ACTOR"):
            led = not unit.flags & {"in", "to"} and not units[index - 1].tags & _LED_BY
            return (
                unit.values["mention"] if led and unit.tags & {"PERSON", "OFFICE", "STATE", "BODY"} else None
            )
    return None


_LED_BY = frozenset(
    {"IN", "ON", "TO", "WITH", "BETWEEN", "AFTER", "UNTIL", "ABOUT", "FROM", "OF", "FROM_SIDE"}
)


def _joint(mention: Mention) -> Ref:
    return Ref(None, " and ".join(ref.label for ref in mention.refs))


def _carries(units: list[Unit], at: int) -> bool:
    unit = units[at]
    before: frozenset[str] = units[at - 1].tags if at else frozenset()
    # "but it speaks of …": a pronoun glued to the word that turns the sentence
    turned = at > 0 and "TURN" in before and any(flag.startswith("poss") for flag in units[at - 1].flags)
    return turned or "and" in unit.flags or unit.has("SAY_PASSIVE") or bool(before & {"JOIN", "PRONOUN"})


def _opens(units: list[Unit], at: int) -> bool:
    return all(
        unit.tags & {"W", "ADVERB", "AND", "DASH", "QUOTE", "PRONOUN", "DATE", "COMMA"} for unit in units[:at]
    )


def _is_nested(units: list[Unit], at: int, outer: Voice) -> bool:
    """Whether a verb of saying stands inside what another says: a ``that`` leads to it, and no clause ends between."""
    window = units[outer.verb + 1 : at]
    that = max((index for index, unit in enumerate(window) if unit.has("THAT")), default=-1)
    if that < 0:
        return False
    between = window[that + 1 :]
    commas = sum(unit.has("COMMA") for unit in between)
    return commas == 0 and len(between) <= 8


def _nested(units: list[Unit], voice: Voice, before: list[Voice]) -> bool:
    return any(v.first <= voice.verb < v.last and _is_nested(units, voice.verb, v) for v in before)


def _reach(units: list[Unit], at: int) -> int:
    """Return the end of what a verb of saying covers: the next verb of saying of the same level, or the sentence."""
    for index in range(at + 1, len(units)):
        unit = units[index]
        if "BREAK" in unit.tags:
            return index
        if "TURN" in unit.tags and units[index - 1].has("COMMA") and "BUT" not in unit.tags:
            return index
    return len(units)


_SKIP = frozenset(
    {
        "ADVERB",
        "PRONOUN",
        "W",
        "DATE",
        "COMMA",
        "QUOTE",
        "RANK",
        "AND",
        "JOIN",
        "TITLE",
        "ISSUED",
        "SIGN",
        "PERFECT",
        "CLOSE",
        "OPEN",
        "FROM",
        "ANONYMOUS",
    }
)


_TRANSITIVE = frozenset({"SAY_URGE", "SAY_ACCUSE", "SAY_BLAME"})


def _subject(units: list[Unit], at: int, language: LanguageData) -> Mention | None:
    if language.subject_first and at and units[at - 1].has("PRONOUN"):
        return None
    behind = _behind(units, at, language.feminine)
    if language.subject_first:
        # "…, urged both sides": who is urged or accused stands behind the verb, never its subject
        inverted = at and units[at - 1].tags & {"COMMA", "QUOTE"} and not units[at].tags & _TRANSITIVE
        return behind if behind is not None and inverted else leading(units, at)
    if at > 1 and units[at - 1].has("REL") and units[at].tags & _TRANSITIVE:
        # "the ministry, which accused …"
        named = [unit for unit in units[max(0, at - 5) : at - 1] if unit.has("ACTOR")]
        if named:
            return named[-1].values["mention"]  # type: ignore[no-any-return]
    ahead = _before(units, at)
    # "A had accused B": behind "had" the subject stands first in any word order
    leads = at > 0 and units[at - 1].has("PERFECT")
    # "the ministry urged both sides": right before a verb of urging or accusing stands its subject
    leads = leads or (at > 0 and units[at - 1].has("ACTOR") and bool(units[at].tags & _TRANSITIVE))
    return ahead or behind if leads else behind or ahead


def _is_object(verb: Unit, named: Unit, feminine: tuple[str, ...]) -> bool:
    """Who is urged or accused by a speaker named before: "and he urged both sides", by number or gender of the verb."""
    if not verb.tags & _TRANSITIVE or "and" not in verb.flags:
        return False
    if named.has("BOTH"):
        return True
    bare = verb.form[1:]
    return (
        bool(feminine)
        and named.has("STATE")
        and not bare.startswith(feminine)
        and not bare.endswith(feminine)
    )


def _behind(units: list[Unit], at: int, feminine: tuple[str, ...] = ()) -> Mention | None:
    for index in range(at + 1, min(at + 6, len(units))):
        unit = units[index]
        if unit.has("ACTOR"):
            # "it stands in a statement of the ministry": whose statement it is, is said by a preposition
            of_whom = units[at].has("SAY_WRITTEN") and "to" in unit.flags
            if not of_whom and (unit.flags & {"to", "in"} or _is_object(units[at], unit, feminine)):
                return None
            return _with_partner(units, index)
        if unit.has("TEXT_SPEAKER"):
            return _whose_text(units, index)
        if unit.tags & {"THAT", "SAY", "ABOUT", "COLON", "BREAK", "REL"} or not unit.tags & _SKIP:
            return None
        if unit.has("W") and index - at > 4:
            return None
    return None


def _whose_text(units: list[Unit], at: int) -> Mention | None:
    """Whose statement it is that says so: "a statement by the ministry said"; none where it is only "the statement"."""
    for index in range(at + 1, min(at + 4, len(units))):
        unit = units[index]
        if unit.has("ACTOR"):
            return unit.values["mention"]  # type: ignore[no-any-return]
        if not unit.tags & {"ISSUED", "SIGN", "FROM", "W", "ADVERB"}:
            return None
    return None


def _before(units: list[Unit], at: int) -> Mention | None:
    for index in range(at - 1, max(at - 10, -1), -1):
        unit = units[index]
        if unit.has("ACTOR") and not unit.flags & {"in", "to"} and _heads_clause(units, index):
            return _with_partner(units, index)
        if unit.tags & {"SAY", "THAT", "BREAK", "COLON", "TURN"}:
            return None
    return None


def _heads_clause(units: list[Unit], index: int) -> bool:
    """A subject before its verb begins its clause; a name behind a preposition is none."""
    return index == 0 or bool(
        units[index - 1].tags
        & {
            "THAT",
            "COMMA",
            "BREAK",
            "ADVERB",
            "TURN",
            "QUOTE",
            "JOIN",
            "RANK",
            "AND",
            "DATE",
            "COLON",
            "DASH",
        }
    )


def _with_partner(units: list[Unit], index: int) -> Mention:
    mention: Mention = units[index].values["mention"]
    after = index + 1
    if after + 1 < len(units) and units[after].has("JOIN") and units[after + 1].has("ACTOR"):
        after += 1
    if after < len(units) and units[after].has("ACTOR") and mention.kind == "PERSON":
        other: Mention = units[after].values["mention"]
        if other.kind == "PERSON" and ("and" in units[after].flags or units[after - 1].has("JOIN")):
            return Mention(
                mention.refs + other.refs, mention.parties + other.parties, "PERSON", mention.capacity
            )
    return mention
