"""The claims of one item as they are reviewed, every string ready: the words, what the machine made of them, what can be mended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from truceline.core.claims import GROUP_OF, Claim
from truceline.core.ids import ClaimId
from truceline.publish.case import Around
from truceline.publish.desk import Desk
from truceline.publish.evidence import capacity_of, source_name, speaker_of, verb_of, what_of, when_of
from truceline.publish.tokens import bare, ltr, plain_figure, quoted

_NOW, _CLAIM, _PLAIN = "now", "claim", ""


@dataclass(frozen=True, slots=True)
class Item:
    """An item that waits: its id, its title, how many of its claims wait in words, and whether it is the one shown."""

    report: str
    title: str
    waiting: str
    is_here: bool


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of the item's words: ``now`` is what the claim under review rests on, ``claim`` what others do, else plain."""

    words: str
    mark: str


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure of a claim: its place in the claim, value and unit in words."""

    at: int
    value: str
    unit: str


@dataclass(frozen=True, slots=True)
class Reviewed:
    """A claim under review.

    Args:
        id: Its id.
        version: The version that is shown; 0 where nobody acted on it.
        says: The claim in one sentence.
        facts: Heading and words, one pair a line.
        stretches: The item's words round it.
        language: Language of the words.
        source: Who published it.
        known: When it became known.
        type: Its kind, a word of CLAIMS.
        is_negated: Whether it says that it was not so.
        figures: Its figures.
        place: Id of its first place, or empty.
        start: First day, ``YYYY-MM-DD``, or empty.
        end: Last day, or empty.
    """

    id: str
    version: int
    says: str
    facts: tuple[tuple[str, str], ...]
    stretches: tuple[Stretch, ...]
    language: str
    source: str
    known: str
    type: str
    is_negated: bool
    figures: tuple[Figure, ...]
    place: str
    start: str
    end: str


@dataclass(frozen=True, slots=True)
class Choices:
    """What a mended copy may say: kinds and places, word and name."""

    kinds: tuple[tuple[str, str], ...]
    places: tuple[tuple[str, str], ...]


def waiting_of(desk: Desk) -> dict[str, list[Claim]]:
    """Group the claims that no person has reviewed by their items, the items in the order of the record."""
    waiting: dict[str, list[Claim]] = {}
    for claim in desk.view.claims:
        if claim.review.state == "machine-read":
            waiting.setdefault(claim.report, []).append(claim)
    return waiting


def items_of(desk: Desk, waiting: Mapping[str, Sequence[Claim]], here: str) -> tuple[Item, ...]:
    """List the items that wait.

    Args:
        desk: The tools.
        waiting: Their claims, by item.
        here: The item that is shown.

    Returns:
        One line each.
    """
    lines = []
    for report, claims in waiting.items():
        item = desk.report_of.get(report)
        title = quoted(item.title) if item and item.title else source_name(desk, claims[0])
        lines.append(Item(report, title, ltr(plain_figure(len(claims))), report == here))
    return tuple(lines)


def reviewed(
    desk: Desk, claims: Sequence[Claim], around: Around, versions: Mapping[ClaimId, int]
) -> tuple[Reviewed, ...]:
    """Lay out the claims of one item.

    Args:
        desk: The tools.
        claims: Claims of one item, in the order of its words.
        around: The texts round its words, as far as the viewer may have them.
        versions: Claim's id -> the version that stands.

    Returns:
        One for each claim.
    """
    ordered = sorted(claims, key=lambda one: (one.evidence.start, one.evidence.end))
    return tuple(
        Reviewed(
            id=claim.id,
            version=versions.get(claim.id, 0),
            says=what_of(desk, claim),
            facts=_facts(desk, claim),
            stretches=stretches_of(ordered, claim, around.get(claim.report)),
            language=claim.language,
            source=source_name(desk, claim),
            known=desk.tokens.known_day(claim.known_at),
            type=claim.type,
            is_negated=claim.polarity == "negated",
            figures=tuple(
                Figure(
                    at,
                    str(one.value),
                    desk.words.say_or(f"unit_name.{one.unit}", quoted(one.unit.replace("_", " "))),
                )
                for at, one in enumerate(claim.quantities)
            ),
            place=next((one.id for one in claim.places if one.id), ""),
            start=_day(claim.when.start if claim.when else None),
            end=_day(claim.when.end if claim.when else None),
        )
        for claim in ordered
    )


def choices_of(desk: Desk) -> Choices:
    """List what a mended copy may name: every kind of claim, every place of the pack, by their names in the language."""
    words = desk.words
    kinds = ((word, bare(words.say_or(f"type.{word}", word.replace("_", " ")))) for word in GROUP_OF)
    return Choices(
        tuple(sorted(kinds, key=lambda one: one[1])),
        tuple((one.id, bare(desk.called.place_names(one.names))) for one in desk.view.mission.places),
    )


def stretches_of(
    claims: Sequence[Claim], current: Claim, around: tuple[int, str] | None
) -> tuple[Stretch, ...]:
    """Cut an item's words where a claim begins or ends.

    Args:
        claims: All its claims under review.
        current: The one that is looked at.
        around: Where the stretch begins that may be shown, and its text; None shows the claim's own words.

    Returns:
        The stretches in order; together they are the text.
    """
    if around is None:
        return (Stretch(current.evidence.text, _NOW),)
    begin, text = around
    spans = [(one.evidence.start, one.evidence.end) for one in claims]
    cuts = sorted({begin, begin + len(text), *(at for span in spans for at in span)})
    found: list[Stretch] = []
    for start, end in pairwise(cuts):
        mark = _PLAIN
        if any(first <= start and end <= last for first, last in spans):
            mark = _CLAIM
        if current.evidence.start <= start and end <= current.evidence.end:
            mark = _NOW
        words = text[max(start - begin, 0) : end - begin]
        if words:
            found.append(Stretch(words, mark))
    return tuple(found)


def _facts(desk: Desk, claim: Claim) -> tuple[tuple[str, str], ...]:
    say = desk.words.say
    comma = say("join.comma")
    speaker, carrier = speaker_of(desk, claim), source_name(desk, claim)
    chain = speaker if speaker == carrier else say("join.arrow", a=speaker, b=carrier)
    capacity = capacity_of(desk, claim)
    lines = (
        (say("console.review_page.type"), desk.words.say_or(f"type.{claim.type}", quoted(claim.type))),
        (say("console.review_page.put"), verb_of(desk.words, claim)),
        (say("console.review_page.chain"), say("join.brackets", a=chain, b=capacity) if capacity else chain),
        (
            say("console.review_page.figures"),
            comma.join(desk.tokens.quantity(q.value, q.unit, q.op) for q in claim.quantities),
        ),
        (say("console.review_page.where"), desk.called.refs(claim.places) if claim.places else ""),
        (say("console.review_page.when"), when_of(desk, claim)),
        (say("console.review_page.due"), desk.tokens.day(claim.due) if claim.due else ""),
        (
            say("console.review_page.polarity"),
            say("console.review_page.negated") if claim.polarity == "negated" else "",
        ),
        (say("console.review_page.rule"), desk.tokens.ident(claim.rule)),
    )
    return tuple(line for line in lines if line[1])


def _day(moment: str | None) -> str:
    return (moment or "")[:10]
