"""Forms as browsers send them: the fields that a route knows, each once, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass

from truceline.core.errors import InputError
from truceline.serve.asking import Asked
from truceline.serve.guarding import CSRF_FIELD

_FORM = "application/x-www-form-urlencoded"
_MOST = 5_000
"""Characters in one field at most."""


@dataclass(frozen=True, slots=True)
class Form:
    """The fields of a form.

    Args:
        one: Field -> value, for those that come once.
        several: Field -> values, for those that may come often.
    """

    one: dict[str, str]
    several: dict[str, tuple[str, ...]]


async def read_form(request: Asked, *names: str, several: tuple[str, ...] = ()) -> Form:
    """Read a form.

    Args:
        request: The request.
        names: Fields that come once, or not at all, which is the same as empty.
        several: Fields that may come often.

    Returns:
        The fields.

    Raises:
        InputError: It is no form, holds a field that nobody asked for, or one twice, or one that is too long.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        raise InputError("form.type", "this is no form", todo=f"send it as {_FORM}")
    given: dict[str, list[str]] = {}
    for name, value in (await request.form()).multi_items():
        if name != CSRF_FIELD and name not in {*names, *several}:
            raise InputError(
                "form.field", f"there is no field '{name[:40]}'", todo=f"use {', '.join(names + several)}"
            )
        if not isinstance(value, str) or len(value) > _MOST:
            raise InputError("form.long", "this field is too long", where=name)
        given.setdefault(name, []).append(value)
    twice = [name for name in names if len(given.get(name, [])) > 1]
    if twice:
        raise InputError("form.twice", "this field came twice", where=twice[0])
    return Form(
        {name: given.get(name, [""])[0] for name in names},
        {name: tuple(given.get(name, [])) for name in several},
    )
