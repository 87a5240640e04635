"""The order of the work, from what comes in to what goes out. A new reader starts here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from truceline.app import editions, outputs, recording
from truceline.app.wiring import World, items_of, open_store, papers_of
from truceline.assess import assess
from truceline.collect import collect
from truceline.collect.copies import tie_copies
from truceline.core.addresses import StoreAddress
from truceline.extract import extract
from truceline.link import link
from truceline.picture import picture


def run(
    world: World,
    inboxes: Iterable[Path],
    out: Path,
    *,
    known_at: datetime | None,
    accepted_only: bool,
    say: outputs.Progress,
    store: StoreAddress | None = None,
) -> outputs.Outcome:
    """Take inboxes through every stage and write what came of it; the same inputs give the same bytes.

    Args:
        world: The mission and what reads and publishes for it.
        inboxes: Folders or files; they replace the packaged inbox.
        out: The folder to write to; its store is made, or gone on with.
        known_at: As known then; None takes everything, items without a date included.
        accepted_only: Whether only claims count that a person accepted.
        say: Told the stage and the thing at hand.
        store: The store; None is ``store.db`` in the folder.

    Returns:
        What came of it, in figures.
    """
    mission = world.mission
    # collect: raw items -> reports
    collected = collect(items_of(inboxes, lambda name: say("collect", name)), world.knowledge)
    # extract: texts -> claims; a text tells its own date, so only now is it known which copy came first
    read = [extract(report, world.readers) for report in outputs.told(collected.reports, say)]
    known = [item for item in read if known_at is None or (item.report.known_at or editions.LATE) <= known_at]
    reports = tie_copies(item.report for item in known)
    copies = frozenset(report.id for report in reports if report.copy_of)
    claims = tuple(claim for item in known for claim in item.claims)
    moment = known_at or editions.last_moment(mission, reports)
    asked: outputs.Asked = {"known_at": known_at, "accepted_only": accepted_only, "copies": copies}
    # link: claims about one happening -> one incident
    incidents = link(claims, mission, **asked)
    # assess: instruments, claims, incidents -> status of every obligation
    statuses = assess(mission, claims, incidents, valid_at=moment, **asked)
    # picture: all of it at (valid time, known time)
    drawn = picture(mission, claims, incidents, statuses, valid_at=moment, **asked)
    made = outputs.Run(moment, reports, claims, incidents, statuses, drawn, collected.rejected, asked)
    # record: what was received and what was derived; the read models follow from it alone
    say("record", f"{len(reports)} reports")
    opened = open_store(store or out / "store.db")
    head = recording.record(opened, mission, reports, collected.evidence, outputs.derived(made), moment)
    # publish: status -> pages, paper, files; every word and mark has passed the release gate
    say("publish", "pages and paper")
    leaving = editions.editions(editions.view(world, made, head))
    papers = papers_of(leaving)
    head = recording.record_papers(opened, mission, papers, head, moment)
    outputs.write(out, opened, made, leaving, papers)
    return outputs.Outcome(made, head)
