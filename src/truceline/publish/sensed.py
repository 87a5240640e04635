"""Feeds and alerts, every string ready."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from truceline.core.feeds import OCCASIONS, SEVERITIES, SILENT, AlertRule, Feed, Fence
from truceline.core.names import name_in
from truceline.core.sensed import Alert, FeedState
from truceline.publish.desk import Desk
from truceline.publish.tokens import ltr
from truceline.publish.watch import ALERTS, QueueRow, age_of

SENSED = "sensed"
"""The group of the queue that alerts of sensors stand in."""
_LONG = 12
COUNTED = ("received", "decoded", "refused", "late", "dropped")
"""What a feed counts, in the order in which it is shown."""


Rules = Mapping[str, Fence | AlertRule | Feed]
"""What alerts name: fences, rules and feeds, by their slugs."""


@dataclass(frozen=True, slots=True)
class ShownFeed:
    """A feed.

    Args:
        id: Its slug.
        title: Its name.
        format: The format's name.
        state: Key of its state.
        says: Its state in words.
        counts: Figures in the order of `COUNTED`.
        last: When something came last, or empty.
        offset: How far its clock is ahead, or empty.
        n_tracks: Tracks that it shows.
        n_peers: Open connections.
        address: Where it is listened at, or whom it calls.
        owner: Whose it is.
        notes: What happened to connections and messages, the newest first.
        is_illustrative: Whether it was made up.
        is_handed_in: Whether files are handed in for it here.
    """

    id: str
    title: str
    format: str
    state: str
    says: str
    counts: tuple[str, ...]
    last: str
    offset: str
    n_tracks: str
    n_peers: str
    address: str
    owner: str
    notes: tuple[str, ...]
    is_illustrative: bool
    is_handed_in: bool


@dataclass(frozen=True, slots=True)
class ShownAlert:
    """An alert.

    Args:
        id: Its id.
        title: What crossed which fence.
        when: When.
        where: Where, with its error.
        line: Severity, height, probability.
        raw: SHA-256 of the message that it rests on.
        seen: Who acknowledged it and when, or empty.
    """

    id: str
    title: str
    when: str
    where: str
    line: str
    raw: str
    seen: str


def feeds_of(desk: Desk, feeds: Iterable[FeedState]) -> list[ShownFeed]:
    """Write feeds out."""
    words, tokens = desk.words, desk.tokens
    found = list[ShownFeed]()
    for one in feeds:
        offset = (
            "" if one.offset_s is None else words.say("console.feeds.seconds", n=ltr(f"{one.offset_s:+.1f}"))
        )
        host = one.feed.address.rpartition(":")[0]
        address = f"{host}:{one.port}" if one.port else one.feed.address.partition("?")[0]
        found.append(
            ShownFeed(
                one.feed.id, name_in(one.feed.names, words.language), one.feed.format, one.state,
                words.say(f"console.feeds.state.{one.state}"),
                tuple(tokens.figure(getattr(one.counts, name)) for name in COUNTED),
                "" if one.last_at is None else tokens.clock(one.last_at), offset, tokens.figure(one.n_tracks),
                tokens.figure(one.n_peers), ltr(address), one.feed.owner,
                tuple(ltr(note) for note in reversed((*one.notes, *one.refusals)))[:8], one.feed.illustrative,
                one.feed.address.startswith("api:"),
            )
        )  # fmt: skip
    return found


def alerts_shown(desk: Desk, alerts: Iterable[Alert], rules: Rules, now: datetime) -> list[ShownAlert]:
    """Write alerts out.

    Args:
        desk: In whose words.
        alerts: The alerts.
        rules: What they name.
        now: The time: an alert that waits too long counts for more.

    Returns:
        The alerts, in the order in which they came.
    """
    words, tokens = desk.words, desk.tokens
    found = list[ShownAlert]()
    for one in alerts:
        facts = [words.say(f"console.feeds.severity.{_risen(one, rules, now)}")]
        if one.height_m is not None:
            facts.append(words.say("console.feeds.height", n=tokens.distance(one.height_m)))
        if one.way not in OCCASIONS:
            facts.append(words.say("console.feeds.p", n=tokens.figure(min(99, int(one.p * 100)))))
        if one.movement and one.way not in OCCASIONS:
            facts.append(words.say("console.feeds.notified", who=tokens.ident(shortened(one.movement))))
        seen = ""
        if one.by and one.seen_at:
            seen = words.say("console.feeds.seen", who=tokens.ident(one.by), when=tokens.clock(one.seen_at))
        found.append(
            ShownAlert(
                one.id, title_of_alert(desk, one, rules), tokens.instant(one.at),
                tokens.coordinate(one.lon, one.lat, 2 * one.sigma_m),
                " · ".join(facts), one.raw_sha256, seen,
            )
        )  # fmt: skip
    return found


def title_of_alert(desk: Desk, alert: Alert, rules: Rules) -> str:
    """Say what happened."""
    words = desk.words
    rule = rules.get(alert.feed if alert.way == SILENT else alert.rule)
    area = name_in(rule.names, words.language) if rule else alert.rule
    who = desk.tokens.ident(shortened(alert.name)) if alert.name else words.say("console.feeds.nameless")
    return words.say(f"console.feeds.way.{alert.way}", who=who, area=area)


def _risen(alert: Alert, rules: Rules, now: datetime) -> str:
    rule = rules.get(alert.rule)
    return alert.risen(0.0 if rule is None or isinstance(rule, Feed) else rule.escalate_after_s, now)


def alert_rows(desk: Desk, alerts: Iterable[Alert], rules: Rules, now: datetime) -> list[QueueRow]:
    """Put the alerts that nobody has acknowledged into the queue: the gravest first, and of these the newest."""
    rows = list[tuple[int, QueueRow]]()
    for one in alerts:
        if one.by:
            continue
        severity = _risen(one, rules, now)
        row = QueueRow(
            id=one.id, tab=ALERTS, group=SENSED, mark="", title=title_of_alert(desk, one, rules),
            time=desk.tokens.clock(one.at), line=desk.words.say(f"console.feeds.severity.{severity}"),
            language=desk.words.language, urgency=one.at.timestamp(), age=age_of(desk, one.at, now),
            severity=severity,
        )  # fmt: skip
        rows.append((SEVERITIES.index(severity), row))
    return [row for _, row in sorted(rows, key=lambda pair: -pair[0])]


def shortened(name: str) -> str:
    """Return a name with its middle left out where it is long, as ids of objects are."""
    return name if len(name) <= _LONG else f"{name[:4]}…{name[-4:]}"
