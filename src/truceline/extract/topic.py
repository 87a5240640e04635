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

    Attributes:
        away: Whether the text has turned to another war; set it back before each text.
    """

    def __init__(self, mission: Mission) -> None:
        self.away = False
        self._slugs = frozenset(mission.settings.topic) | frozenset(mission.sides)
        self._inside = frozenset(
            place.id
            for place in mission.places
            if place.scope in {"agreement", "border"} and place.kind != "country"
        )

    def names_theatre(self, sentence: Sentence) -> bool:
        """Say whether a sentence names a place or a party of the theatre."""
        for unit in sentence.units:
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

        A word such as "ceasefire" belongs to the theatre unless the sentence names another war, or the text has
        turned to one.

        Args:
            sentence: The sentence, mentions joined.
            running: Whether the sentence before was on topic.

        Returns:
            ``(on topic, names the theatre itself)``.
        """
        if self.names_theatre(sentence):
            self.away = False
            return True, True
        tags: set[str] = set().union(*[unit.tags for unit in sentence.units])
        if "OFF_TOPIC" in tags:
            self.away = True
        if self.away:
            return False, False
        if "TOPIC" in tags:
            return True, True
        return running and "TOPIC_TURN" not in tags, False
