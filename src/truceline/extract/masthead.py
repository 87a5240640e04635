"""Whose bulletin an item is, by its head lines: an institution alone on its line, or its state above it."""

from __future__ import annotations

from dataclasses import replace

from truceline.core.claims import Ref
from truceline.core.names import name_in
from truceline.extract.mentions import join_mentions
from truceline.extract.names import Memory, Mention, Names
from truceline.extract.speech import house
from truceline.extract.units import Sentence, Unit
from truceline.extract.voice import Voice, voice_of

HEAD_LINES = 4
"""How far down a masthead may stand."""


def masthead(head: list[Sentence], names: Names) -> Voice | None:
    """Return the institution that speaks wherever nobody else does.

    Args:
        head: First lines of the item, whatever kind of line they are, mentions not joined yet.
        names: The mission's names.

    Returns:
        Its voice, or None where no head line is a bulletin's, an institution's, or a state's above an institution's.
    """
    state: str | None = None
    lines = [join_mentions(line.units, names, Memory(), None) for line in head[:HEAD_LINES]]
    for line, units in zip(head, lines, strict=False):
        kind = _office(line.units)
        if units and (units[0].has("BULLETIN") or len(units) == 1):
            found = house(replace(line, units=units))
            if found is not None:
                return found
        if state is not None and kind is not None:
            mention = Mention((names.office(kind, state),), (state,), "OFFICE", names.capacity(kind))
            return voice_of(mention)
        official = _official(units)
        if official is not None:
            return official
        state = _state(units)
    return None


def _office(units: list[Unit]) -> str | None:
    """Return the kind of office that a line names and nothing else."""
    return units[0].values.get("office") if len(units) == 1 and units[0].has("OFFICEWORD") else None


def _official(units: list[Unit]) -> Voice | None:
    """Return the voice of an authority whose site the pack knows by the name that stands alone on the line."""
    source = units[0].values.get("source") if len(units) == 1 else None
    if source is None or source.kind != "official" or not source.interest:
        return None
    ref = Ref(source.id, name_in(source.names, "en"))
    return voice_of(Mention((ref,), tuple(source.interest[:1]), "OFFICE"))


def _state(units: list[Unit]) -> str | None:
    """Return the party of a line that is nothing but a state's name."""
    mention: Mention | None = units[0].values.get("mention") if len(units) == 1 else None
    return mention.parties[0] if mention is not None and mention.kind == "STATE" else None
