"""What belongs to the theatre: sentences that name it, and those that go on from them."""

from __future__ import annotations

from truceline.core.mission import Mission
from truceline.extract.units import Sentence


class TopicGate:
    """Says of each sentence whether it is about the theatre.

    A sentence is on topic where it names a place or party of the mission's topic, or the ceasefire itself. One that
    names none goes on from the sentence before, until the text turns to another matter.

    Args:
        mission: The pack; its ``topic`` slugs and the sides count.
    """

    def __init__(self, mission: Mission) -> None:
        self._slugs = frozenset(mission.settings.topic) | frozenset(mission.sides)
        self._inside = frozenset(
            place.id
            for place in mission.places
            if place.scope in {"agreement", "border"} and place.kind != "country"
        )

    def names_topic(self, sentence: Sentence) -> bool:
        """Say whether a sentence itself names the theatre."""
        for unit in sentence.units:
            if unit.has("TOPIC"):
                return True
            place = unit.values.get("place")
            if place is not None and (place.id in self._inside or place.id in self._slugs):
                return True
            mention = unit.values.get("mention")
            if (
                mention is not None
                and mention.kind != "BOTH"
                and any(party in self._slugs for party in mention.parties)
            ):
                return True
            if unit.values.get("adj") in self._slugs or unit.values.get("party") in self._slugs:
                return True
        return False

    def judge(self, sentence: Sentence, *, running: bool) -> tuple[bool, bool]:
        """Judge a sentence as the text goes on.

        Args:
            sentence: The sentence, mentions joined.
            running: Whether the sentence before was on topic.

        Returns:
            ``(on topic, names the theatre itself)``.
        """
        named = self.names_topic(sentence)
        if named:
            return True, True
        turned = any(unit.tags & {"TOPIC_TURN", "OFF_TOPIC"} for unit in sentence.units)
        return running and not turned, False
