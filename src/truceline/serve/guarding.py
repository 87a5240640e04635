"""The guard before every route: is the asker let in, does a change come from our own page, is this reading written down."""

from __future__ import annotations

import hmac
import ipaddress
from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from truceline.core.access import ENTITIES, ForbiddenError, Need
from truceline.serve.asking import Asker, address_of, asker_of
from truceline.serve.needs import NEED, named_in

CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
"""Methods that change nothing."""
_FORM = "application/x-www-form-urlencoded"


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let a request through to its route, or refuse it.

    Args:
        connection: The request.
        handler: The route.

    Raises:
        ForbiddenError: Nobody is signed in, the role does not reach that far, or it does not come from a page of ours.
    """
    need: Need | None = handler.opt.get(NEED)
    if need is None:
        raise ForbiddenError("access.undeclared", "this route says not what it needs", where=str(handler))
    if isinstance(connection, Request) and connection.method not in SAFE:
        check_origin(connection)
    if need.is_local and is_local(connection):
        return
    asker = asker_of(connection)
    named = named_in(connection.scope["path"]) if need.reads == "*" else ""
    if not need.allows(
        asker.viewer.role, is_signed_in=asker.viewer.is_signed_in, by_token=asker.by_token, named=named
    ):
        raise refused(connection, asker, need, named)
    if isinstance(connection, Request) and connection.method not in SAFE:
        await check_token(connection, asker)
    entity = named if need.reads == "*" else need.reads
    if entity and asker.viewer.is_signed_in:
        # which thing, never what was searched for: words of a search may say more than the thing
        thing = "/".join(str(value) for value in connection.path_params.values())
        came = "token" if asker.by_token else "page"
        connection.app.state.access.note_read(asker.viewer, entity, thing, came)


def is_local(connection: ASGIConnection[Any, Any, Any, Any]) -> bool:
    """Say whether a request comes from this machine itself; behind a proxy its word alone counts, and silence says no."""
    if connection.app.state.is_behind_proxy and "x-forwarded-for" not in connection.headers:
        return False
    try:
        return ipaddress.ip_address(address_of(connection)).is_loopback
    except ValueError:
        return False


def refused(
    connection: ASGIConnection[Any, Any, Any, Any], asker: Asker, need: Need, named: str
) -> ForbiddenError:
    """Write a refusal down and return what is answered.

    Args:
        connection: The request.
        asker: Who asks.
        need: What the route needs.
        named: The entity that the address names, or empty.

    Returns:
        The error: 401 to nobody in particular, 403 to the wrong role.
    """
    viewer = asker.viewer
    if not viewer.is_signed_in:
        return ForbiddenError("access.sign_in", "sign in first", where=connection.url.path, todo="/sign-in")
    what = named or need.reads or need.does or "account"
    connection.app.state.access.note(
        viewer, "refused", entity=what if what in ENTITIES else "", thing="" if what in ENTITIES else what
    )
    if need.does:
        return ForbiddenError("access.does", f"the role '{viewer.role.name}' may not do that: {need.does}")
    if need.is_own and asker.by_token:
        return ForbiddenError("access.token", "a token does not reach this", todo="sign in")
    return ForbiddenError(
        "access.reads", f"the role '{viewer.role.name}' does not read {what.replace('*', 'this')}"
    )


def check_origin(request: Request[Any, Any, Any]) -> None:
    """Refuse a change that another site's page asks for.

    Args:
        request: The request.

    Raises:
        ForbiddenError: The browser says that it comes from elsewhere.
    """
    state, site = request.app.state, request.headers.get("sec-fetch-site")
    origin, host = request.headers.get("origin"), request.headers.get("host", "")
    ours = f"{'https' if state.is_secure else 'http'}://{host}"
    if site not in {None, "same-origin", "none"} or (origin is not None and origin.lower() != ours.lower()):
        raise ForbiddenError(
            "access.origin", "this does not come from a page of ours", todo="use the centre's own pages"
        )


async def check_token(request: Request[Any, Any, Any], asker: Asker) -> None:
    """Refuse a change in a session that does not bear the session's own word; a program's token needs none.

    Args:
        request: The request.
        asker: Who asks.

    Raises:
        ForbiddenError: The word is missing or another session's.
    """
    if asker.session is None:
        return
    given = request.headers.get(CSRF_HEADER, "")
    if not given and request.headers.get("content-type", "").partition(";")[0].strip().lower() == _FORM:
        given = str((await request.form()).get(CSRF_FIELD, ""))
    if not hmac.compare_digest(given.encode("utf-8", "replace"), asker.csrf.encode()):
        raise ForbiddenError(
            "access.csrf", "the page is too old for this", todo="load it again, then try again"
        )
