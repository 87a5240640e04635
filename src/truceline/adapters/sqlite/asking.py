"""The release gate as SQL: its predicate over single rows."""

from __future__ import annotations

from datetime import datetime

from truceline.core.release import marks_for
from truceline.core.rows import Recipient
from truceline.core.times import format_sortable


def sortable(value: datetime | None) -> str | None:
    """Write an instant so that the order of the texts is the order of the times; None stays."""
    return None if value is None else format_sortable(value)


def gate(recipient: Recipient) -> tuple[str, tuple[object, ...]]:
    """Say in SQL what `core.release.may_receive` says of one item, and hold back what is too new for the recipient.

    Args:
        recipient: Who the rows are put before.

    Returns:
        The predicate, and its values in order.

    Raises:
        InputError: The recipient is nobody known.
    """
    marks = marks_for(recipient.word)
    sql = f"realm = ? AND ({' OR '.join(f'{column} = ?' for column, _ in marks)})"
    values = (recipient.realm.value, *(word for _, word in marks))
    if recipient.known_by is None:
        return sql, values
    return f"{sql} AND known_at <= ?", (*values, sortable(recipient.known_by))
