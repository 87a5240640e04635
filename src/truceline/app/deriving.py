"""Links, statuses, counters and features anew after people acted: in a thread of its own, written as batches.

A small store is worked out at once, a large one when acts have paused for a moment. What is concluded for the lists rests
on what both delegations may have: an item that one side keeps to itself leaves no trace in what the other is shown.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from hashlib import sha256
from time import monotonic

from truceline.app import shapes
from truceline.app.acts import Plan
from truceline.app.editions import last_moment
from truceline.app.folding import thing_of
from truceline.app.outputs import Asked
from truceline.app.projecting import CONCLUDED
from truceline.app.recording import batch
from truceline.app.wiring import Store
from truceline.app.writing import ACT_TYPES, Writer
from truceline.assess import assess
from truceline.core.claims import Claim
from truceline.core.errors import TrucelineError
from truceline.core.mission import Mission
from truceline.core.release import JOINT, PUBLIC
from truceline.core.reports import Report
from truceline.ledger.entry import parse_payload
from truceline.ledger.log import RecordItem
from truceline.link import link
from truceline.picture import picture

SMALL = 5_000
"""Claims up to which conclusions are drawn at once."""
PAUSE_S = 2.0
"""How long acts must pause before they are drawn from a larger store."""

_SHARED = frozenset({JOINT, PUBLIC})
_LOG = logging.getLogger("truceline")


def conclude(store: Store, mission: Mission) -> dict[str, bytes]:
    """Draw conclusions from the reports and claims of a store that both delegations may have.

    Args:
        store: An open store.
        mission: The pack.

    Returns:
        Name of a batch -> its JSONL.
    """
    reports = tuple(
        shapes.revive(value, Report)
        for value in store.models.list("reports")
        if value["release"] in _SHARED and "struck" not in value
    )
    there = {report.id for report in reports}
    claims = tuple(
        claim
        for text in store.models.texts("claims")
        if (claim := shapes.decode(text.encode(), Claim)).release in _SHARED and claim.report in there
    )
    copies = frozenset(report.id for report in reports if report.copy_of)
    asked: Asked = {"known_at": None, "accepted_only": False, "copies": copies}
    moment = last_moment(mission, reports)
    incidents = link(claims, mission, **asked)
    statuses = assess(mission, claims, incidents, valid_at=moment, **asked)
    drawn = picture(mission, claims, incidents, statuses, valid_at=moment, **asked)
    return {
        "incidents": shapes.lines(incidents),
        "obligations": shapes.lines(statuses),
        "counters": shapes.lines(drawn.counters),
        "features": shapes.lines(drawn.features["features"]),
    }


class Deriver:
    """Draws conclusions in a thread of its own whenever reports or claims have changed.

    Args:
        open_store: Opens the store; called in the deriver's thread.
        mission: The pack.
        writer: Writes the batches.
    """

    def __init__(self, open_store: Callable[[], Store], mission: Mission, writer: Writer) -> None:
        self._open_store = open_store
        self._mission = mission
        self._writer = writer
        self._is_due = threading.Event()
        self._settled = threading.Condition()
        self._n_asked, self._n_drawn = 1, 0
        self._is_closing = False
        self._thread = threading.Thread(target=self._run, name="deriver", daemon=True)
        self.n_derived, self.last_s = 0, 0.0

    def start(self) -> None:
        """Begin, with what a stopped service still owed."""
        self._is_due.set()
        self._thread.start()

    def close(self) -> None:
        """End; what is still owed is drawn at the next start."""
        self._is_closing = True
        self._is_due.set()
        self._thread.join(timeout=30)

    def told(self, items: Sequence[RecordItem]) -> None:
        """Hear of new entries; see `Writer`."""
        if any((thing := thing_of(item)) is not None and thing[0] in {"reports", "claims"} for item in items):
            with self._settled:
                self._n_asked += 1
            self._is_due.set()

    def settled(self, timeout_s: float = 30.0) -> bool:
        """Wait until all is drawn that is known; say whether it was in time."""
        with self._settled:
            return self._settled.wait_for(lambda: self._n_drawn == self._n_asked, timeout_s)

    def _run(self) -> None:
        store = self._open_store()
        while True:
            self._is_due.wait()
            if self._is_closing:
                return
            if store.models.count("claims") > SMALL:
                self._pause()
            self._is_due.clear()
            asked = self._n_asked
            try:
                self._derive(store)
            except TrucelineError as error:
                _LOG.warning("conclusions could not be drawn: %s", error)
            except Exception:  # noqa: BLE001 - the thread goes on; the log has it all
                _LOG.exception("conclusions could not be drawn")
            with self._settled:
                self._n_drawn = asked
                self._settled.notify_all()

    def _pause(self) -> None:
        """Wait until acts have paused, and leave the machine to others as long as the last time took."""
        until = monotonic() + max(PAUSE_S, self.last_s)
        while monotonic() < until and not self._is_closing:
            self._is_due.clear()
            self._is_due.wait(min(PAUSE_S, max(0.0, until - monotonic())))

    def _derive(self, store: Store) -> None:
        size = store.models.upto()
        if not size or not _is_owed(store):
            return
        began = monotonic()
        drawn = conclude(store, self._mission)
        plan = Plan(
            tuple(
                batch(self._mission, name, data, size, acts=size)
                for name, data in drawn.items()
                # the first one is always written: it says up to which act conclusions were drawn
                if name == CONCLUDED[0] or _last(store, name).get("sha256") != sha256(data).hexdigest()
            ),
            tuple(drawn.values()),
        )
        self.last_s = monotonic() - began
        self._writer.derived(plan).result(timeout=120)
        self.n_derived += 1


def _is_owed(store: Store) -> bool:
    """Say whether somebody acted since conclusions were drawn last.

    A run draws none from acts, and draws its own from everything, so that lists would tell of what one side keeps.
    """
    last = _last(store, CONCLUDED[0])
    drawn = int(str(last.get("acts", 0)))
    if not drawn and any(value["release"] not in _SHARED for value in store.models.list("reports")):
        return True
    for end in range(store.ledger.size(), drawn, -1000):
        for entry in reversed(list(store.ledger.entries(max(drawn, end - 1000), end))):
            if entry.type not in ACT_TYPES:
                continue
            blob = store.payloads.get(entry.payload_sha256)
            payload = None if blob is None else parse_payload(blob)
            thing = thing_of(RecordItem(entry.index, entry.type, entry.id, entry.round, payload))
            if thing is not None and thing[0] in {"reports", "claims"}:
                return True
    return False


def _last(store: Store, name: str) -> dict[str, object]:
    """Return the body of the last batch of a name."""
    key = ("batch", f"batch:{name}")
    rounds = store.ledger.rounds([key]).get(key, {})
    blob = store.payloads.get(rounds[max(rounds)][0]) if rounds else None
    body: dict[str, object] = {} if blob is None else parse_payload(blob)["body"]
    return body
