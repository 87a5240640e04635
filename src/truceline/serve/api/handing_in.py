"""A file handed in at the console: every item in it becomes a report of its own; what is not taken is said line by line."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import islice
from typing import Literal

import msgspec
from litestar import post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import MultipartBody
from litestar.response import Response

from truceline.app.acts import Answer
from truceline.app.entering import Handed
from truceline.app.wiring import items_in
from truceline.collect.ports import Item
from truceline.core.errors import ConflictError, InputError
from truceline.ledger.entry import sha256_hex
from truceline.serve.api.acting import key_of
from truceline.serve.api.described import Acted
from truceline.serve.asking import Asked, Question
from truceline.serve.needs import does

MOST_FILE = 32 * 1024 * 1024
"""Bytes of a file at most; larger ones come in by ``truceline run`` beside the service."""
MOST_ITEMS = 500
"""Items of a file at most, for the same reason."""


@dataclass
class HandedBody:
    """A file of any kind that an inbox takes, and how far what is in it may travel at first."""

    file: UploadFile
    release: Literal["joint", "owner"] = "joint"


class Refused(msgspec.Struct):
    """An item that was not taken, or not read: its name, why, what to do."""

    file: str
    code: str
    what: str
    todo: str = ""


class Taken(msgspec.Struct):
    """What came of a file: an answer for each report that was made of it, a line for each item that was not taken."""

    taken: list[Answer]
    refused: list[Refused]


@post(
    "/api/v1/items",
    name="api.hand_in",
    opt=does("enter"),
    operation_class=Acted,
    request_max_body_size=MOST_FILE,
)
async def hand_in(
    request: Asked, question: NamedDependency[Question], data: MultipartBody[HandedBody]
) -> Response[Taken]:
    """Hand in a file, as an inbox takes it: each item in it becomes a report; what was not taken is said with its reason."""
    name, key = data.file.filename, key_of(request)
    content = await data.file.read()
    items = await asyncio.to_thread(lambda: list(islice(items_in(name, content), MOST_ITEMS + 1)))
    if len(items) > MOST_ITEMS:
        raise InputError(
            "items.many", f"the file holds more than {MOST_ITEMS} items", where=name[:80],
            todo="put it into an inbox and run: truceline run --mission M --inbox DIR",
        )  # fmt: skip
    told = Taken([], [])
    for item in items:
        if item.problem is not None:
            problem = item.problem
            told.refused.append(Refused(problem.file, problem.code, problem.why, problem.todo))
        if item.state in {"refused", "container"}:
            continue
        try:
            told.taken.append(await _written(question, item, data.release, key))
        except (InputError, ConflictError) as error:
            told.refused.append(Refused(item.file, error.code, error.what, error.todo))
    if not told.taken and len(told.refused) == 1:
        (only,) = told.refused
        raise InputError(only.code, only.what, where=only.file, todo=only.todo)
    return Response(told, status_code=201 if told.taken else 400)


async def _written(question: Question, item: Item, release: str, key: str) -> Answer:
    """Have one item written; with a key the same item of the same request counts once."""
    digest = sha256_hex(item.data)
    act = Handed(item, release)
    own = f"{key}/{digest[:32]}" if key else ""
    asked = f"{release}\n{item.file}\n{digest}".encode()
    return await asyncio.wrap_future(question.centre.acts().act(question.viewer, act, key=own, asked=asked))


ROUTES = (hand_in,)
