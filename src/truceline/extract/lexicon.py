"""The words of a language and of a mission in one tree: any folded word sequence -> what it may mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from truceline.core.mission import Mission
from truceline.core.names import Names, name_in
from truceline.extract.fold import DOUBLED, Token, plain
from truceline.extract.inflect import DUAL, expand
from truceline.extract.language import LanguageData

NO_FLAGS: frozenset[str] = frozenset()
_HAMZA = ("أل", "إل", "آل")
_OWNED = frozenset({"poss", "poss_we", "genitive"})
"""Flags of a phrase's last word that say whose the whole phrase is."""


@dataclass(slots=True)
class Sense:
    """What a phrase may mean: its tags and the values that go with them."""

    tags: frozenset[str] = frozenset()
    values: dict[str, Any] = field(default_factory=dict)


class _Node:
    __slots__ = ("next", "sense")

    def __init__(self) -> None:
        self.next: dict[str, _Node] = {}
        self.sense: Sense | None = None


class Lexicon:
    """Look-up of phrases with glued parts taken off.

    Args:
        language: The language's data.
        mission: The pack, whose parties, offices, people, places and sources become words.
    """

    def __init__(self, language: LanguageData, mission: Mission) -> None:
        self.language = language
        self._root = _Node()
        self._vocabulary: set[str] = set()
        self._cache: dict[str, tuple[tuple[str, frozenset[str]], ...]] = {}
        self._openings: dict[str, tuple[tuple[_Node, frozenset[str]], ...]] = {}
        self._article = tuple(plain(article) for article in language.article)
        self._whole: set[str] = set()
        clitics = language.clitics
        self._prefixes = [("", NO_FLAGS), *((plain(p), frozenset(f)) for p, f in clitics.prefixes.items())]
        self.glued = {mark: flags for mark, flags in self._prefixes if mark}
        self._suffixes = [("", NO_FLAGS), *((plain(s), frozenset(f)) for s, f in clitics.suffixes.items())]
        self._minimum = clitics.minimum
        self._future = tuple(plain(letter) for letter in clitics.future) or ("",)
        self.silent = frozenset(plain(word) for word in language.silent)
        self.abbreviations = frozenset(plain(word) for word in language.abbreviations)
        self._add_language(language)
        self._add_mission(mission)

    def add(self, entry: str, tags: Iterable[str], *, as_is: bool = False, **values: Any) -> None:
        """Put an entry of a word list into the tree.

        Args:
            entry: Notation of ``extract.inflect``; ``!`` at its end keeps a shadda that tells two words apart.
            tags: Tags that all its forms carry.
            as_is: Whether the entry is one form, not a notation.
            values: Values that go with the tags.
        """
        scheme = "none" if as_is else self.language.inflection
        # folded, a hamza looks like the article's first letter: "mines" would lose its beginning
        hamza = bool(self._article) and entry.rpartition(":")[2].startswith(_HAMZA)
        for marked, is_dual in expand(scheme, entry.removesuffix("!")):
            form = marked if entry.endswith("!") else marked.replace(DOUBLED, "")
            node = self._root
            for word in form.split():
                if word in self.silent:
                    continue
                if hamza and node is self._root and word.startswith(self._article):
                    self._whole.add(word)
                stem = self._bare(word)
                self._vocabulary.add(stem)
                node = node.next.setdefault(stem, _Node())
            if node is self._root:
                continue
            node.sense = node.sense or Sense()
            node.sense.tags = node.sense.tags.union(tags, (DUAL,) if is_dual else ())
            for key, value in values.items():
                node.sense.values.setdefault(key, value)

    def _bare(self, word: str) -> str:
        if word in self._whole:
            return word
        for article in self._article:
            if word.startswith(article) and len(word) - len(article) > self._minimum:
                return word[len(article) :]
        return word

    def analyse(self, form: str) -> tuple[tuple[str, frozenset[str]], ...]:
        """Return the stems of a word that the vocabulary knows, with the flags of what was glued to them.

        Args:
            form: A folded word.

        Returns:
            ``(stem, flags)``, the least stripped first; empty where no part of the word is known.
        """
        found = self._cache.get(form)
        if found is None:
            bare = form.replace(DOUBLED, "")
            found = tuple(self._split(form)) if bare != form else ()
            found = self._cache[form] = found or tuple(self._split(bare))
        return found

    def _split(self, form: str) -> Iterator[tuple[str, frozenset[str]]]:
        seen = set()
        for prefix, flags in self._prefixes:
            if not form.startswith(prefix):
                continue
            rest = form[len(prefix) :]
            if "future" in flags and not rest.startswith(self._future):
                continue
            for suffix, more in self._suffixes:
                if suffix and not rest.endswith(suffix):
                    continue
                core = rest[: len(rest) - len(suffix)] if suffix else rest
                if len(core) < self._minimum and (prefix or suffix):
                    continue
                bare = self._bare(core)
                extra = frozenset({"the"}) if bare != core else NO_FLAGS
                if bare in self._vocabulary and bare not in seen:
                    seen.add(bare)
                    yield bare, flags | more | extra

    def longest(self, tokens: list[Token], at: int) -> tuple[int, Sense, frozenset[str]] | None:
        """Find the longest phrase that begins at a token.

        Args:
            tokens: Tokens of a sentence.
            at: Index of the first.

        Returns:
            ``(number of tokens, sense, flags of the first and last word)``, or None.
        """
        form = tokens[at].form
        nodes = self._openings.get(form)
        if nodes is None:
            nodes = self.opening(form)
        if not nodes:
            return None
        if len(nodes) == 1 and not nodes[0][0].next:
            node, flags = nodes[0]
            return (1, node.sense, flags) if node.sense is not None else None
        best: tuple[int, Sense, frozenset[str]] | None = None
        for node, flags in nodes:
            best = self._follow(tokens, at, node, flags, best)
        return best

    def opening(self, form: str) -> tuple[tuple[_Node, frozenset[str]], ...]:
        """Return where phrases that begin with a word go on; empty for a word that begins none."""
        nodes = self._openings.get(form)
        if nodes is None:
            nodes = self._openings[form] = tuple(self._nodes(form))
        return nodes

    def _nodes(self, form: str) -> Iterator[tuple[_Node, frozenset[str]]]:
        for stem, flags in self.analyse(form):
            node = self._root.next.get(stem)
            if node is not None:
                yield node, flags

    def _follow(
        self, tokens: list[Token], at: int, node: _Node, flags: frozenset[str], best: Any
    ) -> tuple[int, Sense, frozenset[str]] | None:
        length = 1
        last: frozenset[str] = flags
        while True:
            if node.sense is not None and (best is None or length > best[0]):
                owned = _OWNED & last if last else NO_FLAGS
                best = (length, node.sense, flags | owned if owned else flags)
            if not node.next or at + length >= len(tokens):
                return best  # type: ignore[no-any-return]
            token = tokens[at + length]
            if token.kind == "mark" and token.form in "\"'" and at + length + 1 < len(tokens):
                # quotation marks round a name inside a phrase do not break it
                following = self._step(tokens[at + length + 1], node)
                if following is None:
                    return best  # type: ignore[no-any-return]
                length += 1
            else:
                following = self._step(token, node)
                if following is None:
                    return best  # type: ignore[no-any-return]
            node, last = following
            length += 1

    def _step(self, token: Token, node: _Node) -> tuple[_Node, frozenset[str]] | None:
        if token.kind != "word":
            return None
        for stem, flags in self.analyse(token.form):
            if "future" in flags:
                continue
            child = node.next.get(stem)
            if child is not None:
                return child, flags
        return None

    def _add_language(self, language: LanguageData) -> None:
        for tag, forms in language.words.items():
            for form in forms:
                self.add(form, (tag,))
        for kind, office in language.offices.items():
            for form in office.forms:
                self.add(form, (office.tag, "OFFICEWORD"), office=kind)
            for form in office.plural:
                self.add(form, (office.tag, "OFFICEWORD", "PLURAL"), office=kind)
        for name, speech in language.speech.items():
            tags = {speech.tag, f"SAY_{name.upper()}", f"SAY_{(speech.like or name).upper()}"}
            tags |= {"SAY_PASSIVE"} if speech.carries else set()
            for form in speech.forms:
                self.add(form, sorted(tags), speech=name)
        for word, value in language.numbers.words.items():
            self.add(word, ("NUMWORD",), as_is=True, number=value)
            for unit in language.numbers.compounds:
                self.add(f"{word}-{unit}", ("SPAN",), as_is=True, number=value)
        for word, value_text in language.numbers.fractions.items():
            self.add(word, ("FRACTION",), as_is=True, fraction=value_text)
        for word, op in language.numbers.ops.items():
            self.add(word, ("OP",), as_is=True, op=op)
        for word, op in language.numbers.ops_after.items():
            self.add(word, ("OP_AFTER",), as_is=True, op_after=op)
        dates = language.dates
        for key, table in (
            ("month", dates.months),
            ("weekday", dates.weekdays),
            ("relative", dates.relative_days),
            ("ordinal", dates.ordinals),
            ("week", dates.weeks),
        ):
            for word, value in table.items():
                articled = plain(word).startswith(self._article) if self._article else False
                self.add(word, (key.upper(),), as_is=True, **{key: value, f"{key}_articled": articled})
        for tag, words in (
            ("LAST", dates.last), ("NEXT", dates.next), ("CURRENT", dates.current),
            ("SAME_MONTH", dates.same_month), ("DAYWORD", dates.day_words), ("THIS_MONTH", dates.this_month),
            ("LAST_MONTH", dates.last_month), ("SAME_DAY", dates.same_day),
        ):  # fmt: skip
            for word in words:
                self.add(word, (tag,), as_is=True)

    def _add_mission(self, mission: Mission) -> None:
        code = self.language.code
        for party in mission.parties:
            kind = "STATE" if party.kind in {"state", "authority"} else "BODY"
            label = name_in(party.names, "en")
            for word in _forms(party.names, code):
                self.add(word, (kind, "PARTY"), as_is=True, party=party.id, label=label)
            for word in self._declined(_forms(party.adjectives, code), mission):
                self.add(word, ("ADJ",), as_is=True, adj=party.id)
            for word in _forms(party.capital or {}, code):
                self.add(word, ("STATE", "CAPITAL"), as_is=True, party=party.id, label=label)
        for office in mission.offices:
            for word in _forms(office.names, code):
                self.add(word, ("OFFICE",), as_is=True, named_office=office)
        self._add_people(mission)
        for place in mission.places:
            for name in place.names.get(code, ()):
                tags = ("PLACE", f"PLACE_{place.kind.upper()}")
                self.add(
                    name.text, tags, as_is=True, place=place, place_label=_received(place.names, name.party)
                )
        for source in mission.sources:
            for word in _forms(source.names, code):
                self.add(word, ("SOURCE",), as_is=True, source=source)
        for tag, forms in mission.lexicon.get(code, {}).items():
            for form in forms:
                self.add(form, (tag,))

    def _declined(self, words: list[str], mission: Mission) -> Iterator[str]:
        """Adjectives as the pack gives them, and as the language inflects them where that is nobody's name."""
        yield from words
        if self.language.inflection != "ar":
            return
        code = self.language.code
        named = {plain(word) for party in mission.parties for word in _forms(party.names, code)}
        for word in words:
            for form, _ in expand("ar", f"a:{word}"):
                if form.removesuffix("ا") == plain(word) and form not in named:
                    yield form

    def _add_people(self, mission: Mission) -> None:
        code = self.language.code
        surnames: dict[str, set[str]] = {}
        for holder in mission.holders:
            for word in _forms(holder.names, code):
                self.add(word, ("PERSON",), as_is=True, person=holder)
                surnames.setdefault(word.split()[-1], set()).add(holder.id)
        for holder in mission.holders:
            for word in _forms(holder.names, code):
                last = word.split()[-1]
                if len(surnames[last]) == 1 and len(last) > 3:
                    self.add(last, ("PERSON", "SURNAME"), as_is=True, person=holder)


def _received(names: Names, party: str | None) -> str:
    """The English label of a place; a party's own word for it is kept beside: "Khojavend (Martuni)"."""
    label = name_in(names, "en")
    word = name_in(names, "en", party) if party else label
    return label if word in label else f"{label} ({word})"


def _forms(names: Names, code: str) -> list[str]:
    return [form.text for form in names.get(code, ())]
