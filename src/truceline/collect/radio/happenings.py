"""What happened: kinds and counts, how it was observed, which way fire went, exercises, weapons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal, cast

from truceline.collect.radio.bearings import half_unit_of_angle, wind_deg
from truceline.collect.radio.draft import Draft
from truceline.collect.radio.shapes import Found
from truceline.collect.radio.words import Token
from truceline.core.watchlog import Band, Count, Course, Happening, Kind, Means, Reading

_Code = Literal["outgoing", "incoming"]
_IN_FLIGHT = "projectile_in_flight:"
_WORDS = "weapon|course|filler|undetermined|adjective*"
_BETWEEN = f"b={_WORDS} ( b2=number b3=calibre b4={_WORDS} )?"
_ROUNDS = "e=kind filler|of|from|open+ ( approx ~ )? n=int ( dash|to n2=int )? x=kind|flyer ( each )?"
"""How many shots a burst had."""
_AFTER = "( k3=ormore | k4=least (?! filler* number ) )?"
_N = "n=int ( open nn=int close )? ( _ dash|to|or filler* n2=int )?"
_COUNTED = (
    "open nn=int close n=int e=kind",
    "e=kind _ open from? n=int dash|to|until n2=int close",
    f"( k=least|approx|more|most|less ~ )? {_N} ( pc=ormore|ormoresign )? ( quote? k2=approx|more|least|less|most|more_after|less_after|most_after|least_after )? ( times )? {_BETWEEN} e=kind {_AFTER}",
    f"k=least|approx|more|most|less ~ ( counted ~ )? {_N} ( times )? {_BETWEEN} e=kind",
    f"counted ~ {_N} ( times )? {_BETWEEN} e=kind",
    "counted ~ e=kind ~ n=int",
    "inflight ~ n=int ( times )? b=adjective* e=flyer",
    "n=int ( times )? b=adjective* e=flyer taken|filler* inflight",
    "e=flyer n=int|spoken ( times )? ~ inflight",
    "e=impact filler* n=int ( times )? flyer",
    "e=kind ~ ( times|counted ) ~ ( k=least|approx|more|most|less ~ )? n=int ( times )?",
    "e=kind filler* n=int times",
    "e=kind _ open n=int ( times dot? )? close",
    "e=kind colon|equal n=int",
    "e=kind _ ( soft ) ( k=least|approx|more|most|less ~ ) n=int",
    "e=kind n=spoken",
    "e=kind ( comma? adjective+ comma? )? n=d1 (?= comma|slash ) (?! slash number )",
    "e=kind comma? s=several (?! filler* adjective* kind )",
    f"s=several|undetermined|article {_BETWEEN} e=kind",
    "e=kind ~ counted ~ s=several|undetermined",
    "e=kind",
)
_FOLLOWED = frozenset(
    {
        "unit",
        "degree",
        "mil",
        "north",
        "hemisphere",
        "minute",
        "second",
        "dash",
        "slash",
        "colon",
        "clock",
        "number",
        "decimal",
        "compass",
        "hours",
        "am",
        "pm",
    }
)

_SIGNS = frozenset({"dash", "slash", "colon"})


def _signs_after(number: Token, follows: Token) -> frozenset[str]:
    """Signs that may follow a count: any after a spoken one, a stroke with a space after a digit."""
    if "spoken" in number.classes:
        return _SIGNS
    return frozenset() if follows.is_glued or "d1" not in number.classes else frozenset({"slash"})


def read_happenings(draft: Draft) -> None:
    """Read means, courses, exercises, weapons, kinds and counts.

    Args:
        draft: The line.
    """
    _both_undetermined(draft)
    _rounds_of_bursts(draft)
    means = _means(draft)
    _impacts(draft)
    _ways(draft)
    _exercise(draft)
    kinds: list[tuple[int, Happening]] = []
    for shape in _COUNTED:
        for found in draft.find(shape):
            got = _happening(draft, found)
            if got is not None:
                kinds.append((found.at("e")[0], got))
    _courses(draft)
    _weapons(draft)
    kinds.sort(key=lambda pair: pair[0])
    for n, (_, one) in enumerate(kinds):
        for _, other in kinds[n + 1 :]:
            if one.kind.meant == other.kind.meant:
                if one.count.meant != other.count.meant:
                    draft.refuse(
                        "radio.contradiction",
                        f"the line counts {one.kind.meant} twice: '{one.count.said}' and '{other.count.said}'",
                        f"{one.count.said} … {other.count.said}",
                        "say one count of each kind",
                    )
                draft.ask(
                    "happenings", f"is {one.kind.meant} said twice, or did it happen twice?", other.count.said
                )
    draft.happenings = [
        Happening(one.kind, one.count, _each_once(_means_of(at, kinds, means))) for at, one in kinds
    ]


def _each_once(means: Sequence[Reading[Means]]) -> tuple[Reading[Means], ...]:
    return tuple({reading.meant: reading for reading in reversed(means)}.values())[::-1]


def _means(draft: Draft) -> list[tuple[int, Reading[Means]]]:
    out: list[tuple[int, Reading[Means]]] = []
    for found in draft.find("m=means"):
        if any("soft" not in token.classes and "means" not in token.classes for token in found.tokens("m")):
            continue
        draft.take(found.indices)
        if _is_heading(draft, found.indices[-1]):
            continue
        code = cast("Means", found.tokens("m")[0].classes["means"])
        if "kind" in found.tokens("m")[0].classes:
            draft.taken.difference_update(found.indices)
        out.append((found.indices[0], Reading(draft.said(found.indices), code)))
    return _without_its_verb(draft, sorted(out, key=lambda pair: pair[0]))


def _is_heading(draft: Draft, at: int) -> bool:
    """Whether a word that may name the observer only opens the line: a sign or a time follows, and other means stand in the line."""
    after = at + 1
    is_apart = after in draft.taken or (after < len(draft.tokens) and "soft" in draft.tokens[after].classes)
    others = any(
        "means" in token.classes and n != at and "observer" not in token.classes
        for n, token in enumerate(draft.tokens)
    )
    return "observer" in draft.tokens[at].classes and is_apart and others


def _without_its_verb(
    draft: Draft, means: list[tuple[int, Reading[Means]]]
) -> list[tuple[int, Reading[Means]]]:
    """Leave out a 'saw' that says what a camera did: with neither an 'and' nor a kind between, before it with no sign between."""
    out: list[tuple[int, Reading[Means]]] = []
    for at, reading in means:
        before = out[-1] if out else None
        pair = None if before is None else (before[1].meant, reading.meant)
        if before is not None and pair in {("camera", "saw"), ("saw", "camera")}:
            inside = draft.tokens[before[0] + 1 : at]
            names = {name for token in inside for name in token.classes}
            is_joined = draft.tokens[at].is_joined or any(token.is_joined for token in inside)
            if not is_joined and not {"and", "kind", "plus"} & names:
                if reading.meant == "saw":
                    continue
                if "soft" not in names:
                    out.pop()
        out.append((at, reading))
    return out


def _means_of(
    at: int, kinds: Sequence[tuple[int, Happening]], means: Sequence[tuple[int, Reading[Means]]]
) -> tuple[Reading[Means], ...]:
    """The means that stand between the kind before and this one; the line's where it has no own, or all stand after it."""
    before = max((other for other, _ in kinds if other < at), default=-1)
    own = [reading for place, reading in means if before < place < at]
    if own and any(place < kinds[0][0] for place, _ in means):
        return tuple(own)
    if not any(other > at for other, _ in kinds) or not any(place < kinds[0][0] for place, _ in means):
        next_kind = min((other for other, _ in kinds if other > at), default=10**6)
        behind = [reading for place, reading in means if at < place < next_kind]
        if behind:
            return tuple(behind)
        if not any(place < at for place, _ in means):
            following = [(place, reading) for place, reading in means if place > at]
            stop = min((other for other, _ in kinds if following and other > following[0][0]), default=10**6)
            return tuple(reading for place, reading in following if place < stop)
    earlier = [(place, reading) for place, reading in means if place < at]
    if earlier:
        last_kind = max((other for other, _ in kinds if other < earlier[-1][0]), default=-1)
        return tuple(reading for place, reading in earlier if place > last_kind)
    first = min((other for other, _ in kinds if other > at), default=len(means) + 10**6)
    return tuple(reading for place, reading in means if place < first) or tuple(
        reading for _, reading in means
    )


_OPPOSITE = ("a=compass dash b=compass", "a=compass to b=compass")
_WAYS = (
    "( from filler* a=compass | f=compass_from ) ~ ( to filler* b=compass | t=compass_to )",
    "( t=compass_to | to filler* b=compass ) ~ ( from filler* a=compass | f=compass_from )",
    "a=compass _ dash? more _ b=compass",
    *_OPPOSITE,
    "from filler* a=compass",
    "f=compass_from",
    "fired ~ to filler* b=compass",
    "t=compass_to ~ fired",
)
_BY_DEGREES = "from filler* a=number _ degree? ~ to filler* b=number _ degree"
_TURN_DEG = 90.0
"""From so many degrees apart two directions are where fire came from and went to, and no band of bearings."""


def read_courses_by_degrees(draft: Draft) -> None:
    """Read from which bearing to which something was fired.

    Args:
        draft: The line.
    """
    for found in draft.find(f"l=courselabel|fired? ~ {_BY_DEGREES}"):
        ends = [float(found.tokens(name)[0].number) for name in "ab"]
        if not found.has("l") and abs((ends[1] - ends[0] + 180) % 360 - 180) < _TURN_DEG:
            continue
        said = draft.said(found.indices)
        if max(ends) > 360:
            draft.refuse("radio.course", f"'{said}': a circle has 360 degrees", said, "check the digits")
        draft.take(found.indices)
        half = float(max(half_unit_of_angle(found.tokens(name)[0].text) for name in "ab"))
        _put_way(
            draft,
            Reading(
                said, Course("from-to", ends[0], ends[1]), half, "deg", "degrees", ("north not said: true",)
            ),
        )


def _rounds_of_bursts(draft: Draft) -> None:
    """Set aside how many shots a burst had: they are no happenings of their own, and the log has no field for them."""
    for found in draft.find(_ROUNDS):
        kinds = [
            token.classes.get("kind", "single_shot:").partition(":")[0]
            for name in "ex"
            for token in found.tokens(name)
        ]
        indices = [at for at in found.indices if at > found.at("e")[0]]
        if kinds != ["burst", "single_shot"] or any("and" in draft.tokens[at].classes for at in indices):
            continue
        draft.take(indices)
        draft.ask("other", "the log has no field for this; it is not kept", draft.said(indices))


def _both_undetermined(draft: Draft) -> None:
    """Distance and direction of which one word says that nobody could tell."""
    for shape in (
        "distance and|slash|comma bearing|courselabel ~ undetermined",
        "bearing|courselabel and|slash|comma distance ~ undetermined",
        "distance and|slash|comma c=course",
    ):
        for found in draft.find(shape):
            if any(token.classes["course"] != "undetermined" for token in found.tokens("c")):
                continue
            said = draft.said(found.indices)
            draft.take(found.indices)
            draft.put("distance", Reading(said, Band(None, None), system="undetermined"))
            draft.put("course", Reading(said, Course("undetermined")))
    for found in draft.find("distance ~ undetermined"):
        draft.take(found.indices)
        draft.put("distance", Reading(draft.said(found.indices), Band(None, None), system="undetermined"))


def _impacts(draft: Draft) -> None:
    """An impact is an explosion that came in where the line names no other kind, else it only says that it came in."""
    marks = [
        at for at, token in enumerate(draft.tokens) if "impact" in token.classes and at not in draft.taken
    ]
    if not marks:
        return
    is_alone = not any("kind" in token.classes for token in draft.tokens)
    for at in marks:
        draft.put("course", Reading(draft.said([at]), Course("incoming")))
        if is_alone:
            token = draft.tokens[at]
            classes = {**token.classes, "kind": f"explosion:{token.classes['impact']}"}
            draft.tokens[at] = replace(token, classes=classes)
        else:
            draft.take([at])


def _courses(draft: Draft) -> None:
    for found in draft.find("( bearing|courselabel ~ )? c=course flyer?"):
        draft.take(found.indices)
        code = found.tokens("c")[0].classes["course"]
        draft.put("course", Reading(draft.said(found.indices), Course(cast("_Code", code))))


def _ways(draft: Draft) -> None:
    for found in draft.find("( bearing|courselabel ~ )? n=undetermined ( ~ courselabel|bearing )?"):
        classes = {name for at in found.indices for name in draft.tokens[at].classes}
        if {"courselabel"} & classes or any(
            token.classes.get("bearing") == "direction"
            for token in (draft.tokens[at] for at in found.indices)
        ):
            draft.take(found.indices)
            draft.put("course", Reading(draft.said(found.indices), Course("undetermined")))
    for found in draft.find("( bearing|courselabel ~ )? c=course"):
        if found.tokens("c")[0].classes["course"] == "undetermined":
            draft.take(found.indices)
            draft.put("course", Reading(draft.said(found.indices), Course("undetermined")))
    for shape in _WAYS:
        for found in draft.find(f"( courselabel|bearing|fired ~ )? {shape}"):
            said = draft.said(found.indices)
            start, end = (
                next(
                    (
                        wind_deg(t.classes.get("compass") or t.classes[form])
                        for name in names
                        for t in found.tokens(name)
                    ),
                    None,
                )
                for names, form in (("af", "compass_from"), ("bt", "compass_to"))
            )
            if shape in _OPPOSITE and (start is None or end is None or abs(start - end) != 180):
                continue
            draft.take(found.indices)
            if start is None or end is None:
                draft.ask("course", "from where to where?", said)
            _put_way(draft, Reading(said, Course("from-to", start, end), 22.5, "deg", "compass points"))


def _put_way(draft: Draft, reading: Reading[Course]) -> None:
    """From-to beside outgoing or incoming says more and is no contradiction."""
    there = draft.fields.get("course")
    if there is not None and there.meant.code not in {"from-to", "undetermined"}:
        draft.ask("course", f"'{there.said}' and '{reading.said}': the second is kept", reading.said)
        del draft.fields["course"]
    draft.put("course", reading)


def _exercise(draft: Draft) -> None:
    for found in draft.find("x=exercise ~ ( bearing|near|of filler* )? w=within?"):
        said = draft.said(found.indices)
        draft.take(found.indices)
        inside = found.token("w")
        if inside is None:
            later = next((one for one in draft.find("w=within")), None)
            inside = later.token("w") if later is not None else None
            draft.take(later.indices if later is not None else ())
        if inside is None:
            draft.ask("exercise", "inside or outside the zone?", said)
        draft.put("exercise", Reading(said, inside.classes["within"] if inside is not None else "unsaid"))


def _weapons(draft: Draft) -> None:
    words: list[str] = []
    for found in draft.find("n=number _ calibre"):
        draft.take(found.indices)
        words.append(draft.said(found.indices))
    for found in draft.find("w=weapon+"):
        draft.take(found.indices)
        words.append(draft.said(found.indices))
    if words:
        draft.put("weapon", Reading(", ".join(words), ", ".join(words), system="as said"))


def _happening(draft: Draft, found: Found) -> Happening | None:
    kind_token = found.tokens("e")[0]
    kind_at = found.at("e")[0]
    kind, _, form = kind_token.classes.get("kind", _IN_FLIGHT).partition(":")
    number, last, several = found.token("n"), found.token("n2"), found.token("s")
    kept = (
        {"weapon", "course"}
        if number is not None
        else {"weapon", "course", "undetermined", "adjective", "filler"}
    )
    between = {at for name in ("b", "b2", "b3", "b4") for at in found.at(name)}
    kept |= {"number", "calibre"}
    used = [at for at in found.indices if at not in between or not kept & set(draft.tokens[at].classes)]
    again = found.token("nn")
    if again is not None and number is not None and again.number != number.number:
        draft.refuse(
            "radio.contradiction",
            f"'{draft.said(found.indices)}' gives two numbers",
            draft.said(found.indices),
            "say which one holds",
        )
    if number is not None:
        after = found.indices[-1] + 1
        follows = draft.tokens[after] if after < len(draft.tokens) else None
        ends_in_number = found.at("n")[-1] == found.indices[-1]
        if (
            ends_in_number
            and follows is not None
            and after not in draft.taken
            and (_FOLLOWED - _signs_after(number, follows)) & set(follows.classes)
        ):
            return None
        if "spelled" in number.classes or (
            found.at("n")[0] == kind_at + 1
            and "spoken" in number.classes
            and found.indices == (kind_at, kind_at + 1)
            and {"one": "1", "two": "2"}.get(form) != number.text
        ):
            return None
        before = found.indices[0] - 1
        if (
            before >= 0
            and before not in draft.taken
            and "dash" in draft.tokens[before].classes
            and draft.tokens[before].is_glued
            and found.tokens("n")[0].is_glued
        ):
            return None
        if (
            number.text == f"{draft.theatre.on:%y}"
            and before >= 0
            and "month" in draft.tokens[before].classes
        ):
            draft.ask("happenings", "is this the year, or how many?", number.text)
    said = draft.said(used)
    reading = Reading(said, cast("Kind", kind))
    count = _count(draft, found, number, last, several, form, said)
    draft.take(used)
    return Happening(reading, count)


def _bounds(token: Token) -> set[str]:
    """What bounds a number, wherever its language puts the word."""
    return {name.removesuffix("_after") for name in token.classes}


def _count(
    draft: Draft,
    found: Found,
    number: Token | None,
    last: Token | None,
    several: Token | None,
    form: str,
    said: str,
) -> Reading[Count]:
    if number is None:
        if several is not None and "article" not in several.classes:
            return Reading(said, Count(None, None), system="undetermined")
        if form == "two":
            return Reading(said, Count(2, 2), assumed=("the dual form",))
        if form == "one" or several is not None:
            notes = () if several is not None else ("one, as the word is in the singular",)
            return Reading(said, Count(1, 1), assumed=notes)
        draft.ask("happenings", "how many?", said)
        return Reading(said, Count(None, None), system="undetermined", assumed=("how many is not said",))
    least = int(number.text)
    most: int | None = int(last.text) if last is not None else least
    words = {name for key in ("k", "k2", "k3", "k4", "pc") for t in found.tokens(key) for name in _bounds(t)}
    if last is not None and most is not None and most <= least:
        draft.refuse("radio.count", f"'{said}' does not rise", said, "say the smaller number first")
    if form == "two" and least != 2:
        draft.refuse("radio.contradiction", f"'{said}': the word means two", said, "say one count")
    error = None
    if {"least", "ormore", "ormoresign"} & words:
        most = None
    elif "more" in words:
        least, most = least + 1, None
    elif "most" in words:
        return Reading(said, Count(0, most))
    elif "less" in words:
        return Reading(said, Count(0, (most or 1) - 1))
    elif "approx" in words:
        error = max(1.0, 0.2 * least)
    return Reading(said, Count(least, most), error)
