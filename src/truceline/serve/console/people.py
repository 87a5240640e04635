"""Accounts for the technician, and the audit for heads and the protection officer."""

from __future__ import annotations

from typing import Any

from litestar import get, post
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Response
from litestar.status_codes import HTTP_303_SEE_OTHER

from truceline.app.access import Access
from truceline.app.accounts import add_account, reset_account, shut_account
from truceline.core.access import VISITOR
from truceline.core.errors import InputError, TrucelineError
from truceline.core.times import format_instant
from truceline.serve.answers import headers_of, status_of
from truceline.serve.asking import Asked, Question
from truceline.serve.console.doors import go, say_error
from truceline.serve.console.frame import frame_of, page
from truceline.serve.forms import read_form
from truceline.serve.needs import own_does, own_reads

_LINES = 100


@get("/accounts", name="accounts", opt=own_reads("accounts"))
async def page_accounts(request: Asked, question: NamedDependency[Question], state: State) -> Response[str]:
    """Show every account: number, role, side, how it stands; nothing of what its owner keeps."""
    return listing(request, question, state)


def listing(
    request: Asked,
    question: Question,
    state: State,
    error: TrucelineError | None = None,
    link: str = "",
    number: str = "",
) -> Response[str]:
    """Lay out the accounts, with what was wrong, or with a set-up link that is shown once."""
    access: Access = state.access
    frame = frame_of(question, "accounts")
    answer = page(
        frame, "accounts.html.j2", problem=say_error(frame, error) if error else "", link=link, number=number,
        hours=str(int(access.rules.set_up.total_seconds() // 3600)),
        accounts=[(one, len(access.sessions.of(one.number))) for one in access.people.everybody()],
        roles=[name for name in access.rights if name != VISITOR],
        sides=["A", "B", *(party.id for party in question.centre.world.mission.parties)],
        languages=[(code, words.say("meta.name")) for code, words in question.centre.words.items()],
    )  # fmt: skip
    if error is not None:
        answer.status_code = status_of(request, error)
        answer.headers.update(headers_of(error))
    return answer


@post("/accounts", name="accounts.add", opt=own_does("manage_accounts"), status_code=200)
async def add(request: Asked, question: NamedDependency[Question], state: State) -> Response[str]:
    """Add an account; its set-up link is shown once."""
    form = (await read_form(request, "number", "role", "side", "language")).one
    try:
        account, word = add_account(
            state.access,
            form["number"].strip(),
            form["role"],
            form["side"],
            form["language"],
            question.viewer,
            "page",
        )
    except TrucelineError as error:
        return listing(request, question, state, error)
    return listing(request, question, state, link=_link(request, word), number=account.number)


@post("/accounts/reset", name="accounts.reset", opt=own_does("manage_accounts"), status_code=200)
async def reset(request: Asked, question: NamedDependency[Question], state: State) -> Response[str]:
    """Take away all that an account signs in with; a new set-up link is shown once."""
    number = (await read_form(request, "number")).one["number"]
    try:
        word = reset_account(state.access, number, question.viewer, "page")
    except TrucelineError as error:
        return listing(request, question, state, error)
    return listing(request, question, state, link=_link(request, word), number=number)


@post("/accounts/shut", name="accounts.shut", opt=own_does("manage_accounts"), status_code=HTTP_303_SEE_OTHER)
async def shut(request: Asked, question: NamedDependency[Question], state: State) -> Response[Any]:
    """Shut an account, open it again, or end its sessions."""
    form = (await read_form(request, "number", "how")).one
    access: Access = state.access
    try:
        if form["how"] not in {"disable", "enable", "end"}:
            raise InputError("account.how", "this is nothing to do with an account", where="how")
        if form["how"] == "end":
            access.people.get(form["number"])
            access.end_all(form["number"], question.session)
            access.note(question.viewer, "session_ended", thing=form["number"])
        else:
            is_disabled = form["how"] == "disable"
            shut_account(access, form["number"], question.viewer, "page", is_disabled=is_disabled)
    except TrucelineError as error:
        return listing(request, question, state, error)
    return go("/accounts")


@get("/audit", name="audit", opt=own_reads("audit"))
async def page_audit(question: NamedDependency[Question], state: State) -> Response[str]:
    """Show who signed in, changed an account or read something sensitive."""
    frame = frame_of(question, "audit")
    lines = state.access.audit(question.viewer, _before(question), _LINES)
    rows = [(deed, frame.tokens.known(deed.at)) for _, deed in lines]
    more = lines[-1][0] if len(lines) == _LINES else 0
    return page(frame, "audit.html.j2", rows=rows, more=more)


@get("/audit.json", name="audit.json", opt=own_reads("audit"))
async def audit_twin(question: NamedDependency[Question], state: State) -> dict[str, Any]:
    """Give what the page of the audit shows."""
    lines = state.access.audit(question.viewer, _before(question), _LINES)
    items = [
        {"at": format_instant(deed.at), "number": deed.number, "deed": deed.deed, "entity": deed.entity,
         "thing": deed.thing, "came": deed.came}
        for _, deed in lines
    ]  # fmt: skip
    return {"items": items, "after": str(lines[-1][0]) if len(lines) == _LINES else None}


@get("/accounts.json", name="accounts.json", opt=own_reads("accounts"))
async def accounts_twin(state: State) -> dict[str, Any]:
    """Give what the page of the accounts shows."""
    return {"items": state.access.people.everybody(), "after": None}


def _before(question: Question) -> int:
    text = question.query.get("after", "")
    return int(text) if text.isdecimal() and len(text) < 16 else 0


def _link(request: Asked, word: str) -> str:
    scheme = "https" if request.app.state.is_secure else "http"
    return f"{scheme}://{request.headers.get('host', '')}/set-up/{word}"


ROUTES = (page_accounts, add, reset, shut, page_audit, audit_twin, accounts_twin)
"""Every route of this module."""
