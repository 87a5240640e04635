"""The doors of the service: signing in and out, and whether it is well."""

from __future__ import annotations

from litestar import get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from truceline.core.access import ForbiddenError
from truceline.serve.asking import OPEN, Asked, Question
from truceline.serve.sessions import COOKIE, Sessions


@get("/sign-in/{word:str}", name="sign-in", opt={OPEN: True})
async def sign_in(state: State, word: FromPath[str]) -> Redirect:
    """Sign in by a word that was handed over; it works once."""
    sessions: Sessions = state.sessions
    token = sessions.open(word)
    if token is None:
        raise ForbiddenError("access.link", "this link was used or is too old", todo="ask for another one")
    answer = Redirect("/")
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/")
    return answer


@post("/sign-out", name="sign-out", opt={OPEN: True})
async def sign_out(request: Asked, state: State) -> Redirect:
    """End the session."""
    sessions: Sessions = state.sessions
    sessions.close(request.cookies.get(COOKIE, ""))
    answer = Redirect("/", status_code=303)
    answer.delete_cookie(COOKIE)
    return answer


@get("/healthz", name="health", opt={OPEN: True})
async def health(question: NamedDependency[Question]) -> dict[str, object]:
    """Say that the service answers, and how large the record is."""
    return {"ok": True, "entries": question.centre.head().size}
