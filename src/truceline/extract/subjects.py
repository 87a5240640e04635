"""Whose verb of saying it is, in languages whose subject comes first."""

from __future__ import annotations

from truceline.extract.names import Mention
from truceline.extract.units import Sentence, Unit

_HELPING = frozenset({"ADVERB", "HAVE", "DATE", "NOT", "ON", "BE", "FUTURE"})
_PREPOSITION = frozenset({"OF", "BY", "WITH", "TO", "FROM", "BETWEEN", "AGAINST", "FOR", "ON", "IN", "ABOUT"})
_OPENERS = frozenset(
    ["THAT", "COMMA", "BREAK", "ADVERB", "TURN", "QUOTE", "JOIN", "RANK", "AND", "DATE", "COLON", "DASH", "WEAK_RANK", "FORMER", "CLOSE", "MARK"]
)  # fmt: skip
_STOPS = frozenset({"SAY", "THAT", "BREAK", "COLON", "TURN"})
_REACH = 16
_HEAD_UNITS = 8
_HEAD_WORDS = frozenset({"TEXT_SPEAKER", "OF", "COMMA", "DATE", "DASH", "NUM", "WEAK_RANK"})


def leading(units: list[Unit], at: int) -> Mention | None:
    """Return the subject before a verb of saying, with those joined to it.

    Args:
        units: Units of the sentence, mentions joined.
        at: Index of the verb.

    Returns:
        The mention, or None where none leads the clause.
    """
    for index in range(at - 1, max(at - _REACH, -1), -1):
        unit = units[index]
        if unit.has("ACTOR") and _leads(units, index, at):
            return _joined(units, index)
        if unit.tags & _STOPS:
            return None
    return None


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


def is_undergone(units: list[Unit], at: int) -> bool:
    """Say whether a verb of saying is in the passive: "was dismissed" says nothing of what the subject said.

    Args:
        units: Units of the sentence, mentions joined.
        at: Index of the verb.

    Returns:
        True for refusals, calls and judgements behind a form of "to be".
    """
    unheard = units[at].tags & {"SAY_DENY", "SAY_URGE", "SAY_JUDGE"}
    return bool(unheard) and at > 0 and units[at - 1].has("BE")


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


def institution(sentence: Sentence) -> Mention | None:
    """Return the institution that a head line names and nothing else: its bulletin speaks for it.

    Args:
        sentence: A line of the head, mentions joined.

    Returns:
        The mention, or None where the line says more, or less.
    """
    actors = [unit for unit in sentence.units if unit.has("ACTOR")]
    if len(actors) != 1 or not sentence.opens_line or len(sentence.units) > _HEAD_UNITS:
        return None
    mention: Mention = actors[0].values["mention"]
    if mention.kind not in {"OFFICE", "BODY"} or len(mention.refs) != 1 or mention.parties == (None,):
        return None
    if not all(unit.has("ACTOR") or unit.tags & _HEAD_WORDS for unit in sentence.units):
        return None
    return mention
