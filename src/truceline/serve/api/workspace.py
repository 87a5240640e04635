"""The delegation's own workspace: a draft, a grade and a note of each incident, open to its own officers alone."""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from litestar import get, put
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody

from truceline.app import workspace
from truceline.app.workspace import Shown
from truceline.core.access import ForbiddenError, Need
from truceline.core.errors import InputError
from truceline.serve.asking import Question
from truceline.serve.needs import NEED

_WRITES = {NEED: Need(reads="workspace", does="note", is_own=True)}
_READS = {NEED: Need(reads="workspace", is_own=True)}


class Grade(msgspec.Struct, forbid_unknown_fields=True):
    """How far a source is trusted (A to F) and how far what it says is borne out (1 to 6), each by itself."""

    source: Literal["A", "B", "C", "D", "E", "F"]
    item: Literal["1", "2", "3", "4", "5", "6"]


class Written(msgspec.Struct, forbid_unknown_fields=True):
    """What is written, and the version that was seen; 0 where there was none."""

    seen: Annotated[int, msgspec.Meta(ge=0, le=2**53)]
    text: Annotated[str, msgspec.Meta(max_length=10_000)] | None = None
    grade: Grade | None = None


@get("/api/v1/workspace/{incident:str}/{kind:str}", name="api.workspace", opt=_READS)
async def read_thing(
    question: NamedDependency[Question], state: State, incident: FromPath[str], kind: FromPath[str]
) -> Shown:
    """Give one's delegation's draft, grade or note of an incident."""
    return workspace.read_thing(state.access, question.viewer, question.session, incident, _kind(kind))


@put("/api/v1/workspace/{incident:str}/{kind:str}", name="api.workspace.write", opt=_WRITES)
async def write_thing(
    question: NamedDependency[Question], state: State, incident: FromPath[str], kind: FromPath[str],
    data: JSONBody[Written],
) -> Shown:  # fmt: skip
    """Write one's delegation's draft, grade or note of an incident in the place of the version that was seen."""
    value: Any = data.grade if _kind(kind) == "grade" else data.text
    if value is None or (data.grade is not None and data.text is not None):
        raise InputError("workspace.value", "a grade has a grade, a draft and a note have a text", where=kind)
    question.centre.one("incidents", incident, question.viewer)
    return workspace.write_thing(
        state.access, question.viewer, question.session, incident, kind, msgspec.to_builtins(value), data.seen
    )


@get("/api/v1/workspace", name="api.workspace.state", opt=_READS)
async def standing(question: NamedDependency[Question], state: State) -> dict[str, str]:
    """Say how the workspace stands in this session: open, locked, or waiting for another officer."""
    found = workspace.state_of(state.access, question.viewer, question.session)
    if found == "none":
        raise ForbiddenError("access.reads", f"the role '{question.viewer.role.name}' has no workspace")
    return {"state": found, "fingerprint": workspace.own_fingerprint(state.access, question.viewer)}


def _kind(kind: str) -> str:
    if kind not in workspace.KINDS:
        raise InputError(
            "api.none", f"there is no '{kind[:20]}' in a workspace", todo=f"use {', '.join(workspace.KINDS)}"
        )
    return kind


ROUTES = (read_thing, write_thing, standing)
"""Every route of this module."""
