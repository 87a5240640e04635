"""The first linking rule: same day, compatible place, compatible parties (decision 0006)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import timedelta

from truceline.core.mission import Mission
from truceline.link.happening import Happening, Reader, moment
from truceline.link.kinds import LOSSES
from truceline.link.ports import Group, Material

NEAR_M = 5_000.0
"""Two named places that surely lie no farther apart can be one."""

EPISODE_CP = 240
"""Code points between an undated claim and the happening that the same text tells it beside."""

SENTENCE_CP = 60
"""The same for casualties, whose totals of a whole war stand in every article."""

ABOUT_CP = 800
"""Code points between an accusation, denial or inquiry and what the same text tells it about."""

CASE_DAYS = timedelta(days=180)
"""How long the use of one named weapon by one party stays one case."""

PAIR = 2
"""Parties that losses and a fight must share to be one."""

TOLD_WITHIN = timedelta(days=1)
"""Losses are told with the day of the telling; the fight that they come from may have been the day before."""

DAY_REACH = timedelta(days=6)
"""Beyond this no two days with their slack can overlap; it only saves looking."""

AFTER_DAYS = timedelta(days=30)
"""How long after a happening a statement of another item can be about it."""


class FirstRule:
    """Groups claims by day, place and parties; needs no training and gives no probabilities."""

    @property
    def rule(self) -> str:
        """Name and version of the rule."""
        return "first/2"

    def group(self, material: Material, mission: Mission) -> Sequence[Group]:
        """Return the groups, by their earliest claim.

        Args:
            material: Claims in any order.
            mission: The pack.

        Returns:
            Disjoint groups; claims that speak of no happening are in none.
        """
        reader = Reader(mission)
        items = [found for claim in material.claims if (found := reader.read(claim)) is not None]
        parts = _Parts(reader, [item for item in items if item.may_open])
        parts.open()
        joined = parts.attach([item for item in items if not item.may_open])
        return [Group(claims=tuple(item.claim.id for item in members)) for members in joined]


class _Parts:
    """Openers in connected parts; a disjoint-set forest whose result does not depend on the order of input."""

    def __init__(self, reader: Reader, openers: list[Happening]) -> None:
        self._reader = reader
        self._openers = openers
        self._parent = list(range(len(openers)))

    def open(self) -> None:
        placed = [i for i, item in enumerate(self._openers) if item.is_placed]
        loose = [i for i, item in enumerate(self._openers) if not item.is_placed]
        self._unite(placed, self._are_one_place)
        self._unite(loose, self._are_one_loose)
        self._adopt()
        self._follow()

    def attach(self, joiners: Iterable[Happening]) -> list[list[Happening]]:
        parts = self._members()
        added: dict[int, list[Happening]] = {root: [] for root in parts}
        homeless = []
        for joiner in joiners:
            root = self._home(joiner, parts)
            if root is None:
                homeless.append(joiner)
            else:
                added[root].append(joiner)
        _go_on(homeless, added)
        return [[*parts[root], *added[root]] for root in parts]

    def _find(self, i: int) -> int:
        while self._parent[i] != i:
            self._parent[i] = self._parent[self._parent[i]]
            i = self._parent[i]
        return i

    def _join(self, i: int, j: int) -> None:
        first, second = sorted((self._find(i), self._find(j)))
        self._parent[second] = first

    def _members(self) -> dict[int, list[Happening]]:
        parts: dict[int, list[Happening]] = {}
        for i, item in enumerate(self._openers):
            parts.setdefault(self._find(i), []).append(item)
        return parts

    def _unite(self, indexes: list[int], same: Callable[[Happening, Happening], bool]) -> None:
        indexes = sorted(indexes, key=lambda i: moment(self._openers[i]))
        for n, i in enumerate(indexes):
            reach = CASE_DAYS if self._openers[i].claim.type == "weapon_use" else DAY_REACH
            for j in indexes[n + 1 :]:
                if moment(self._openers[j]) - moment(self._openers[i]) > reach:
                    break
                if self._are_kin(self._openers[i], self._openers[j]) and same(
                    self._openers[i], self._openers[j]
                ):
                    self._join(i, j)

    def _are_kin(self, a: Happening, b: Happening) -> bool:
        """Whether family, parties and time let two openers be one happening."""
        if not a.families & b.families or not _parties_agree(a, b):
            return False
        return _overlap(a, b) or _are_one_case(a, b)

    def _are_one_place(self, a: Happening, b: Happening) -> bool:
        return _are_one_case(a, b) or self._places_agree(a, b)

    def _are_one_loose(self, a: Happening, b: Happening) -> bool:
        """Openers without a fine place: one by their report, the same wide place, or their nature."""
        if a.claim.report == b.claim.report or _are_one_case(a, b):
            return True
        if "exchange" in a.families & b.families:
            return True
        return bool(set(a.places) & set(b.places))

    def _places_agree(self, a: Happening, b: Happening) -> bool:
        gaz = self._reader.gazetteer
        for here in a.places:
            for there in b.places:
                if gaz.is_coarse(here) or gaz.is_coarse(there):
                    continue
                gap = gaz.gap_m(here, there)
                if gaz.are_nested(here, there) or (gap is not None and gap <= NEAR_M):
                    return True
        return False

    def _adopt(self) -> None:
        """Join parts without a fine place to the only part that each can be; two candidates leave it alone.

        First to parts with a fine place; what names no place at all and finds none, then to parts with a wide
        one, or else to what names no place either.
        """
        parts = self._members()
        fine = {root: items for root, items in parts.items() if items[0].is_placed}
        bare: dict[int, list[Happening]] = {}
        pairs: list[tuple[int, int]] = []
        for root, items in parts.items():
            if root in fine:
                continue
            own = self._candidates(items, fine, _share_report)
            found = own or self._candidates(items, fine, self._may_hold)
            if len(found) == 1:
                pairs.append((root, found[0]))
            elif not found and not any(item.places for item in items):
                bare[root] = items
        wide = {root: items for root, items in parts.items() if root not in fine and root not in bare}
        for root, items in bare.items():
            found = self._candidates(items, wide, _any_place)
            others = {} if found else {other: theirs for other, theirs in bare.items() if other != root}
            pairs += [(root, home) for home in found if len(found) == 1]
            pairs += [(root, other) for other in self._candidates(items, others, _any_place)]
        for root, home in pairs:
            self._join(root, home)

    def _follow(self) -> None:
        """Join parts of mere losses without a fine place to the only fight of both parties that they can come from."""
        parts = self._members()
        fights = {root: items for root, items in parts.items() if any(_is_fight(i) for i in items)}
        pairs = []
        for root, items in parts.items():
            if root in fights or any(i.is_placed or i.claim.type not in LOSSES for i in items):
                continue
            found = self._candidates(items, fights, _can_come_from, are_kin=_share_family)
            if len(found) == 1:
                pairs.append((root, found[0]))
        for root, home in pairs:
            self._join(root, home)

    def _candidates(
        self,
        items: list[Happening],
        fine: dict[int, list[Happening]],
        test: Callable[[Happening, Happening], bool],
        *,
        are_kin: Callable[[Happening, Happening], bool] | None = None,
    ) -> list[int]:
        kin = are_kin or self._are_kin
        return [
            root
            for root, others in fine.items()
            if any(kin(a, b) and test(a, b) for a in items for b in others)
        ]

    def _may_hold(self, wide: Happening, fine: Happening) -> bool:
        """Whether a wide or missing place of one can be where the other was."""
        if not wide.places:
            return True
        gaz = self._reader.gazetteer
        if any(gaz.is_within(there, here) for here in wide.places for there in fine.places):
            return True
        borders = any((p := gaz.place(slug)) is not None and p.kind == "border" for slug in wide.places)
        return borders and any((p := gaz.place(s)) is not None and p.scope == "border" for s in fine.places)

    def _home(self, joiner: Happening, parts: dict[int, list[Happening]]) -> int | None:
        """The part that a claim joins which opens none: the nearest in its text, else the only fitting one."""
        near = [
            (gap, n, root)
            for n, (root, items) in enumerate(parts.items())
            if (gap := self._text_gap(joiner, items)) is not None
        ]
        if near:
            return min(near)[2]
        fitting = [root for root, items in parts.items() if any(self._fits(joiner, item) for item in items)]
        return fitting[0] if len(fitting) == 1 else None

    def _text_gap(self, joiner: Happening, items: list[Happening]) -> int | None:
        reach = _reach(joiner)
        gaps = [
            gap
            for item in items
            if item.claim.report == joiner.claim.report
            and _parties_agree(joiner, item)
            and (not joiner.families or joiner.families & item.families)
            and (not joiner.is_dated or not item.is_dated or _overlap(joiner, item) or not joiner.families)
            and (gap := _gap_cp(joiner, item)) <= reach
        ]
        return min(gaps) if gaps else None

    def _fits(self, joiner: Happening, item: Happening) -> bool:
        """Whether a statement of another item, or a dated total, can be about a happening."""
        if not _parties_agree(joiner, item):
            return False
        if joiner.families:
            if not joiner.families & item.families:
                return False
            timed = _are_one_case(joiner, item) or (joiner.is_dated and _overlap(joiner, item))
            return timed and (_same_weapon(joiner, item) or self._places_agree(joiner, item))
        if joiner.start is None or item.end is None or item.start is None:
            return False
        soon = item.start <= joiner.start <= item.end + AFTER_DAYS
        return soon and (_same_weapon(joiner, item) or self._places_agree(joiner, item))


def _reach(joiner: Happening) -> int:
    if not joiner.families or joiner.is_denial:
        return ABOUT_CP
    if joiner.is_dated:
        return EPISODE_CP
    return SENTENCE_CP if joiner.claim.type == "casualties" else EPISODE_CP


def _gap_cp(a: Happening, b: Happening) -> int:
    first, second = a.claim.evidence, b.claim.evidence
    return max(0, max(first.start, second.start) - min(first.end, second.end))


def _overlap(a: Happening, b: Happening) -> bool:
    if a.start is None or a.end is None or b.start is None or b.end is None:
        return False
    return a.start < b.end and b.start < a.end


def _parties_agree(a: Happening, b: Happening) -> bool:
    return not a.parties or not b.parties or bool(a.parties & b.parties)


def _same_weapon(a: Happening, b: Happening) -> bool:
    return a.claim.subtype is not None and a.claim.subtype == b.claim.subtype


def _are_one_case(a: Happening, b: Happening) -> bool:
    """Whether both speak of one weapon's use: the same named weapon within the case's time, or one text."""
    if a.claim.type != "weapon_use" or b.claim.type != "weapon_use":
        return False
    if a.claim.report == b.claim.report and (
        None in {a.claim.subtype, b.claim.subtype} or _same_weapon(a, b)
    ):
        return True
    return _same_weapon(a, b) and abs(moment(a) - moment(b)) <= CASE_DAYS


def _is_fight(item: Happening) -> bool:
    return "combat" in item.families and item.claim.type not in LOSSES and item.is_dated


def _share_family(a: Happening, b: Happening) -> bool:
    return bool(a.families & b.families)


def _can_come_from(loss: Happening, fight: Happening) -> bool:
    """Whether losses share both parties with a fight, on its day or told on the day after."""
    if not _is_fight(fight) or len(loss.parties & fight.parties) < PAIR:
        return False
    if loss.start is None or loss.end is None or fight.start is None or fight.end is None:
        return False
    return fight.start < loss.end and loss.start - TOLD_WITHIN < fight.end


def _go_on(homeless: list[Happening], added: dict[int, list[Happening]]) -> None:
    """Join what follows at once on a claim that has just joined: a text that goes on about one happening."""
    left = sorted((j for j in homeless if j.families and not j.is_dated), key=_text_place)
    for joiner in left:
        near = [
            (gap, n, root)
            for n, (root, items) in enumerate(added.items())
            for item in items
            if item.claim.report == joiner.claim.report
            and len(joiner.parties & item.parties) >= PAIR
            and joiner.families & item.families
            and (gap := _gap_cp(joiner, item)) <= SENTENCE_CP
        ]
        if near:
            added[min(near)[2]].append(joiner)


def _text_place(item: Happening) -> tuple[str, int, str]:
    return (item.claim.report, item.claim.evidence.start, item.claim.id)


def _any_place(_a: Happening, _b: Happening) -> bool:
    return True


def _share_report(a: Happening, b: Happening) -> bool:
    return a.claim.report == b.claim.report
