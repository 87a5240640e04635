"""A voice: who speaks over a stretch of a sentence; and the floor: who spoke before it."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.core.claims import Modality, Ref
from truceline.extract.names import Mention


@dataclass(slots=True)
class Voice:
    """A speaker over a stretch of a sentence.

    Args:
        first: Index of the first unit that the voice covers.
        last: Index behind the last.
        chain: Speakers from the innermost outwards, without the carriers of the whole item.
        mention: The innermost speaker's mention, or None for a text or nobody named.
        modality: How it is put, or None.
        stipulates: Whether a text provides for what follows.
        verb: Index of the verb of saying.
        capacity: One word per speaker of the chain.
    """

    first: int
    last: int
    chain: tuple[Ref, ...]
    mention: Mention | None
    modality: Modality | None
    stipulates: bool
    verb: int
    capacity: tuple[str, ...] = ()


@dataclass(slots=True)
class Floor:
    """Who has the floor as the text goes on.

    Args:
        voice: The last voice that a verb without a subject continues.
        relays: Carriers named by "according to", outermost last.
        quoted: Whether a quotation is open.
        spoke: Whether the sentence before had a speaker.
        house: The institution whose bulletin the item is.
        lead: Who headed the sentence before, where nobody spoke in it: "he said" may mean that one.
    """

    voice: Voice | None = None
    relays: tuple[Ref, ...] = ()
    quoted: bool = False
    spoke: bool = False
    house: Voice | None = None
    lead: Mention | None = None


def speaker_party(floor: Floor) -> str | None:
    """Return the party of who has the floor: of the bulletin's institution, else of who spoke last."""
    voice = floor.house or (floor.voice if floor.spoke else None)
    if voice is None or voice.mention is None:
        return None
    return next((party for party in voice.mention.parties if party), None)


def voice_of(mention: Mention) -> Voice:
    """Return the voice of whose text the item is: over all that no other voice covers."""
    return Voice(
        0, 1 << 30, mention.refs, mention, None, stipulates=False, verb=-1, capacity=(mention.capacity,)
    )


def continued(voice: Voice, first: int, last: int) -> Voice:
    """Return the same voice over another stretch, without a verb of its own."""
    return Voice(
        first,
        last,
        voice.chain,
        voice.mention,
        voice.modality,
        stipulates=False,
        verb=-1,
        capacity=voice.capacity,
    )
