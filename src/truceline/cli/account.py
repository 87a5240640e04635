"""``truceline account``: who may sign in at a centre, by number; nobody's name is asked for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from truceline.core.addresses import parse_store
from truceline.core.errors import InputError
from truceline.core.release import Realm

if TYPE_CHECKING:
    from truceline.app.access import Access


@click.group("account")
def command() -> None:
    """Add, list, shut and set up accounts.

    The file access.db lies beside the store. Changes count at once, in a service that runs too.

    \b
    Examples:
      truceline account add A:0417 --role duty --side A --store sqlite:///out/karabakh-2020/store.db
      truceline account reset A:0417 --store sqlite:///out/karabakh-2020/store.db
    """  # noqa: D301


_store = click.option(
    "--store", required=True, metavar="URL", help="The centre's store, sqlite:///FILE; or access.db itself."
)
_address = click.option(
    "--address",
    default="http://localhost:8460",
    show_default=True,
    metavar="URL",
    help="Where the service answers, for links.",
)


@command.command("add")
@click.argument("number")
@click.option("--role", required=True, metavar="ROLE", help="See docs/reference/rights.md.")
@click.option("--side", default="", metavar="A|B|party:SLUG", help="For officers of a delegation or a party.")
@click.option("--language", default="", metavar="CODE", help="Language of the interface; else the browser's.")
@_store
@_address
def add(number: str, role: str, side: str, language: str, store: str, address: str) -> None:
    """Add an account and print its set-up link."""
    from truceline.app.accounts import add_account  # noqa: PLC0415

    account, word = add_account(_open(store), number, role, side, language, None, "command")
    click.echo(f"{account.number} sets up, once: {address}/set-up/{word}")


@command.command("list")
@_store
def list_(store: str) -> None:
    """Print every account: number, role, side, how it stands, sessions."""
    access = _open(store)
    for one in access.people.everybody():
        stands = "shut" if one.is_disabled else "ready" if one.is_ready else "waits for its set-up"
        click.echo(
            f"{one.number}\t{one.role}\t{one.side or '-'}\t{stands}\t{len(access.sessions.of(one.number))}"
        )


@command.command("disable")
@click.argument("number")
@_store
def disable(number: str, store: str) -> None:
    """Shut an account; its sessions and tokens end at once."""
    from truceline.app.accounts import shut_account  # noqa: PLC0415

    shut_account(_open(store), number, None, "command")
    click.echo(f"{number} is shut")


@command.command("enable")
@click.argument("number")
@_store
def enable(number: str, store: str) -> None:
    """Open an account again."""
    from truceline.app.accounts import shut_account  # noqa: PLC0415

    shut_account(_open(store), number, None, "command", is_disabled=False)
    click.echo(f"{number} is open")


@command.command("reset")
@click.argument("number")
@_store
@_address
def reset(number: str, store: str, address: str) -> None:
    """Take away all that an account signs in with and print a new set-up link.

    An officer's access to the delegation's workspace is lost too, until another officer of the same delegation gives it again.
    """
    from truceline.app.accounts import reset_account  # noqa: PLC0415

    word = reset_account(_open(store), number, None, "command")
    click.echo(f"{number} sets up, once: {address}/set-up/{word}")


def _open(store: str) -> Access:
    from truceline.app.access import FILE, open_access  # noqa: PLC0415 - people sign in only where it is served

    named = parse_store(store).file
    if named is None:
        raise InputError(
            "account.store",
            "accounts are no part of a database on a server",
            todo=f"name the file itself: --store out/MISSION/{FILE}",
        )
    file = named if named.name == FILE else named.parent / FILE
    if not file.parent.is_dir():
        raise InputError(
            "account.store", "there is no such folder", where=str(file.parent), todo="name the centre's store"
        )
    # no verb here asks what realm it is: roles and links are the same in each
    return open_access(file, Realm.LIVE, lambda: datetime.now(UTC))
