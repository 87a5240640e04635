"""Find the agency that a text carries, in the words it credits: dateline, byline and footer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from truceline.core.names import name_in
from truceline.core.parties import Source
from truceline.core.reports import Segment

_CREDITS = frozenset({"dateline", "byline", "footer"})


def publisher_of(slug: str | None, sources: Mapping[str, Source]) -> str | None:
    """Return the English name of a source of the pack; None where the pack does not know it."""
    source = sources.get(slug or "")
    return None if source is None else name_in(source.names, "en") or None


def wire_of(text: str, segments: Iterable[Segment], sources: Mapping[str, Source]) -> str | None:
    """Return the agency whose text an item carries.

    Args:
        text: The item's text.
        segments: Its runs.
        sources: The pack's sources, by slug.

    Returns:
        The agency's slug; None where no agency, or more than one, is credited.
    """
    credit = " ".join(text[one.start : one.end] for one in segments if one.kind in _CREDITS)
    if not credit:
        return None
    found = [slug for slug in sorted(sources) if sources[slug].wire and _is_named(sources[slug], credit)]
    return found[0] if len(found) == 1 else None


def _is_named(source: Source, credit: str) -> bool:
    forms = (form.text for forms in source.names.values() for form in forms)
    return any(re.search(rf"(?<!\w){re.escape(form)}(?!\w)", credit) for form in forms)
