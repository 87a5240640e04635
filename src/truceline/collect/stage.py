"""Make reports of items: identity, provenance, dates, language, segments, copies; refuse what cannot be one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from truceline.collect.copies import tie_copies
from truceline.collect.credits import publisher_of, wire_of
from truceline.collect.fields import read_given
from truceline.collect.languages import language_of
from truceline.collect.lines import classify
from truceline.collect.ports import CollectKnowledge, Item
from truceline.core.ids import ReportId, identify
from truceline.core.release import Realm
from truceline.core.reports import ReadState, Rejection, Report, known_from
from truceline.core.times import parse_known_at


@dataclass(frozen=True, slots=True)
class Collected:
    """What came of an inbox.

    Args:
        reports: By ``known_at`` (unknown last), then id; copies say what they copy.
        rejected: What was not taken, and why, by file.
        evidence: Hex SHA-256 -> bytes of every report and of what held them.
    """

    reports: tuple[Report, ...]
    rejected: tuple[Rejection, ...]
    evidence: Mapping[str, bytes]


def collect(items: Iterable[Item], knowledge: CollectKnowledge) -> Collected:
    """Turn items into reports, in whatever order they come.

    Args:
        items: What the adapters delivered.
        knowledge: What the mission knows beforehand.

    Returns:
        Reports, rejections and evidence; the same for any order of the items.
    """
    evidence: dict[str, bytes] = {}
    rejected: list[Rejection] = []
    taken: dict[ReportId, list[Report]] = {}
    for item in items:
        digest = hashlib.sha256(item.data).hexdigest()
        if item.problem is not None:
            rejected.append(item.problem)
        if item.state == "refused":
            continue
        if item.state == "container":
            evidence[digest] = item.data
            continue
        outcome = _report(item, digest, knowledge)
        if isinstance(outcome, Rejection):
            rejected.append(outcome)
            continue
        evidence[digest] = item.data
        taken.setdefault(outcome.id, []).append(outcome)
    kept = list(_once(taken, rejected))
    return Collected(
        reports=tie_copies(kept),
        rejected=tuple(sorted(rejected, key=lambda one: (one.file, one.where, one.code, one.why))),
        evidence=dict(sorted(evidence.items())),
    )


def _once(taken: Mapping[ReportId, list[Report]], rejected: list[Rejection]) -> Iterator[Report]:
    """Keep one report an id, the earliest; say of the others that they came twice."""
    for same in taken.values():
        first, *others = sorted(same, key=_earliness)
        yield first
        rejected.extend(
            Rejection(
                other.doc,
                "input.duplicate",
                f"holds the same bytes from the same source as '{first.doc}', which was taken",
                "nothing; remove one of the two if you like",
            )
            for other in others
        )


def _earliness(report: Report) -> tuple[bool, str, str]:
    return (report.known_at is None, str(report.known_at or ""), report.doc)


def _report(item: Item, digest: str, knowledge: CollectKnowledge) -> Report | Rejection:
    given = read_given(item, knowledge)
    if isinstance(given, Rejection):
        return given
    text = item.text if item.state == "text" else None
    language = given.language or (language_of(text) if text else "und")
    segments = classify(text, knowledge.chrome) if text else ()
    report = Report(
        id=ReportId(identify("report", {"sha256": digest, "source": given.source})),
        doc=item.file,
        kind=item.extra.get("kind", "article") if item.state == "text" else "media",
        sha256=digest,
        size=len(item.data),
        media_type=item.media_type,
        encoding=item.encoding,
        language=language,
        text=text,
        segments=segments,
        read_state=_read_state(item, language, knowledge),
        source=given.source,
        publisher=given.publisher or publisher_of(given.source, knowledge.sources),
        wire=given.wire or (wire_of(text, segments, knowledge.sources) if text else None),
        title=given.title,
        url=given.url,
        publication=given.publication,
        received=given.received,
        valid_at=item.valid_at,
        position=item.position,
        realm=given.realm,
        owner=given.owner,
        release=given.release,
        extra=dict(sorted(item.extra.items())),
    )
    return _settle(report, knowledge)


def _read_state(item: Item, language: str, knowledge: CollectKnowledge) -> ReadState:
    if item.state == "needs reading":
        return "needs reading"
    if item.state == "kept":
        return "kept"
    return "readable" if language.split("-", maxsplit=1)[0] in knowledge.readable else "not read yet"


def _settle(report: Report, knowledge: CollectKnowledge) -> Report:
    """Settle when the mission could know it, as far as nothing in the text can still say otherwise."""
    if report.realm is Realm.LIVE:
        received = parse_known_at(report.received) if report.received else knowledge.now
        return replace(report, known_at=received, known_basis="received" if received else None)
    if report.publication is not None or report.read_state != "readable":
        return known_from(report, None)
    return report
