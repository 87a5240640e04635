"""The project's errors: one root, few kinds, each with the exit code that the command line returns."""

from __future__ import annotations

from typing import Any, ClassVar


class TrucelineError(Exception):
    """Say what happened, where, and what to do next.

    Args:
        code: Stable dotted word for machines, for example ``input.encoding``.
        what: One sentence for people: what happened.
        where: The file, line, field or id that it happened to; empty where there is none.
        todo: What the reader can do next; empty where there is nothing to do.
        facts: Further values for machines.
    """

    exit_code: ClassVar[int] = 2

    def __init__(self, code: str, what: str, *, where: str = "", todo: str = "", **facts: Any) -> None:
        self.code = code
        self.what = what
        self.where = where
        self.todo = todo
        self.facts = facts
        super().__init__(str(self))

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        todo = f" ({self.todo})" if self.todo else ""
        return f"{place}{self.what}{todo}"


class InputError(TrucelineError):
    """Bad usage or bad input; nothing was taken."""


class ConfigError(TrucelineError):
    """A mission pack, rule file or setting contradicts itself."""


class ConflictError(TrucelineError):
    """Two things that may not both be so, for example a realm that meets another."""


class IntegrityError(TrucelineError):
    """The record does not verify."""

    exit_code = 3


class UnavailableError(TrucelineError):
    """A needed service or system part is not there."""

    exit_code = 4


class MissingExtraError(TrucelineError):
    """An optional part of the installation is needed; the message names it."""

    exit_code = 5
