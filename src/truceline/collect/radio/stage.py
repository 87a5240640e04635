"""One radio line, read: every field as said and as meant, with what has to be asked; or refused."""

from __future__ import annotations

from truceline.collect.radio.bearings import read_bearings, read_lone_compass
from truceline.collect.radio.degrees import read_degrees
from truceline.collect.radio.draft import Draft, RefusalError
from truceline.collect.radio.happenings import read_courses_by_degrees, read_happenings
from truceline.collect.radio.joining import join_measures
from truceline.collect.radio.lengths import read_distances, read_heights
from truceline.collect.radio.moments import read_times
from truceline.collect.radio.numerals import join_numerals
from truceline.collect.radio.observers import read_observer
from truceline.collect.radio.places import mark_places, read_places
from truceline.collect.radio.ports import Theatre
from truceline.collect.radio.squares import read_grids
from truceline.collect.radio.words import choose_words, tokenise
from truceline.collect.radio.writing import write_plainly
from truceline.core.watchlog import Means, Reading, RefusedLine, WatchLine

_HARMLESS = frozenset(
    {
        "soft",
        "sort",
        "filler",
        "and",
        "of",
        "at",
        "from",
        "to",
        "near",
        "article",
        "attime",
        "number_sign",
        "calibre",
        "adjective",
    }
)
_NO_VALUE = frozenset(
    {"word", "letters1", "letters2", "letters3", "sign", "doubt", "minute", "second", "quote", "fired", "undetermined",
     "northword", "minute_letter", "inflight"}
)  # fmt: skip
"""Classes of words that may stand in a line without a value."""
_MOST_SIGNS = 600
_LABELS = {
    "position": "position", "mgrs": "position", "utm": "position", "system": "position", "distance": "distance", "bearing": "bearing",
    "height": "height", "attime": "time", "year": "time", "courselabel": "course", "hours": "time",
    "observer": "observer",
}  # fmt: skip
"""Labels, and the field that each belongs to: once that has its value, a label says nothing more."""


def read_line(text: str, theatre: Theatre) -> WatchLine | RefusedLine:
    """Read one line of the watch log.

    Nothing is guessed: a number that no field takes, two values of one field or a value that cannot be refuse the line; what was left
    open is asked, and widens the error where it is a system of measure.

    Args:
        text: The line, in the words of any language that there is a lexicon of.
        theatre: What it is read against.

    Returns:
        What it says, or why it was not taken.
    """
    if len(text) > _MOST_SIGNS:
        return RefusedLine(
            text,
            "radio.long",
            f"the line has {len(text)} signs",
            text[:40],
            "write one observation on a line",
        )
    line = write_plainly(text)
    tokens = join_measures(join_numerals(tokenise(line, choose_words(line, theatre.lexicons))))
    draft = Draft(line, tokens, theatre)
    if not any("soft" not in token.classes for token in tokens):
        return RefusedLine(text, "radio.empty", "the line is empty", "", "write an observation")
    try:
        _read(draft)
    except RefusalError as refusal:
        return refusal.line
    return WatchLine(
        text,
        **draft.fields,
        happenings=tuple(draft.happenings),
        means=_all_means(draft),
        questions=tuple(draft.questions),
    )


def _all_means(draft: Draft) -> tuple[Reading[Means], ...]:
    return tuple(dict.fromkeys(reading for one in draft.happenings for reading in one.means))


def _read(draft: Draft) -> None:
    mark_places(draft)
    _refuse_unsaid(draft)
    _read_others(draft)
    read_observer(draft)
    read_grids(draft)
    read_degrees(draft)
    read_times(draft)
    read_courses_by_degrees(draft)
    read_heights(draft)
    read_places(draft)
    read_bearings(draft)
    read_happenings(draft)
    read_distances(draft)
    read_lone_compass(draft)
    _look_at_rest(draft)
    for name, what in (("observer", "who speaks?"), ("time", "when was it?")):
        if name not in draft.fields:
            draft.ask(name, what)
    if not draft.happenings and "exercise" not in draft.fields:
        draft.ask("happenings", "what happened?")


def _refuse_unsaid(draft: Draft) -> None:
    """Words that take back what is said: nothing is read around them."""
    for name, what in (
        ("correction", "the line corrects itself"),
        ("negation", "the line says what was not"),
        ("vague", "the line does not say on which day it was"),
        ("unclear", "a word means two things in the two languages of the line"),
    ):
        for found in draft.find(f"x={name}"):
            if "number_sign" in draft.tokens[found.indices[0]].classes and next(
                draft.find("negation dot? int"), None
            ):
                continue
            said = draft.said(found.indices)
            draft.refuse(f"radio.{name}", f"{what}: '{said}'", said, "say only what holds, in one language")


def _read_others(draft: Draft) -> None:
    """Measures of which the log has no field are set aside, so that none is taken for another one."""
    for found in draft.find(
        "other ~ number ( _ ( dash|to ) _ number )? _ unit|degree|mil|minute|second|speed? _ speed?"
    ):
        draft.take(found.indices)
        draft.ask("other", "the log has no field for this; it is not kept", draft.said(found.indices))


def _look_at_rest(draft: Draft) -> None:
    """Refuse the line for a number or label that no field took; ask for words that nobody knows."""
    rest = [at for at in range(_end(draft)) if at not in draft.taken]
    numbers = [at for at in rest if "number" in draft.tokens[at].classes]
    if numbers:
        said = ", ".join(f"'{_around(draft, at)}'" for at in numbers)
        what = f"no field takes the number in {said}"
        draft.refuse("radio.leftover", what, said, "say what it measures, and in which unit")
    asked = {question.field for question in draft.questions}
    settled = (
        {"inflight"} if any(one.kind.meant == "projectile_in_flight" for one in draft.happenings) else set()
    )
    settled |= {label for label, name in _LABELS.items() if name in draft.fields or name in asked}
    unread = [
        at
        for at in rest
        if not (_HARMLESS | settled) & set(draft.tokens[at].classes) and not _is_ending(draft, at)
    ]
    known = [at for at in unread if set(draft.tokens[at].classes) - _NO_VALUE]
    if known:
        said = ", ".join(f"'{draft.said([at])}'" for at in known)
        what = f"these words belong to no value: {said}"
        draft.refuse("radio.leftover", what, said, "say the value with its unit")
    for at in unread:
        if _may_be_place(draft, at):
            said = draft.said([at])
            what = f"'{said}' is not known, and a distance or direction may count from it"
            draft.refuse("radio.place", what, said, "say the place as the mission names it, or leave it out")
    if unread:
        said = " ".join(draft.said([at]) for at in unread)
        draft.ask("words", "what do these words mean? They were not read", said)


def _is_ending(draft: Draft, at: int) -> bool:
    """Whether a sign parts a value from the ending of its case, or a word says of a kind that no more is known of it."""
    token, after = draft.tokens[at], draft.glued_after(at)
    is_behind = at > 0 and at - 1 in draft.taken and token.is_glued
    if {"undetermined"} & set(token.classes):
        before = at - 1
        while before >= 0 and "soft" in draft.tokens[before].classes:
            before -= 1
        return before >= 0 and "kind" in draft.tokens[before].classes
    return is_behind and "quote" in token.classes and after is not None and after.text.isalpha()


def _end(draft: Draft) -> int:
    """Where the line ends, without the words by which a message ends."""
    end = len(draft.tokens)
    while end and end - 1 not in draft.taken and {"soft", "ending"} & set(draft.tokens[end - 1].classes):
        end -= 1
    return end


def _may_be_place(draft: Draft, at: int) -> bool:
    """Whether a word that nobody knows stands right at a distance or direction, where the name of a place stands."""
    for step in (-1, 1):
        here = at + step
        while (
            0 <= here < len(draft.tokens)
            and here not in draft.taken
            and {"filler", "of", "from", "sort", "quote", "near"} & set(draft.tokens[here].classes)
        ):
            here += step
        if here in draft.measured:
            return len(draft.tokens[at].text) > 1
    return False


def _around(draft: Draft, at: int) -> str:
    return draft.said(range(max(0, at - 1), min(len(draft.tokens), at + 2))) or draft.tokens[at].text
