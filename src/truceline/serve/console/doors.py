"""The doors of the service: signing in by number and password, then a code or a passkey; signing out; whether it is well."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect, Response
from litestar.status_codes import HTTP_303_SEE_OTHER

from truceline.app.access import Access
from truceline.app.demo_officers import begin_demo, demo_number
from truceline.app.signing_in import SigningIn
from truceline.core.access import ForbiddenError, Viewer
from truceline.core.errors import TrucelineError
from truceline.serve.answers import headers_of, status_of
from truceline.serve.asking import Asked, Question, address_of, asker_of
from truceline.serve.console.frame import Frame, frame_of, page
from truceline.serve.cookies import HALF_WAY, SESSION, put_cookie, read_cookie
from truceline.serve.forms import read_form
from truceline.serve.needs import nothing

JSON = "application/json"


def say_error(frame: Frame, error: TrucelineError) -> str:
    """Say an error in the words of the page's language; English where the catalogue does not know it."""
    seconds = str(error.facts.get("seconds", ""))
    return frame.words.say_or(f"console.access.error.{error.code.replace('.', '_')}", str(error), n=seconds)


def door(
    request: Asked, question: Question, template: str, error: TrucelineError | None = None, **values: object
) -> Response[str]:
    """Lay out a page of the doors, with what went wrong.

    Args:
        request: The request.
        question: What was asked.
        template: A file of ``data/console``.
        error: What went wrong; None where nothing did.
        values: What the page shows.

    Returns:
        The page, with the status of the error.
    """
    frame = frame_of(question, "sign_in")
    answer = page(frame, template, problem=say_error(frame, error) if error else "", **values)
    if error is not None:
        answer.status_code = status_of(request, error)
        answer.headers.update(headers_of(error))
    return answer


def go(to: str) -> Redirect:
    """Send a browser to an address of ours."""
    return Redirect(to, status_code=HTTP_303_SEE_OTHER)


def home_of(viewer: Viewer | None) -> str:
    """Return where somebody begins: the watch, or what else the role is there for."""
    return "/accounts" if viewer is not None and not viewer.may_read("incidents") else "/"


def let_in(request: Asked, answer: Response[Any], token: str) -> None:
    """Give a browser its session, and take the half-way word away."""
    is_secure = request.app.state.is_secure
    put_cookie(answer, SESSION, token, is_secure=is_secure)
    put_cookie(answer, HALF_WAY, "", is_secure=is_secure)


@get("/sign-in", name="sign-in", opt=nothing())
async def page_sign_in(request: Asked, question: NamedDependency[Question]) -> Response[str]:
    """Show the form for number and password."""
    return door(request, question, "sign_in.html.j2", number="")


@post("/sign-in", name="sign-in.begin", opt=nothing(), status_code=HTTP_303_SEE_OTHER)
async def begin(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Take number and password."""
    form = (await read_form(request, "number", "password")).one
    signing_in: SigningIn = state.signing_in
    try:
        word = await asyncio.to_thread(
            signing_in.begin, form["number"], form["password"], address_of(request)
        )
    except TrucelineError as error:
        return door(request, question, "sign_in.html.j2", error, number=form["number"][:20])
    answer = go("/sign-in/second")
    put_cookie(answer, HALF_WAY, word, is_secure=state.is_secure)
    return answer


@get("/sign-in/second", name="sign-in.second", opt=nothing())
async def page_second(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Show the form for the second step."""
    return second(request, question, state)


def second(
    request: Asked, question: Question, state: State, error: TrucelineError | None = None
) -> Response[Any]:
    """Lay out the second step, or send back to the first where it took too long."""
    signing_in: SigningIn = state.signing_in
    try:
        account = signing_in.account(read_cookie(request, HALF_WAY))
    except ForbiddenError as late:
        return door(request, question, "sign_in.html.j2", error or late, number="")
    has_passkeys = bool(account.n_passkeys) and state.access.ceremony.is_possible(request.url.hostname or "")
    return door(
        request, question, "second.html.j2", error, has_code=account.has_code, has_passkeys=has_passkeys
    )


@post("/sign-in/second", name="sign-in.code", opt=nothing(), status_code=HTTP_303_SEE_OTHER)
async def by_code(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Take the one-time code; the session begins."""
    form = (await read_form(request, "code")).one
    signing_in: SigningIn = state.signing_in
    try:
        token = signing_in.by_code(
            read_cookie(request, HALF_WAY), form["code"], address_of(request), request.headers.get("user-agent", ""),
            read_cookie(request, SESSION),
        )  # fmt: skip
    except TrucelineError as error:
        return second(request, question, state, error)
    answer = go(home_of(_viewer(request, state, token)))
    let_in(request, answer, token)
    return answer


@post("/sign-in/passkey/options", name="sign-in.passkey.ask", opt=nothing(), status_code=200)
async def ask_passkey(request: Asked, state: State) -> Response[str]:
    """Ask the browser for a signature by a passkey."""
    signing_in: SigningIn = state.signing_in
    return Response(
        signing_in.ask_passkey(read_cookie(request, HALF_WAY), request.url.hostname or ""), media_type=JSON
    )


@post("/sign-in/passkey", name="sign-in.passkey", opt=nothing(), status_code=200)
async def by_passkey(request: Asked, state: State) -> Response[dict[str, str]]:
    """Take the passkey's signature; the session begins."""
    signing_in: SigningIn = state.signing_in
    token = signing_in.by_passkey(
        read_cookie(request, HALF_WAY), request.url.hostname or "", (await request.body()).decode("utf-8", "replace"),
        address_of(request), request.headers.get("user-agent", ""), read_cookie(request, SESSION),
    )  # fmt: skip
    answer = Response({"to": home_of(_viewer(request, state, token))})
    let_in(request, answer, token)
    return answer


@get("/sign-in/{word:str}", name="sign-in.link", opt=nothing())
async def by_link(request: Asked, state: State, word: FromPath[str]) -> Redirect:
    """Sign an officer of a demo in by the link that the service printed; no other realm has such links."""
    access: Access = state.access
    number = demo_number(access, word)
    if number is None:
        raise ForbiddenError("access.link", "this link was used or is too old", todo="ask for another one")
    token = await asyncio.to_thread(
        begin_demo, access, number, request.headers.get("user-agent", ""), read_cookie(request, SESSION)
    )
    answer = Redirect("/")
    let_in(request, answer, token)
    return answer


@post("/sign-out", name="sign-out", opt=nothing(), status_code=HTTP_303_SEE_OTHER)
async def sign_out(request: Asked, state: State) -> Redirect:
    """End the session; the browser forgets what it kept of it."""
    access: Access = state.access
    asker = asker_of(request)
    if asker.session is not None:
        access.end(asker.session.key)
        access.note(asker.viewer, "signed_out")
    answer = go("/sign-in")
    put_cookie(answer, SESSION, "", is_secure=state.is_secure)
    answer.headers["Clear-Site-Data"] = '"cache", "cookies"'
    return answer


@get("/healthz", name="health", opt=nothing())
async def health(question: NamedDependency[Question]) -> dict[str, object]:
    """Say that the service answers, and how large the record is."""
    return {"ok": True, "entries": question.centre.head().size}


def _viewer(request: Asked, state: State, token: str) -> Viewer | None:
    session = state.access.session(token, request.headers.get("user-agent", ""))
    viewer: Viewer | None = state.access.viewer(session.number) if session else None
    return viewer


ROUTES = (
    page_sign_in,
    begin,
    page_second,
    by_code,
    ask_passkey,
    by_passkey,
    by_link,
    sign_out,
    health,
)
"""Every route of this module."""
