"""What people enter, as data: the life of each kind as a table of states, the fixed phrases of notices, the forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from truceline.core.errors import ConfigError, ConflictError, InputError
from truceline.core.imagery import SeenKind


@dataclass(frozen=True, slots=True)
class Life:
    """The states that a kind of thing goes through.

    Args:
        name: The kind.
        start: The state that it begins in.
        steps: Act and state -> the state after it.
        reasons: Words of which one must be given where an act asks why.
    """

    name: str
    start: str
    steps: Mapping[tuple[str, str], str]
    reasons: tuple[str, ...] = ()

    def after(self, state: str, act: str) -> str:
        """Return the state after an act.

        Args:
            state: The state before it.
            act: The act.

        Returns:
            The state.

        Raises:
            ConflictError: The act cannot be done in that state.
        """
        found = self.steps.get((act, state))
        if found is None:
            able = [of for word, of in self.steps if word == act]
            raise ConflictError(
                "act.state",
                f"a {self.name} that is '{state}' cannot be given '{act}'",
                todo=f"it can where it is {' or '.join(able)}" if able else "see the table of its states",
            )
        return found

    def reason(self, word: str) -> str:
        """Return a reason, or say that it is none.

        Args:
            word: The word given.

        Returns:
            The word.

        Raises:
            InputError: It is no reason that the table has.
        """
        if word not in self.reasons:
            raise InputError(
                "act.reason",
                f"'{word[:40]}' is no reason",
                where="reason",
                todo=f"use {', '.join(self.reasons)}",
            )
        return word


@dataclass(frozen=True, slots=True)
class Phrase:
    """A fixed phrase of notices.

    Args:
        id: Its word.
        key: The key that sends it.
        parameters: What is filled in: ``place``, ``since``.
        words: Language -> the phrase, with ``{place}`` and ``{since}``.
    """

    id: str
    key: str
    parameters: tuple[str, ...]
    words: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Forms:
    """All that people may enter.

    Args:
        lives: Kind -> its life.
        phrases: Phrase's word -> the phrase.
        schemas: Kind -> the JSON Schema of what is kept as its evidence.
        seen: Word -> a kind of thing that may be seen in a frame.
    """

    lives: Mapping[str, Life]
    phrases: Mapping[str, Phrase]
    schemas: Mapping[str, Mapping[str, Any]]
    seen: Mapping[str, SeenKind]

    def phrase(self, id_: str) -> Phrase:
        """Return a phrase, or say that there is none.

        Args:
            id_: Its word.

        Returns:
            The phrase.

        Raises:
            InputError: There is no such phrase.
        """
        found = self.phrases.get(id_)
        if found is None:
            raise InputError(
                "notice.phrase", f"there is no phrase '{id_[:40]}'", where="phrase",
                todo=f"use {', '.join(self.phrases)}",
            )  # fmt: skip
        return found


def read_life(name: str, value: Mapping[str, Any]) -> Life:
    """Read a table of states.

    Args:
        name: The kind.
        value: ``start``, ``steps`` and perhaps ``reasons``.

    Returns:
        The life.

    Raises:
        ConfigError: A step is written otherwise, or one act leads from one state to two.
    """
    steps: dict[tuple[str, str], str] = {}
    try:
        for step in value["steps"]:
            for state in step["from"]:
                if steps.setdefault((step["act"], state), step["to"]) != step["to"]:
                    raise ConfigError(
                        "states.twice", f"'{step['act']}' leads from '{state}' to two states", where=name
                    )
        return Life(name, str(value["start"]), steps, tuple(value.get("reasons", ())))
    except (KeyError, TypeError) as error:
        raise ConfigError("states.form", f"a step lacks {error}", where=f"data/states/{name}.toml") from error


def read_phrases(value: Sequence[Mapping[str, Any]]) -> dict[str, Phrase]:
    """Read the phrases of notices.

    Args:
        value: The list of ``data/notices.yaml``.

    Returns:
        Word -> phrase.

    Raises:
        ConfigError: A phrase leaves a parameter out in one language, or two share a key.
    """
    found: dict[str, Phrase] = {}
    for facts in value:
        phrase = Phrase(facts["id"], facts["key"], tuple(facts["parameters"]), dict(facts["words"]))
        for language, words in phrase.words.items():
            if wanting := [name for name in phrase.parameters if f"{{{name}}}" not in words]:
                raise ConfigError("notice.words", f"{language} lacks {wanting}", where=phrase.id)
        if phrase.key in {other.key for other in found.values()}:
            raise ConfigError("notice.key", f"the key {phrase.key} sends two phrases", where=phrase.id)
        found[phrase.id] = phrase
    return found
