"""Setting an account up by its link: a password, then one-time codes or a passkey. The same steps add one later."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response
from litestar.status_codes import HTTP_303_SEE_OTHER

from truceline.app.half_way import HalfWay
from truceline.app.setting_up import SettingUp
from truceline.app.wiring import picture_of_address
from truceline.core.access import ForbiddenError
from truceline.core.errors import TrucelineError
from truceline.serve.asking import Asked, Question
from truceline.serve.console.doors import JSON, door, go, home_of, let_in
from truceline.serve.cookies import HALF_WAY, SESSION, put_cookie, read_cookie
from truceline.serve.forms import read_form
from truceline.serve.needs import nothing


@get("/set-up/{word:str}", name="set-up", opt=nothing())
async def page_set_up(
    request: Asked, question: NamedDependency[Question], state: State, word: FromPath[str]
) -> Response[Any]:
    """Show the form for a password; looking at it uses nothing up."""
    return choosing(request, question, state, word)


def choosing(
    request: Asked, question: Question, state: State, word: str, error: TrucelineError | None = None
) -> Response[Any]:
    """Lay out the form for a password, with what was wrong."""
    setting_up: SettingUp = state.setting_up
    account = setting_up.account(word)
    return door(
        request, question, "set_up.html.j2", error, account=account, least=state.access.rules.least,
        is_delegations=bool(question.centre.rights[account.role].rank),
    )  # fmt: skip


@post("/set-up/{word:str}", name="set-up.choose", opt=nothing(), status_code=HTTP_303_SEE_OTHER)
async def choose(
    request: Asked, question: NamedDependency[Question], state: State, word: FromPath[str]
) -> Response[Any]:
    """Take the password."""
    form = (await read_form(request, "password", "again")).one
    setting_up: SettingUp = state.setting_up
    try:
        half = await asyncio.to_thread(setting_up.choose, word, form["password"], form["again"])
    except ForbiddenError:
        raise
    except TrucelineError as error:
        return choosing(request, question, state, word, error)
    answer = go("/set-up/second")
    put_cookie(answer, HALF_WAY, half, is_secure=state.is_secure)
    return answer


@get("/set-up/second", name="set-up.second", opt=nothing())
async def page_second(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Show the secret of the codes, as a picture and as text, and the way to a passkey."""
    return enrolling(request, question, state)


def enrolling(
    request: Asked, question: Question, state: State, error: TrucelineError | None = None
) -> Response[Any]:
    """Lay out the second step, with what was wrong."""
    setting_up: SettingUp = state.setting_up
    word = read_cookie(request, HALF_WAY)
    half = setting_up.half_way(word)
    can_have_passkey = half.kind != "code" and state.access.ceremony.is_possible(request.url.hostname or "")
    return door(
        request, question, "enrol.html.j2", error, number=half.number, secret=setting_up.secret_text(word),
        has_code=half.kind != "passkey", can_have_passkey=can_have_passkey,
    )  # fmt: skip


@get("/set-up/qr.svg", name="set-up.picture", opt=nothing())
async def picture(request: Asked, state: State) -> Response[bytes]:
    """Give the secret of the codes as a picture, to whoever is half way."""
    setting_up: SettingUp = state.setting_up
    drawn = picture_of_address(setting_up.secret_address(read_cookie(request, HALF_WAY)))
    return Response(drawn, media_type="image/svg+xml")


@post("/set-up/second", name="set-up.code", opt=nothing(), status_code=HTTP_303_SEE_OTHER)
async def by_code(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Take the first code."""
    form = (await read_form(request, "code")).one
    setting_up: SettingUp = state.setting_up
    try:
        half = setting_up.by_code(read_cookie(request, HALF_WAY), form["code"])
    except ForbiddenError:
        raise
    except TrucelineError as error:
        return enrolling(request, question, state, error)
    answer = go(_next(state, half))
    _begin(request, state, half, answer)
    return answer


@post("/set-up/passkey/options", name="set-up.passkey.ask", opt=nothing(), status_code=200)
async def ask_passkey(request: Asked, state: State) -> Response[str]:
    """Ask the browser for a new passkey."""
    setting_up: SettingUp = state.setting_up
    return Response(
        setting_up.ask_passkey(read_cookie(request, HALF_WAY), request.url.hostname or ""), media_type=JSON
    )


@post("/set-up/passkey", name="set-up.passkey", opt=nothing(), status_code=200)
async def by_passkey(request: Asked, state: State) -> Response[dict[str, str]]:
    """Take the new passkey."""
    setting_up: SettingUp = state.setting_up
    given = (await request.body()).decode("utf-8", "replace")
    half = setting_up.by_passkey(read_cookie(request, HALF_WAY), request.url.hostname or "", given)
    answer = Response({"to": _next(state, half)})
    _begin(request, state, half, answer)
    return answer


def _next(state: State, half: HalfWay) -> str:
    return home_of(state.access.viewer(half.number)) if half.kind == "set_up" else "/account"


def _begin(request: Asked, state: State, half: HalfWay, answer: Response[Any]) -> None:
    """Begin the session of a new account; one that added something goes on in its own."""
    if half.kind == "set_up":
        setting_up: SettingUp = state.setting_up
        agent = request.headers.get("user-agent", "")
        let_in(request, answer, setting_up.begin(half, agent, read_cookie(request, SESSION)))
    else:
        put_cookie(answer, HALF_WAY, "", is_secure=state.is_secure)


ROUTES = (page_set_up, choose, page_second, picture, by_code, ask_passkey, by_passkey)
"""Every route of this module."""
