"""Rounds, and the positions that sides sign: the service takes in what was signed elsewhere, and signs nothing for anybody."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Response
from msgspec import Struct

from truceline.app import shapes
from truceline.core.access import ForbiddenError
from truceline.core.errors import ConflictError, InputError
from truceline.core.release import DELEGATIONS
from truceline.ledger.keys import decode_base64
from truceline.ledger.signing import SignedStatement, open_statement
from truceline.serve.asking import Question
from truceline.serve.needs import does, reads

_TAKEN = frozenset({"commitment", "position", "determination"})
_ACT = {"commitment": "seal", "position": "seal", "determination": "propose"}


class Signed(Struct, forbid_unknown_fields=True):
    """What a side hands over: the signed entry and its payload, each as base64 of its bytes."""

    note: str
    payload: str


@get("/api/v1/rounds", name="api.rounds", opt=reads("rounds"))
async def rounds(question: NamedDependency[Question]) -> Response[bytes]:
    """List the rounds of determination, as they stand at the moment asked for."""
    question.centre.check(question.viewer, "rounds")
    found = [one for some in question.centre.rounds(question.known_at).values() for one in some]
    return Response(shapes.encode({"items": found, "after": None}), media_type="application/json")


@get("/api/v1/rounds/{id_:str}/desk", name="api.desk", opt=does("seal"))
async def desk(question: NamedDependency[Question], id_: FromPath[str]) -> dict[str, Any]:
    """Give what a side's page needs to sign a step of a round, or to propose one about an incident."""
    letter = question.viewer.side
    if letter not in DELEGATIONS or not question.viewer.may_do("seal"):
        raise ForbiddenError("access.seal", "only officers of a delegation give positions")
    return question.centre.desk_of_side(letter, question.viewer.role.rank, id_)


@post("/api/v1/positions", name="api.positions.take", opt=does("seal"))
async def take(question: NamedDependency[Question], data: JSONBody[Signed]) -> dict[str, Any]:
    """Take in a signed step of a round; what it brings about is written at once."""
    try:
        signed = SignedStatement(decode_base64(data.note), decode_base64(data.payload))
        opened = open_statement(signed)
    except InputError as error:
        raise InputError(
            "api.statement", error.what, where="note", todo="send what the side's key signed"
        ) from error
    kind = opened.leaf.type
    if kind not in _TAKEN or not question.viewer.may_do(_ACT[kind]):
        raise ForbiddenError("access.act", f"the role '{question.viewer.role.name}' hands over no {kind}")
    if opened.payload["owner"] != question.viewer.side:
        raise ForbiddenError("access.owner", "a statement is handed over by its own delegation")
    taken = await question.centre.take(signed)
    if taken.why:
        raise ConflictError("determine.refused", taken.why, where=opened.leaf.id)
    return {"entry": taken.index, "id": opened.leaf.id}
