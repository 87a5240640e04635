"""One's own account: sessions, password, second steps, tokens of programs, and the key of the delegation's workspace."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar import get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Response
from litestar.status_codes import HTTP_303_SEE_OTHER

from truceline.app import workspace
from truceline.app.access import Access
from truceline.app.setting_up import SettingUp
from truceline.app.signing_in import SigningIn
from truceline.core.errors import InputError, TrucelineError
from truceline.serve.answers import headers_of, status_of
from truceline.serve.asking import Asked, Question, address_of
from truceline.serve.console.doors import go, say_error
from truceline.serve.console.frame import frame_of, page
from truceline.serve.cookies import HALF_WAY, put_cookie
from truceline.serve.forms import read_form
from truceline.serve.needs import own


@get("/account", name="account", opt=own())
async def page_account(request: Asked, question: NamedDependency[Question], state: State) -> Response[str]:
    """Show one's own account."""
    return own_page(request, question, state)


def own_page(
    request: Asked, question: Question, state: State, error: TrucelineError | None = None, token: str = ""
) -> Response[str]:
    """Lay out one's own account, with what was wrong, or with a token that is shown once."""
    access: Access = state.access
    viewer, frame = question.viewer, frame_of(question, "account")
    kept = access.people.get(viewer.number)
    standing = workspace.state_of(access, viewer, question.session)
    answer = page(
        frame, "account.html.j2", problem=say_error(frame, error) if error else "", token=token, account=kept,
        sessions=[
            (one.key[:16], one.agent, frame.tokens.known(one.begun_at), frame.tokens.known(one.seen_at), one.key == question.session)
            for one in access.sessions.of(viewer.number)
        ],
        programs=[(one, frame.tokens.known(one.until)) for one in access.sessions.tokens(viewer.number)],
        passkeys=[one.id.hex() for one in access.people.passkeys(viewer.number)],
        standing=standing, fingerprint=workspace.own_fingerprint(access, viewer),
        waiting=workspace.waiting_for(access, viewer) if standing == "open" else [],
        reads=sorted(viewer.role.reads), does=sorted(viewer.role.does), least=access.rules.least,
        days=access.rules.token_longest.days,
        languages=[(code, words.say("meta.name")) for code, words in question.centre.words.items()],
    )  # fmt: skip
    if error is not None:
        answer.status_code = status_of(request, error)
        answer.headers.update(headers_of(error))
    return answer


@post("/account/password", name="account.password", opt=own(), status_code=HTTP_303_SEE_OTHER)
async def change_password(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Change the password; all other sessions end."""
    form = (await read_form(request, "old", "password", "again")).one
    signing_in: SigningIn = state.signing_in
    try:
        if form["password"] != form["again"]:
            raise InputError("password.differs", "the two passwords differ", todo="type it twice the same")
        await asyncio.to_thread(
            signing_in.change_password, question.viewer.number, form["old"], form["password"], address_of(request),
            question.session,
        )  # fmt: skip
    except TrucelineError as error:
        return own_page(request, question, state, error)
    return go("/account")


@post("/account/language", name="account.language", opt=own(), status_code=HTTP_303_SEE_OTHER)
async def set_language(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Keep the language of the interface."""
    code = (await read_form(request, "language")).one["language"]
    if code and code not in state.languages:
        raise InputError("account.language", f"there are no words for '{code[:10]}'")
    access: Access = state.access
    access.people.set_language(question.viewer.number, code)
    return go("/account")


@post("/account/end", name="account.end", opt=own(), status_code=HTTP_303_SEE_OTHER)
async def end_sessions(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """End one other session of one's own, or all others; the password is asked for again."""
    form = (await read_form(request, "session", "password")).one
    access: Access = state.access
    try:
        await _own(request, question, state, form["password"])
    except TrucelineError as error:
        return own_page(request, question, state, error)
    for one in access.sessions.of(question.viewer.number):
        if one.key != question.session and form["session"] in {"all", one.key[:16]}:
            access.end(one.key)
            access.note(question.viewer, "session_ended", thing=question.viewer.number)
    return go("/account")


@post("/account/second", name="account.second", opt=own(), status_code=HTTP_303_SEE_OTHER)
async def add_second(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Begin to add one-time codes or a passkey; the password is asked for again."""
    form = (await read_form(request, "kind", "password")).one
    setting_up: SettingUp = state.setting_up
    try:
        if form["kind"] not in {"code", "passkey"}:
            raise InputError(
                "account.kind", "this is no second step", where="kind", todo="use code or passkey"
            )
        own_key, private = await _own(request, question, state, form["password"])
    except TrucelineError as error:
        return own_page(request, question, state, error)
    answer = go("/set-up/second")
    word = setting_up.add(form["kind"], question.viewer.number, own_key, private)
    put_cookie(answer, HALF_WAY, word, is_secure=state.is_secure)
    return answer


@post("/account/drop", name="account.drop", opt=own(), status_code=HTTP_303_SEE_OTHER)
async def drop_second(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Take a passkey or the codes away, never the last second step; the password is asked for again."""
    form = (await read_form(request, "which", "password")).one
    access: Access = state.access
    number = question.viewer.number
    try:
        await _own(request, question, state, form["password"])
        account = access.people.get(number)
        if account.has_code + account.n_passkeys < 2:
            raise InputError("account.last", "this is the last second step", todo="add another one first")
        there = {one.id.hex(): one.id for one in access.people.passkeys(number)}
        if form["which"] == "code":
            access.people.set_code(number, None, 0)
        elif form["which"] in there:
            access.people.drop_passkey(number, there[form["which"]])
        else:
            raise InputError("passkey.none", "there is no such second step")
    except TrucelineError as error:
        return own_page(request, question, state, error)
    access.end_all(number, question.session)
    access.note(question.viewer, "second_dropped", thing=number)
    return go("/account")


@post("/account/token", name="account.token", opt=own(), status_code=200)
async def make_token(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Make a token for a program; it is shown once. The password is asked for again."""
    form = await read_form(request, "days", "password", several=("reads", "does"))
    access: Access = state.access
    days = form.one["days"]
    try:
        await _own(request, question, state, form.one["password"])
        scope = (frozenset(form.several["reads"]), frozenset(form.several["does"]))
        token, kept = access.make_token(
            question.viewer, *scope, int(days) if days.isdecimal() and len(days) < 5 else 0
        )
    except TrucelineError as error:
        return own_page(request, question, state, error)
    access.note(question.viewer, "token_made", thing=kept.id)
    return own_page(request, question, state, token=token)


@post("/account/token/drop", name="account.token.drop", opt=own(), status_code=HTTP_303_SEE_OTHER)
async def drop_token(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Take a token away."""
    id_ = (await read_form(request, "token")).one["token"]
    access: Access = state.access
    access.sessions.drop_token(question.viewer.number, id_)
    access.note(question.viewer, "token_dropped", thing=id_)
    return go("/account")


@post("/account/unlock", name="account.unlock", opt=own(), status_code=HTTP_303_SEE_OTHER)
async def unlock(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Unlock the workspace in a session that has outlived the service; the password is asked for again."""
    form = (await read_form(request, "password")).one
    access: Access = state.access
    try:
        _, private = await _own(request, question, state, form["password"])
    except TrucelineError as error:
        return own_page(request, question, state, error)
    access.keys[question.session] = private
    workspace.enter_workspace(access, question.viewer, private)
    return go("/account")


@post("/account/give", name="account.give", opt=own(), status_code=HTTP_303_SEE_OTHER)
async def give_key(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Wrap the key of the workspace for another officer of one's own side."""
    form = (await read_form(request, "number", "fingerprint")).one
    try:
        workspace.give_key(
            state.access, question.viewer, question.session, form["number"], form["fingerprint"]
        )
    except TrucelineError as error:
        return own_page(request, question, state, error)
    return go("/account")


async def _own(request: Asked, question: Question, state: State, password: str) -> tuple[bytes, bytes]:
    signing_in: SigningIn = state.signing_in
    number, address = question.viewer.number, address_of(request)
    return await asyncio.to_thread(signing_in.check_own_password, number, password, address)


ROUTES = (
    page_account,
    change_password,
    set_language,
    end_sessions,
    add_second,
    drop_second,
    make_token,
    drop_token,
    unlock,
    give_key,
)
"""Every route of this module."""
