"""Tables for people: widths that fit the terminal, words of the catalogue, nothing that only colour says."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from rich.console import Console
from rich.table import Table

from truceline.core.mission import Mission
from truceline.core.names import name_in
from truceline.core.obligations import ObligationStatus

_SIGNS = {
    "kept": "✓", "fulfilled_on_time": "✓", "fulfilled_late": "✓", "not_yet_due": "○", "due": "◔", "overdue": "!",
    "breached": "◆", "disputed": "≠", "not_observed": "?", "outside_mandate": "–", "superseded": "–", "expired": "–",
}  # fmt: skip
_WIDE = 120
"""Columns of a terminal from which all columns of the table fit."""


def console(*, stderr: bool = False) -> Console:
    """Return the terminal; NO_COLOR and pipes are honoured."""
    return Console(stderr=stderr, highlight=False, soft_wrap=False)


def print_table(head: Sequence[str], rows: Iterable[Sequence[str]], *, title: str | None = None) -> None:
    """Print a table, its title as a line of its own above it."""
    if title:
        console().print(title, style="bold")
    table = Table(*head, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*row)
    console().print(table)


def print_obligations(
    statuses: Iterable[ObligationStatus], mission: Mission, words: Callable[[str], str]
) -> None:
    """Print obligations: clause, what is owed, due dates with the replaced ones in brackets, status, by whom.

    Args:
        statuses: The obligations as assessed.
        mission: The pack, for the names.
        words: Status -> the catalogue's word for it.
    """
    names = {duty.id: name_in(duty.names, "en") for duty in mission.obligations}
    years = {instrument.id: instrument.dated_on[:4] for instrument in mission.instruments}
    parties = {party.id: name_in(party.names, "en") for party in mission.parties}
    is_wide = console().width >= _WIDE
    head = ["Clause", "Obligation", "Due", "Status", *(["Owed by", "By accepted claims"] if is_wide else [])]
    rows = []
    for status in statuses:
        old = [step.due for step in status.due_history[:-1]]
        due = (status.due or "—") + (f" (was {', '.join(old)})" if old else "")
        word = f"{_SIGNS[status.status]} {words(status.status)}"
        row = [f"{years[status.instrument]} §{status.clause}", names.get(status.id, status.id), due, word]
        if is_wide:
            other = status.accepted_would_be
            row.append(", ".join(parties.get(slug, slug) for slug in status.duty_bearer))
            row.append("same" if other is None else words(other.status))
        rows.append(row)
    print_table(head, rows)
