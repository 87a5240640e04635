"""Write docs/reference/rights.md: what each role reads and does, and which route answers it, as the program itself decides."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from truceline.app.wiring import load_rights, load_watched
from truceline.core.access import ACTS, ENTITIES, VISITOR, Need
from truceline.serve.needs import NEED, named_in
from truceline.serve.service import ROUTES

OUT = Path(__file__).resolve().parents[1] / "docs" / "reference" / "rights.md"
HEAD = """# Who may read and do what

The policy is data: `src/truceline/data/rights.toml`. A role is given a share of the items, reads some entities and does some acts.
Within an entity the release gate decides item by item and field by field: owner, release mark, realm, delay and coarseness are one
predicate of every query, and what a role's share lacks does not exist for it (404, never 403). Written by `make docs`; a test asks
every route in every role and holds this page to the answers.

`public` is whoever has not signed in. A program's token reads and does what its owner chose, at most what its owner's role reaches;
routes marked *own* want a session and no token. Reading of what is marked *watched* is written down: who, when, which thing, never what
stood there; heads see the lines of their own side, the protection officer all but those of workspaces.
"""
YES, NO = "✓", "·"


def reference() -> str:
    """Return the whole page."""
    rights = load_rights()
    roles = list(rights)
    watched = load_watched()
    parts = [HEAD, "## Shares\n"]
    parts += table(
        ["role", "share", "rank in a round"],
        ([name, one.receives, one.rank or "–"] for name, one in rights.items()),
    )
    parts += ["\n## Reads\n"]
    parts += table(
        ["entity", *roles],
        ([f"{entity}{' (watched)' if entity in watched else ''}", *(mark(entity in rights[role].reads) for role in roles)] for entity in ENTITIES),
    )  # fmt: skip
    parts += ["\n## Acts\n"]
    parts += table(
        ["act", *roles], ([act, *(mark(act in rights[role].does) for role in roles)] for act in ACTS)
    )
    parts += [
        "\n## Routes\n",
        "`·` is 403, or 401 to a visitor.\n",
    ]
    parts += table(["route", "needs", *roles], routes(roles))
    return "\n".join(parts) + "\n"


def routes(roles: list[str]) -> Iterator[list[str]]:
    """Walk the routes.

    Args:
        roles: The roles, in the order of the columns.

    Yields:
        Method and path, need, and a mark for each role.
    """
    rights = load_rights()
    for handler in ROUTES:
        need: Need = handler.opt[NEED]
        for path in sorted(handler.paths):
            entity = named_in(path) if need.reads == "*" else ""
            answers = [
                need.allows(rights[role], is_signed_in=role != VISITOR, named=entity) for role in roles
            ]
            methods = ", ".join(sorted(handler.http_methods))
            yield [f"`{methods} {path}`", said(need, entity), *map(mark, answers)]


def said(need: Need, entity: str) -> str:
    """Say a need in few words."""
    words = [f"reads {entity or need.reads}"] if need.reads else []
    words += [f"does {need.does}"] if need.does else []
    words += ["own"] if need.is_own else []
    words += ["open"] if need.is_open else []
    words += ["or this machine itself"] if need.is_local else []
    return ", ".join(words)


def mark(is_so: bool) -> str:
    """Return the sign of yes or no."""
    return YES if is_so else NO


def table(head: list[str], rows: Iterable[list[str]]) -> list[str]:
    """Return the lines of a table."""
    out = [f"| {' | '.join(head)} |", f"|{'---|' * len(head)}"]
    return [*out, *(f"| {' | '.join(row)} |" for row in rows)]


def main() -> int:
    """Write the page."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    OUT.write_text(reference(), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
