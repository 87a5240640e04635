"""What a rule asks of the clause round its match: the tags that must stand there and those that must not."""

from __future__ import annotations

from truceline.extract.language import Rule
from truceline.extract.units import Unit

_NEAR = 2


class Conditions:
    """The conditions of a rule, made ready once.

    ``TAG`` is forbidden in the clause, ``<TAG`` up to the end of the match, ``<<TAG`` only where it stands too far
    before the match to negate it.

    Args:
        rule: The rule.
    """

    def __init__(self, rule: Rule) -> None:
        self._inside = frozenset(tag for tag in rule.unless if tag[0] != "<")
        self._far = frozenset(tag[2:] for tag in rule.unless if tag.startswith("<<"))
        self._before = frozenset(tag[1:] for tag in rule.unless if tag[0] == "<" and tag[1] != "<")
        self._asked = tuple(frozenset(tags.split("|")) for tags in rule.clause)

    def hold(self, units: list[Unit], span: tuple[int, int], match: tuple[int, int]) -> bool:
        """Say whether they hold.

        Args:
            units: Units of the sentence.
            span: Indices ``[first, last)`` of the clause.
            match: Indices ``[first, last)`` of the match.

        Returns:
            True where nothing forbidden stands there and all that is asked for does.
        """
        first, last = span
        inside, before, far = self._inside, self._before, self._far
        for at in range(first, last):
            free = units[at].tags.isdisjoint
            if not free(inside):
                return False
            if at < match[1] and not free(before):
                return False
            if far and at < match[0] - _NEAR and not free(far):
                return False
        return all(any(not unit.tags.isdisjoint(tags) for unit in units[first:last]) for tags in self._asked)
