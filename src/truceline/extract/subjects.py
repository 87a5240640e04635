"""Whose verb of saying it is, in languages whose subject comes first."""

from __future__ import annotations

from truceline.core.claims import Ref
from truceline.core.names import name_in
from truceline.extract.names import Mention
from truceline.extract.units import Sentence, Unit

_HELPING = frozenset({"ADVERB", "HAVE", "DATE", "NOT", "ON", "BE", "FUTURE"})
_PREPOSITION = frozenset({"OF", "BY", "WITH", "TO", "FROM", "BETWEEN", "AGAINST", "FOR", "ON", "IN", "ABOUT"})
_OPENERS = frozenset(
    ["THAT", "COMMA", "BREAK", "ADVERB", "TURN", "QUOTE", "JOIN", "RANK", "AND", "DATE", "COLON", "DASH", "WEAK_RANK", "FORMER", "CLOSE", "MARK"]
)  # fmt: skip
_STOPS = frozenset({"SAY", "THAT", "BREAK", "COLON", "TURN"})
_REACH = 16
_SHORTEST = 4
_HEAD_UNITS = 8
_ABOUT_UNITS = 6
_PREDICATES = frozenset(
    {"SAY", "BE", "HAVE", "FUTURE", "MUST", "KILLED", "INJURED", "ATTACK_V", "VIOLATE", "QUOTE"}
)
_HEAD_WORDS = frozenset(
    {"TEXT_SPEAKER", "BULLETIN", "OPEN", "CLOSE", "OF", "COMMA", "DATE", "DASH", "NUM", "WEAK_RANK"}
)


def leading(units: list[Unit], at: int) -> Mention | None:
    """Return the subject before a verb of saying, with those joined to it.

    Args:
        units: Units of the sentence, mentions joined.
        at: Index of the verb.

    Returns:
        The mention, or None where none leads the clause.
    """
    tail = _last_part(units, at)
    if tail is not None:
        return _unnamed(tail, len(tail))
    for index in range(at - 1, max(at - _REACH, -1), -1):
        unit = units[index]
        if unit.has("ACTOR") and _leads(units, index, at):
            return _joined(units, index)
        if unit.tags & _STOPS:
            return None
    return _unnamed(units, at)


def _last_part(units: list[Unit], at: int) -> list[Unit] | None:
    """What stands between the last comma and the verb, where it is a subject of its own: "…, the general told …"."""
    for index in range(at - 1, max(at - 7, 0), -1):
        if units[index].has("ACTOR"):
            return None
        if units[index].tags & {"COMMA", "QUOTE"}:
            part = units[index + 1 : at]
            own = bool(part) and part[0].tags & {"W", "RANK", "WEAK_RANK", "A", "STAFF", "ADJ"}
            return part if own and not any(unit.tags & _NO_NOUNS for unit in part) else None
    return None


_OPENING = 9
_NOUN_WORDS = frozenset(
    ["W", "A", "ONE", "OF", "IN", "FOR", "AND", "ADJ", "PLACE", "ACTOR", "RANK", "WEAK_RANK", "MORE", "NEAR", "INSIDE_STATE", "INFRA",
     "MISSION", "HUMANITARIAN", "HUM_AID", "CIVILIAN", "PEOPLE", "STAFF", "SIDE", "FORMER", "ACTING", "HERITAGE", "REFUGEES", "LOCAL",
     "ON", "PRISONER", "DETAINEES", "MISSING", "BODIES", "CENTRE_BARE", "TEAM", "GROUP", "DEMINE", "ENGINEERS", "TALK_MATTER", "RELEASE"]
)  # fmt: skip
_NO_NOUNS = frozenset({"PRONOUN", "THAT", "NOT"})


def _unnamed(units: list[Unit], at: int) -> Mention | None:
    """A speaker that no pack names, by the words that open the sentence: "a liaison officer of the ministry said"."""
    row = units[:at]
    while row and row[-1].tags & _HELPING and not row[-1].has("W"):
        row = row[:-1]
    if not row or len(row) > _OPENING or not all(unit.tags & _NOUN_WORDS for unit in row):
        return None
    if any(unit.tags & _NO_NOUNS for unit in row) or not any(unit.tags & _SPEAKING for unit in row):
        return None
    parties: list[str | None] = []
    for unit in row:
        if unit.has("ACTOR"):
            parties.extend(unit.values["mention"].parties)
        elif unit.has("ADJ"):
            parties.append(unit.values.get("adj"))
    label = " ".join(_spelled(unit) for unit in row if not unit.has("A"))[:60].strip()
    party = next((party for party in parties if party), None)
    return Mention((Ref(None, label[:1].upper() + label[1:]),), (party,), "OFFICE", "unofficial")


_SPEAKING = frozenset({"W", "RANK", "WEAK_RANK", "ACTOR", "STAFF", "SIDE", "CIVILIAN"})


def _spelled(unit: Unit) -> str:
    place = unit.values.get("place")
    if place is not None:
        return name_in(place.names, "en")
    if unit.has("ACTOR"):
        return str(unit.values["mention"].refs[0].label)
    return unit.form


def _leads(units: list[Unit], index: int, at: int) -> bool:
    if index and units[index - 1].tags & _PREPOSITION and not units[index - 1].has("JOIN"):
        return False
    adjacent = all(unit.tags & _HELPING for unit in units[index + 1 : at])
    return adjacent or index == 0 or bool(units[index - 1].tags & _OPENERS)


def _joined(units: list[Unit], index: int) -> Mention:
    mentions: list[Mention] = [units[index].values["mention"]]
    while index > 1 and units[index - 1].tags & {"JOIN", "COMMA"} and units[index - 2].has("ACTOR"):
        if units[index - 1].has("COMMA") and len(mentions) < 2:
            break
        index -= 2
        mentions.insert(0, units[index].values["mention"])
    if len(mentions) == 1:
        return mentions[0]
    return Mention(
        tuple(ref for mention in mentions for ref in mention.refs),
        tuple(party for mention in mentions for party in mention.parties),
        mentions[0].kind,
        mentions[0].capacity,
    )


def is_no_speech(units: list[Unit], at: int) -> bool:
    """Say whether a verb of saying says nothing here: "was dismissed" in the passive, "denied the patrol passage".

    Args:
        units: Units of the sentence, mentions joined.
        at: Index of the verb.

    Returns:
        True for refusals, calls and judgements behind a form of "to be", and for what is denied to somebody.
    """
    if units[at].has("SAY_DENY") and any(unit.has("PASSAGE") for unit in units[at + 1 : at + 5]):
        return not any(unit.has("THAT") for unit in units[at + 1 : at + 5])
    unheard = units[at].tags & {"SAY_DENY", "SAY_URGE", "SAY_JUDGE"}
    return bool(unheard) and at > 0 and units[at - 1].has("BE")


def text_says(units: list[Unit], at: int) -> bool:
    """Say whether an agreement is the subject of a verb of saying: "the accord says", "clause 8 of the statement says".

    Args:
        units: Units of the sentence, mentions joined.
        at: Index of the verb.

    Returns:
        True for a text between the parties; "the statement" alone is mostly a ministry's.
    """
    index = at - 1
    while index >= 0 and units[index].tags & {"ADVERB", "HAVE"}:
        index -= 1
    if index < 0 or not units[index].has("AGREEMENT") or not units[at].has("SAY_SAY"):
        return False
    clause = any(unit.has("CLAUSE_N") for unit in units[max(0, index - 3) : index])
    return clause or not units[index].has("OWN_TEXT")


def headed(units: list[Unit]) -> Mention | None:
    """Return who stands before a colon at the head of a sentence: "Ministry of Defence: our units …".

    Args:
        units: Units of the sentence, mentions joined.

    Returns:
        The mention, or None where the sentence opens otherwise.
    """
    if (
        len(units) < _SHORTEST
        or not units[0].has("ACTOR")
        or not units[1].has("COLON")
        or units[0].has("FORCE")
    ):
        return None
    return units[0].values["mention"]  # type: ignore[no-any-return]


def by_agent(units: list[Unit], at: int) -> Mention | None:
    """Return who says it where the verb of saying stands in the passive: "the use of drones was denied by Baku".

    Args:
        units: Units of the sentence, mentions joined.
        at: Index of the verb.

    Returns:
        The mention behind "by", or None where there is none or another verb stands between.
    """
    if not any(unit.has("BE") for unit in units[max(0, at - 3) : at]) or units[at].tags & {
        "SAY_ACCUSE",
        "SAY_JUDGE",
    }:
        return None
    for index in range(at + 1, min(at + 4, len(units) - 1)):
        if units[index].has("BY"):
            behind = units[index + 1]
            return behind.values["mention"] if behind.has("ACTOR") else None
    return None


def carried(units: list[Unit], at: int) -> Mention | None:
    """Return who "… and called for" goes on from: the first named in the sentence.

    Args:
        units: Units of the sentence, mentions joined.
        at: Index of the verb of saying.

    Returns:
        The mention, or None where "and" joins no verb to a subject.
    """
    if not at or not units[at - 1].has("JOIN"):
        return None
    for index in range(at):
        if units[index].has("ACTOR"):
            led = index == 0 or not units[index - 1].tags & _PREPOSITION
            return units[index].values["mention"] if led else None
    return None


def coordinate(units: list[Unit], verb: int, at: int) -> bool:
    """Say whether a verb of saying goes on with the speaker of one before: "said that A backs B and accused C".

    Args:
        units: Units of the sentence, mentions joined.
        verb: Index of the verb before.
        at: Index of the verb.

    Returns:
        True where "and" joins it and the clause between belongs to what is said.
    """
    if (
        verb < 0
        or not units[at - 1].has("JOIN")
        or not units[at].tags & {"SAY_ACCUSE", "SAY_URGE", "SAY_SAY"}
    ):
        return False
    return any(unit.has("THAT") for unit in units[verb + 1 : at])


def according_to_it(units: list[Unit]) -> bool:
    """Say whether a sentence opens with "according to it": the one who headed the sentence before speaks.

    Args:
        units: Units of the sentence, mentions joined.

    Returns:
        True where a pronoun follows the opening words.
    """
    return len(units) > 1 and units[0].has("RELAY") and units[1].has("PRONOUN")


def goes_on(sentence: Sentence, *, spoke: bool) -> bool:
    """Say whether a sentence without a verb of saying goes on with who spoke in the sentence before.

    A paragraph keeps its speaker; a new one does not, nor does what is said to be missing so far ("has not yet …").

    Args:
        sentence: Its units, mentions joined.
        spoke: Whether the sentence before had a speaker.

    Returns:
        True where the speaker goes on.
    """
    if not spoke or sentence.opens_line or sentence.kind != "body":
        return False
    return not any(unit.tags & {"NOT_YET", "OUTLET_VOICE"} for unit in sentence.units)


def refuted(units: list[Unit]) -> tuple[int, int] | None:
    """Find what is called untrue: "reports that troops had opened fire are false".

    Args:
        units: Units of the sentence, mentions joined.

    Returns:
        Indices of the stretch, the second one behind its last unit, or None.
    """
    for end, unit in enumerate(units):
        if not unit.has("BASELESS") or not any(before.has("BE") for before in units[max(0, end - 2) : end]):
            continue
        for at in range(end):
            opens = units[at].has("THAT") and any(before.has("CLAIM_NOUN") for before in units[:at])
            # "Reports that …" at the head of a sentence is a noun, though it is spelled as the verb
            if opens or (at == 0 and units[0].has("SAY")):
                return at, end
    return None


def institution(sentence: Sentence) -> Mention | None:
    """Return the institution that a head line names and nothing else: its bulletin speaks for it.

    Args:
        sentence: A line of the head, mentions joined.

    Returns:
        The mention, or None where the line says more, or less.
    """
    units = sentence.units
    actors = [unit for unit in units if unit.has("ACTOR")]
    # "Statement by the ministry on the situation in …": the word says whose text it is, whatever it is about
    paper = any(unit.has("HEAD_DOC") for unit in units) and not any(unit.tags & _PREDICATES for unit in units)
    if len(actors) != 1 or not sentence.opens_line or len(units) > (_HEAD_UNITS + _ABOUT_UNITS * paper):
        return None
    mention: Mention = actors[0].values["mention"]
    if mention.kind not in ({"OFFICE", "BODY", "FORCE"} if paper else {"OFFICE", "BODY"}):
        return None
    if len(mention.refs) != 1 or mention.parties == (None,):
        return None
    if not paper and not all(unit.has("ACTOR") or unit.tags & _HEAD_WORDS for unit in units):
        return None
    return mention
