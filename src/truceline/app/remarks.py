"""What a person should hear about a run beyond what was refused: unread languages, dates that look wrong, slugs unknown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from truceline.app.outputs import Run
from truceline.core.mission import Mission
from truceline.core.release import CENTRE

_ALONE = timedelta(days=366)
"""An item known more than a year after all others moves the whole run's moment: its date is asked about."""


def remarks(run: Run, mission: Mission) -> Iterator[str]:
    """Give one sentence for each thing worth a look; nothing is left out of the run for it.

    Args:
        run: What the stages gave.
        mission: The pack.

    Yields:
        Sentences: what, where, what to do.
    """
    unread = Counter(report.language for report in run.reports if report.read_state == "not read yet")
    if unread:
        listed = ", ".join(f"{code} {count}" for code, count in sorted(unread.items()))
        yield f"{sum(unread.values())} items are kept but not read yet ({listed})"
    undated = [report.doc for report in run.reports if report.known_at is None]
    if undated:
        yield f"{len(undated)} items have no date and are in no picture of a moment: {_few(undated)} (give it in manifest.jsonl)"
    known = sorted((report.known_at, report.doc) for report in run.reports if report.known_at)
    if len(known) > 1 and known[-1][0] - known[-2][0] > _ALONE:
        yield f"{known[-1][1]} is dated more than a year after all others: is its date right?"
    sources = {source.id for source in mission.sources}
    strange = sorted(
        {report.source for report in run.reports if report.source and report.source not in sources}
    )
    if strange:
        yield f"sources that the pack does not know: {_few(strange)} (add them to sources.yaml)"
    owners = {
        CENTRE,
        *(word for d in mission.delegations for word in (d.id, d.letter)),
        *(p.id for p in mission.parties),
        *(o.id for o in mission.offices),
    }
    foreign = sorted({report.owner for report in run.reports if report.owner not in owners})
    if foreign:
        yield f"owners that the pack does not know: {_few(foreign)}"


def _few(words: list[str]) -> str:
    return ", ".join(words[:3]) + (f" and {len(words) - 3} more" if len(words) > 3 else "")
