"""One claim a statement: what a text says twice becomes one claim with repeated evidence."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from truceline.core.claims import Evidence, Quantity, Ref
from truceline.core.times import When
from truceline.extract.dates import RUNNING
from truceline.extract.language import Rule


@dataclass(frozen=True, slots=True)
class Draft:
    """A claim before it has an id: the fields of ``core.claims.Claim``, the words matched, the actors' parties."""

    rule: Rule
    span: tuple[int, int]
    parties: frozenset[str]
    type: str
    actors: tuple[Ref, ...]
    targets: tuple[Ref, ...]
    places: tuple[Ref, ...]
    quantities: tuple[Quantity, ...]
    when: When | None
    due: str | None
    speakers: tuple[Ref, ...]
    capacity: tuple[str, ...]
    modality: str
    polarity: str
    evidence: Evidence
    segment: str
    repeats: tuple[Evidence, ...] = field(default=())


def subsume(drafts: list[Draft]) -> list[Draft]:
    """Drop drafts that another draft over the same words makes needless (a rule's ``yields_to``).

    Args:
        drafts: Drafts of one sentence.

    Returns:
        Those that stand.
    """
    out: list[Draft] = []
    for at, draft in enumerate(drafts):
        beaten = any(
            other is not draft
            and _yields(draft, other)
            and not (_yields(other, draft) and _stays(draft, other, at < index))
            for index, other in enumerate(drafts)
        )
        if not beaten and not any(_is_poorer(draft, other) for other in out):
            out.append(draft)
    return out


def _yields(draft: Draft, other: Draft) -> bool:
    yields = draft.rule.yields_to
    if not yields:
        return False
    return (
        other.rule.id in yields
        or (other.type in yields and _overlap(other.evidence, draft.evidence))
        or ("**" in yields and "**" not in other.rule.yields_to and other.modality == "obligated")
        or ("*" in yields and "*" not in other.rule.yields_to and _overlap(other.evidence, draft.evidence))
    )


def _stays(draft: Draft, other: Draft, earlier: bool) -> bool:
    """Of two that yield to each other the one stands that yields to fewer, else the earlier."""
    general, other_general = ("*" in one.rule.yields_to for one in (draft, other))
    return earlier if general == other_general else other_general


def _is_poorer(draft: Draft, kept: Draft) -> bool:
    """A second claim of one type over the same words says nothing new, unless figure, deadline or place differ."""
    if draft.type != kept.type or not _overlap(draft.evidence, kept.evidence):
        return False
    if draft.due != kept.due or (draft.quantities and draft.quantities != kept.quantities):
        return False
    if not _times_agree(draft.when, kept.when):
        return False
    apart = not (draft.span[0] < kept.span[1] and kept.span[0] < draft.span[1])
    if apart and (draft.rule is kept.rule or draft.rule.subtype != kept.rule.subtype):
        return False
    return draft.type not in _PLACE_MATTERS or not draft.places or _keys(draft.places) <= _keys(kept.places)


def _overlap(one: Evidence, two: Evidence) -> bool:
    return min(one.end, two.end) > max(one.start, two.start)


_HEADINGS = frozenset({"title", "heading"})


def merge(drafts: list[Draft]) -> list[Draft]:
    """Merge drafts of one document that state the same; titles only add to what the text says.

    Args:
        drafts: Drafts in the order of the text.

    Returns:
        Merged drafts in order of their evidence.
    """
    body = [draft for draft in drafts if draft.segment not in _HEADINGS]
    types = {draft.type for draft in body}
    kept: list[Draft] = []
    for draft in body:
        for at, other in enumerate(kept):
            if same(draft, other):
                kept[at] = join(other, draft)
                break
        else:
            kept.append(draft)
    for draft in drafts:
        if draft.segment not in _HEADINGS:
            continue
        for at, other in enumerate(kept):
            if draft.type == other.type and _agree(draft, other):
                kept[at] = replace(other, repeats=(*other.repeats, draft.evidence))
                break
        else:
            if draft.type not in types and draft.rule.title and not body:
                kept.append(draft)
    return sorted(kept, key=lambda draft: (draft.evidence.start, draft.evidence.end, draft.type))


def same(one: Draft, two: Draft) -> bool:
    """Say whether two drafts state the same: type, figures, deadline, polarity, and slots that do not differ."""
    return (
        one.type == two.type
        and one.rule.subtype == two.rule.subtype
        and one.polarity == two.polarity
        and one.due == two.due
        and _figures(one) == _figures(two)
        and _agree(one, two)
        and _modalities_agree(one, two)
        and (_one_rule(one, two) or _same_words(one.evidence.text, two.evidence.text))
    )


_SEVERAL = frozenset({"appeal", "accusation", "denial"})
"""Types of which one speaker may utter several that no slot tells apart."""


_FACTS = frozenset(
    ["agreement_signed", "agreement_announced", "ceasefire_in_force", "handover_deadline", "deadline_extended", "monitoring_centre", "official_change"]
)  # fmt: skip
"""Types of which equal slots are one fact in whatever words."""


def _one_rule(one: Draft, two: Draft) -> bool:
    if one.type in _FACTS:
        return True
    return (one.rule is two.rule and one.type not in _SEVERAL) or bool(one.quantities)


def _same_words(one: str, two: str) -> bool:
    left, right = set(one.split()), set(two.split())
    return len(left & right) * 5 >= min(len(left), len(right)) * 2


def _figures(draft: Draft) -> frozenset[tuple[str, str]]:
    return frozenset((str(quantity.value), quantity.unit) for quantity in draft.quantities)


_REPORTED = frozenset({"asserted", "admitted", "planned"})


def _modalities_agree(one: Draft, two: Draft) -> bool:
    return one.modality == two.modality or {one.modality, two.modality} <= _REPORTED


def _agree(one: Draft, two: Draft) -> bool:
    return (
        (_compatible(one.actors, two.actors) or bool(one.parties & two.parties))
        and _compatible(one.targets, two.targets)
        and _places_agree(one, two)
        and _times_agree(one.when, two.when)
    )


_UNSPECIFIED = (Ref(None, "unspecified"),)


def _compatible(one: tuple[Ref, ...], two: tuple[Ref, ...]) -> bool:
    if not one or not two or _UNSPECIFIED in (one, two):
        return True
    return bool(_keys(one) & _keys(two))


def _keys(refs: tuple[Ref, ...]) -> set[str]:
    return {ref.id or ref.label for ref in refs}


def _places_agree(one: Draft, two: Draft) -> bool:
    if one.type in _PLACE_MATTERS:
        return _keys(one.places) == _keys(two.places)
    return one.type not in _PLACE_TELLS or _compatible(one.places, two.places)


_PLACE_MATTERS = frozenset({"handover_deadline", "observation_posts"})
_PLACE_TELLS = frozenset(
    {
        "force_deployment", "territorial_control", "attack", "clash", "explosion", "weapon_use", "contact",
        "monitoring_plan",
    }
)  # fmt: skip


def _times_agree(one: When | None, two: When | None) -> bool:
    if one is None or two is None or one.start is None or two.start is None:
        return True
    if RUNNING in (one.basis, two.basis):
        return True
    return one.start[:10] == two.start[:10]


def join(first: Draft, second: Draft) -> Draft:
    """Join two drafts of one statement; the one with a named speaker gives the speaker, gaps are filled."""
    better, other = (second, first) if _speaker_rank(second) > _speaker_rank(first) else (first, second)
    return replace(
        better,
        actors=_named(better.actors, other.actors),
        targets=better.targets or other.targets,
        places=better.places or other.places,
        when=better.when if better.when and better.when.start else other.when,
        repeats=tuple(dict.fromkeys((*better.repeats, *other.repeats, other.evidence))),
    )


def _named(one: tuple[Ref, ...], two: tuple[Ref, ...]) -> tuple[Ref, ...]:
    return two if two and (not one or one == _UNSPECIFIED) else one


def _speaker_rank(draft: Draft) -> int:
    return 1 if draft.speakers else 0
