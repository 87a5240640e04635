"""Who speaks: a post, patrol or team, by number, code or ordinal."""

from __future__ import annotations

from truceline.collect.radio.draft import Draft
from truceline.core.watchlog import Observer, Reading

_OBSERVERS = (
    "n=ordinal o=observer",
    "o=observer n=ordinal",
    "n=int dash? quote? ordinal_ending o=observer",
    "n=int dot o=observer (?! soft? number_sign? number|letters1 )",
    "n=int number_sign o=observer",
    "o=observer ( ~ number_sign )? _ ( dash )? ~ n=letters1 ( dash )? n2=int",
    "o=observer ( ~ number_sign )? ~ n=int",
)


def read_observer(draft: Draft) -> None:
    """Read who speaks.

    Args:
        draft: The line.
    """
    for shape in _OBSERVERS:
        for found in draft.find(shape):
            number = found.tokens("n2")[0] if found.has("n2") else found.tokens("n")[0]
            letter = found.tokens("n")[0].classes.get("letters1", "") if found.has("n2") else ""
            after = found.indices[-1] + 1
            if (
                "means" in found.tokens("o")[0].classes
                and after < len(draft.tokens)
                and {"times", "kind", "weapon", "adjective"} & set(draft.tokens[after].classes)
            ):
                continue
            if len(number.text) > 3 and "spelled" not in number.classes:
                continue
            if _is_time(draft, found.indices[-1]):
                continue
            kind = found.tokens("o")[0].classes["observer"]
            code = f"{letter}{int(number.text)}"
            draft.take(found.indices)
            draft.put("observer", Reading(draft.said(found.indices), Observer(kind, code), system=kind))


def _is_time(draft: Draft, at: int) -> bool:
    """Whether a number is the day of a date or the hour of a clock time."""
    if next((one for one in draft.find("n=d1|d2 _ month") if one.indices[0] == at), None):
        return True
    clock = next((one for one in draft.find("n=d1|d2 colon d2") if one.indices[0] == at), None)
    return clock is not None and all(draft.tokens[one].is_glued for one in clock.indices[1:])
