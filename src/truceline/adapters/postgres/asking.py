"""The release gate as SQL of PostgreSQL: its predicate over single rows; and words as its index takes them."""

from __future__ import annotations

from truceline.core.filters import split_words
from truceline.core.release import marks_for
from truceline.core.rows import Recipient


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
    sql = f"realm = %s AND ({' OR '.join(f'{column} = %s' for column, _ in marks)})"
    values = (recipient.realm.value, *(word for _, word in marks))
    if recipient.known_by is None:
        return sql, values
    return f"{sql} AND known_at <= %s", (*values, recipient.known_by)


def lexemes(words: str) -> str:
    """Write the words of a row as a ``tsvector``; they hold letters and digits alone, so nothing needs to be escaped."""
    return " ".join(f"'{word}'" for word in split_words(words))


def prefixes(words: str) -> str:
    """Ask for rows with all words, each by its beginning, as a ``tsquery``; empty where there is no word in them."""
    return " & ".join(f"'{word}':*" for word in split_words(words))
