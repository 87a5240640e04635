"""Alerts: what happened at a fence, to positions, to a movement or to a feed, written down at once; and an officer's word that it was seen."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from truceline.app.acts import Desk, Plan, recipient_of
from truceline.app.wiring import Store
from truceline.core.errors import InputError
from truceline.core.feeds import SEVERITIES, SILENT, AlertRule, Feed, Fence, Happening
from truceline.core.ids import identify
from truceline.core.mission import Mission
from truceline.core.release import may_receive
from truceline.core.sensed import Alert
from truceline.core.times import ValidAt, from_epoch, parse_instant
from truceline.ledger.entry import Statement, parse_payload, sha256_hex
from truceline.ledger.log import RecordItem

RAISED, ACKNOWLEDGED = "alert", "acknowledged"
_RAISED = frozenset({RAISED, "crossing"})
"""Steps that raise an alert; the second is how they were called when there were fences alone."""
TYPES = frozenset({"track", "exposure"})
"""Types of entries that alerts stand in."""
MOST = 500
"""Alerts that are held; older ones stand in the record."""


class AlertBook:
    """What the record says of alerts, folded from its entries in their order; a rebuild and a running service say the same."""

    def __init__(self) -> None:
        self._alerts: dict[str, Alert] = {}
        self._last: dict[tuple[str, str], datetime] = {}

    def take(self, item: RecordItem) -> None:
        """Take an entry; those of other types are passed over."""
        if item.type not in TYPES or item.payload is None:
            return
        body = item.payload["body"]
        if body.get("step") in _RAISED:
            self._add(item)
        elif (
            body.get("step") == ACKNOWLEDGED
            and (held := self._alerts.get(str(body["alert"])))
            and not held.by
        ):
            officer = str((item.payload.get("by") or {}).get("officer", ""))
            seen_at = parse_instant(str(item.payload["known_at"]))
            self._alerts[held.id] = replace(held, by=officer, seen_at=seen_at)

    def _add(self, item: RecordItem) -> None:
        payload = item.payload or {}
        body = payload["body"]
        at = from_epoch(int(body["at_us"]))
        alert = Alert(
            str(body["alert"]), str(body["feed"]), str(body.get("rule") or body["fence"]), item.id, str(body["name"]), at,
            body["lon_e7"] / 1e7, body["lat_e7"] / 1e7, body["sigma_mm"] / 1000,
            None if body["height_mm"] is None else body["height_mm"] / 1000, body["p_e6"] / 1e6, str(body["way"]),
            str(body["severity"]), str(body["raw_sha256"]), str(payload["owner"]), str(payload["release"]),
            str(body.get("movement", "")),
        )  # fmt: skip
        self._alerts[alert.id] = alert
        self._last[alert.rule, alert.name or alert.track] = at
        while len(self._alerts) > MOST:
            del self._alerts[next(iter(self._alerts))]

    def newest(self) -> list[Alert]:
        """Return the alerts, the newest first."""
        return sorted(self._alerts.values(), key=lambda one: (one.at, one.id), reverse=True)

    def is_cooling(self, rule: Fence | AlertRule, what: Happening, at: datetime) -> bool:
        """Say whether the same fence or rule told of the same thing a short while ago: signs of one deceit are one alert."""
        last = self._last.get((rule.id, what.name or what.track))
        return last is not None and at - last < timedelta(seconds=rule.cool_down_s)


def raised(
    mission: Mission, feed: Feed, what: Happening, raw: bytes, book: AlertBook, now: datetime
) -> Plan | None:
    """Make the entry of a happening.

    Args:
        mission: The pack.
        feed: The feed that it rests on.
        what: What happened.
        raw: The message that it was seen in; empty where it is that none came.
        book: The alerts that stand.
        now: The time: what is handed in late is known late.

    Returns:
        What is to be written; None where no rule tells of it, and where the same was told a short while ago.
    """
    rules = [mission.fence(what.rule)] if what.rule else mission.alerts
    rule = next((one for one in rules if what.way in one.ways), None)
    at_us = round(what.at_s * 1e6)
    at = from_epoch(at_us)
    if rule is None or book.is_cooling(rule, what, at):
        return None
    # what was notified is known, and still written: that it came is a fact too
    severity = SEVERITIES[0] if what.movement and what.rule else rule.severity
    body = {
        "step": RAISED, "feed": feed.id, "rule": rule.id, "way": what.way, "name": what.name,
        "alert": identify("alert", {"track": what.track, "rule": rule.id, "way": what.way, "at_us": at_us}),
        "at_us": at_us, "lon": what.lon, "lat": what.lat, "p": what.p,
        "sigma_mm": round(what.sigma_m * 1e3), "severity": severity, "movement": what.movement,
        "height_mm": None if what.height_m is None else round(what.height_m * 1e3),
        "raw_sha256": sha256_hex(raw) if raw else "",
    }  # fmt: skip
    settings = mission.settings
    statement = Statement(
        type="exposure" if what.way == SILENT else "track", id=what.track, mission=settings.id,
        realm=settings.realm, body=body, owner=feed.owner, release=feed.release, known_at=now,
        known_basis="received", valid_at=ValidAt(at, None, "instant", "explicit"), by={"stage": "detect"},
    )  # fmt: skip
    return Plan((statement,))


@dataclass(frozen=True)
class Acknowledge:
    """An officer's word that an alert was seen.

    Args:
        alert: Its id.
    """

    alert: str
    right = "watch"

    @property
    def touches(self) -> frozenset[str]:
        """The alert."""
        return frozenset({self.alert})

    def plan(self, desk: Desk) -> Plan:
        """Write it once; whoever comes later is told that it was seen."""
        book = AlertBook()
        for item in recorded(desk.store, TYPES):
            book.take(item)
        found = next((one for one in book.newest() if one.id == self.alert), None)
        if found is None or not _may(found, desk):
            raise InputError("api.none", "there is no such alert", where=self.alert[:80])
        if found.by:
            raise InputError("alert.seen", f"{found.by} has acknowledged it", where=self.alert)
        body = {"step": ACKNOWLEDGED, "alert": found.id}
        return Plan((desk.state("track", found.track, body, release=found.release),))


def recorded(store: Store, types: Collection[str]) -> Iterator[RecordItem]:
    """Give the entries of some types with what they say, in their order; those whose payload is gone are passed over."""
    for entry in store.ledger.typed(types):
        if (blob := store.payloads.get(entry.payload_sha256)) is not None:
            yield RecordItem(entry.index, entry.type, entry.id, entry.round, parse_payload(blob))


def _may(alert: Alert, desk: Desk) -> bool:
    who = recipient_of(desk.viewer, desk.settings, desk.now)
    realm = desk.settings.realm
    return may_receive(who.word, owner=alert.owner, release=alert.release, realm=who.realm, of_realm=realm)
