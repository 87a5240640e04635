"""The one writer of a running service: acts in, groups of entries on the disk, read models behind them, then answers.

Whatever comes while a group is being written waits and goes with the next one, so many acts share one flush. An act is
answered only when its entries are on the disk and the read models show them.
"""

from __future__ import annotations

import logging
import queue
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from time import monotonic
from typing import Any, TypeVar

from truceline.app.acts import ALONE, Act, Answer, Desk, Plan, answer_of
from truceline.app.determining import settle
from truceline.app.folding import CONSOLE, thing_of
from truceline.app.projecting import follow
from truceline.app.wiring import Store, World, cosign_demo, open_log
from truceline.core.access import ForbiddenError, Viewer
from truceline.core.errors import ConflictError, InputError, TrucelineError, UnavailableError
from truceline.core.lives import Forms
from truceline.core.release import Realm
from truceline.core.times import parse_instant
from truceline.ledger.entry import parse_payload
from truceline.ledger.log import Log, RecordItem, read_log
from truceline.ledger.store import MOVED

KEYS_LAST = timedelta(hours=24)
"""How long a request that comes again is given the same answer."""
ACT_TYPES = frozenset({"claim", "report", "notice", "correction", "disclosure"})

_LOG = logging.getLogger("truceline")
_MOST_AT_ONCE = 256
_IDLE_S = 0.25
_LISTEN_S = 1.0
"""How long the end of the service may wait for whoever listens to the store."""
_MOST_TOLD = 1_000
"""Entries of another process that are told one by one; whoever hears of the last looks at everything anew."""
_SETTLE_S = 5.0
"""How often it is looked whether a round's clock has run out."""
_SAME = timedelta(milliseconds=5)
"""A clock that stands still, or was set back by so little, tells acts apart all the same."""
_T = TypeVar("_T")
Told = Callable[[Sequence[RecordItem]], None]


@dataclass
class _Job:
    """Something to be written: an act of a viewer, entries that a machine derived, or work that writes by itself."""

    future: Future[Any]
    touches: frozenset[str]
    viewer: Viewer | None = None
    act: Act | None = None
    request: Mapping[str, str] = field(default_factory=dict)
    plan: Plan | None = None
    work: Callable[[Store], Any] | None = None


_WOKEN = _Job(Future(), frozenset())
"""Nothing to be written: another process wrote, which is followed at once."""


class Writer:
    """Writes in a thread of its own, with a store of its own.

    Args:
        open_store: Opens the store; called in the writer's thread.
        world: The mission and its readers.
        forms: What people may enter.
        clock: Tells the time.
    """

    def __init__(
        self, open_store: Callable[[], Store], world: World, forms: Forms, clock: Callable[[], datetime]
    ) -> None:
        self._open_store = open_store
        self._world = world
        self._forms = forms
        self._clock = clock
        self._told: list[Told] = []
        self._jobs: queue.Queue[_Job | None] = queue.Queue()
        self._waiting: list[_Job] = []
        self._keys: dict[str, tuple[str, int, datetime]] = {}
        self._last = datetime.min.replace(tzinfo=clock().tzinfo)
        self._log: Log | None = None
        self._cosigned = -1
        self._settle_at = 0.0
        self._told_to = 0
        self._is_closing = False
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._run, name="writer", daemon=True)
        self._listener = threading.Thread(target=self._listen, name="listener", daemon=True)
        self.n_acts, self.n_groups = 0, 0
        self.facts = 0
        """Place of the last entry that changed reports, claims or what follows from them."""

    def start(self) -> None:
        """Begin; returns at once."""
        self._thread.start()
        self._listener.start()

    def close(self) -> None:
        """Write what is waiting, then end."""
        self._jobs.put(None)
        self._thread.join(timeout=30)
        self._listener.join(timeout=_LISTEN_S + 1)

    def tell(self, told: Told) -> None:
        """Tell somebody of every entry once the read models follow it, in the writer's thread; before `start`."""
        self._told.append(told)

    def waiting(self) -> int:
        """Return how many things wait to be written."""
        return self._jobs.qsize() + len(self._waiting)

    def act(self, viewer: Viewer, act: Act, *, key: str = "", asked: bytes = b"") -> Future[Answer]:
        """Have an act written.

        Args:
            viewer: Who acts.
            act: The act.
            key: The request's own key, so that it counts once however often it comes; empty for none.
            asked: The request's body, so that a key is not taken for another request.

        Returns:
            What will hold the answer, or the error.

        Raises:
            ForbiddenError: The role does not do this.
        """
        if not viewer.is_signed_in or not viewer.may_do(act.right):
            raise ForbiddenError("access.does", f"the role '{viewer.role.name}' does not {act.right}")
        request = {}
        touches = act.touches
        if key:
            request = {"request": _digest(viewer.number, key), "asked": _digest(key, asked.decode("latin-1"))}
            touches |= {f"key:{request['request']}"}
        return self._put(_Job(Future(), touches, viewer, act, request))

    def derived(self, plan: Plan) -> Future[None]:
        """Have entries written that a machine derived."""
        return self._put(_Job(Future(), frozenset(), plan=plan))

    def alone(self, work: Callable[[Store], _T]) -> Future[_T]:
        """Have work done that writes to the record by itself, with the writer's store, between two groups."""
        return self._put(_Job(Future(), frozenset({ALONE}), work=work))

    def _put(self, job: _Job) -> Future[Any]:
        if self._is_closing:
            raise UnavailableError("write.closing", "the service is ending", todo="send it again")
        self._jobs.put(job)
        return job.future

    def _listen(self) -> None:
        """Wake the writer as soon as another process wrote, where the store tells; else the writer looks by itself."""
        store = self._open_store()
        try:
            while store.written is not None and not self._is_closing:
                try:
                    if store.written(_LISTEN_S):
                        self._jobs.put(_WOKEN)
                except UnavailableError:
                    self._ended.wait(
                        _LISTEN_S
                    )  # the server is away: the writer says so to whoever waits for it
        finally:
            store.close()

    def _run(self) -> None:
        store = self._open_store()
        self._told_to = store.models.upto()
        self._recall(store)
        while True:
            group = self._next_group()
            if group is None:
                break
            self._attempt(store, group)

    def _attempt(self, store: Store, group: list[_Job]) -> None:
        try:
            self._write(store, group) if group else self._rest(store)
        except Exception as error:  # noqa: BLE001 - whatever it was, the thread goes on and nobody waits for ever
            self._log = None
            if isinstance(error, InputError) and len(group) > 1:
                # told before anything was written: what one of them cannot be is no fault of the others
                for job in group:
                    self._attempt(store, [job])
                return
            _LOG.exception("a group could not be written")
            for job in group:
                _fail(job, error)

    def _next_group(self) -> list[_Job] | None:
        """Take what can be written together; an empty group where nothing came; None at the end."""
        if not self._waiting:
            try:
                self._came(self._jobs.get(timeout=_IDLE_S))
            except queue.Empty:
                return []
        while len(self._waiting) < _MOST_AT_ONCE:
            try:
                self._came(self._jobs.get_nowait())
            except queue.Empty:
                break
        if self._is_closing and not self._waiting:
            return None
        group, rest, touched = list[_Job](), list[_Job](), set[str]()
        for job in self._waiting:
            is_apart = bool(job.touches & touched) or (ALONE in job.touches and group) or ALONE in touched
            # what waits for one thing waits in its order
            touched |= job.touches
            (rest if is_apart else group).append(job)
        self._waiting = rest
        return [job for job in group if job.future.set_running_or_notify_cancel()]

    def _came(self, job: _Job | None) -> None:
        if job is None:
            self._is_closing = True
            self._ended.set()
        elif job is not _WOKEN:
            self._waiting.append(job)

    def _rest(self, store: Store) -> None:
        """Follow what another process wrote, end rounds whose clocks ran out, have a demo's witnesses cosign."""
        upto = store.models.upto()
        if upto != self._told_to or upto < store.ledger.size():
            self._log = None
            self._follow(store)
        if monotonic() > self._settle_at and store.ledger.size():
            self._settle_at = monotonic() + _SETTLE_S
            self._settle(store)
        size = store.ledger.size()
        if size and size != self._cosigned and self._world.mission.settings.realm is not Realm.LIVE:
            cosign_demo(store, self._world.mission, self._clock())
            self._cosigned = size

    def _settle(self, store: Store) -> None:
        try:
            if settle(store, self._world.mission, self._clock()):
                self._log = None
                self._follow(store)
        except InputError:
            return  # a record without a procedure has no rounds

    def _write(self, store: Store, group: list[_Job]) -> None:
        if group[0].work is not None:
            self._work(store, group[0])
            return
        try:
            self._commit(store, group)
        except ConflictError as error:
            if error.code != MOVED:
                raise
            self._log = None  # another process wrote in between: what it wrote is followed first
            self._commit(store, group)

    def _work(self, store: Store, job: _Job) -> None:
        self._log = None
        try:
            result = job.work(store) if job.work else None
        except TrucelineError as error:
            job.future.set_exception(error)
            return
        finally:
            self._follow(store)
        job.future.set_result(result)

    def _commit(self, store: Store, group: list[_Job]) -> None:
        if self._log is None:
            self._log = open_log(store, self._world.mission)
            self._follow(store)
            self._recall(store)
        plans = [(job, plan) for job in group if (plan := self._plan(store, job)) is not None]
        evidence = [data for _, plan in plans for data in plan.evidence]
        if evidence:
            store.evidence.put(evidence)
        statements = [statement for _, plan in plans for statement in plan.statements]
        places = self._log.append(statements) if statements else []
        items = {item.index: item for item in self._follow(store)}
        self.n_groups += 1
        at = 0
        for job, plan in plans:
            place = places[at]
            at += len(plan.statements)
            if job.act is None:
                job.future.set_result(None)
                continue
            self.n_acts += 1
            item = items.get(place) or _item(store, place)
            answer = answer_of(item)
            self._remember(job.request, place, answer.known_at)
            job.future.set_result(answer)

    def _plan(self, store: Store, job: _Job) -> Plan | None:
        """Plan a job; None where it is settled already: refused, or answered before."""
        if job.future.done():
            return None
        if job.act is None or job.viewer is None:
            return job.plan
        try:
            if (place := self._done_before(job.request)) is not None:
                job.future.set_result(answer_of(_item(store, place)))
                return None
            desk = Desk(store, self._world, self._forms, job.viewer, self._now(), job.request)
            return job.act.plan(desk)
        except TrucelineError as error:
            job.future.set_exception(error)
        except Exception as error:  # noqa: BLE001 - a defect in one act is answered to whoever asked for it alone
            _LOG.exception("an act could not be planned")
            _fail(job, error)
        return None

    def _done_before(self, request: Mapping[str, str]) -> int | None:
        """Return the entry of an earlier request with the same key."""
        found = self._keys.get(request.get("request", ""))
        if found is None:
            return None
        if found[0] != request["asked"]:
            raise ConflictError(
                "act.key", "this Idempotency-Key came with another request", todo="use a new key"
            )
        return found[1]

    def _now(self) -> datetime:
        """Return the time; never the same one twice, so that no two acts are one entry."""
        now = self._clock()
        is_same = now <= self._last < now + _SAME
        self._last = self._last + timedelta(microseconds=1) if is_same else now
        return self._last

    def _follow(self, store: Store) -> Sequence[RecordItem]:
        items: Sequence[RecordItem] = follow(store, self._forms)
        upto = store.models.upto()
        if min(self._told_to, upto) < (items[0].index if items else upto):
            # another process wrote and made the read models itself: all of them may be others now
            start = max(self._told_to, upto - _MOST_TOLD)
            items = [item for item in read_log(store.ledger, store.payloads, start) if item.index < upto]
            self.facts = upto - 1
        self._told_to = upto
        self.facts = max((item.index for item in items if _is_fact(item)), default=self.facts)
        for told in self._told if items else ():
            told(items)
        return items

    def _remember(self, request: Mapping[str, str], place: int, at: datetime) -> None:
        if request:
            self._keys[request["request"]] = (request["asked"], place, at)
        limit = self._clock() - KEYS_LAST
        while self._keys and next(iter(self._keys.values()))[2] < limit:
            del self._keys[next(iter(self._keys))]

    def _recall(self, store: Store) -> None:
        """Read the keys of the last day from the record itself: they stand with the acts that they belong to."""
        found: list[tuple[str, tuple[str, int, datetime]]] = []
        limit = self._clock() - KEYS_LAST
        for item in recent(store, limit):
            by = (item.payload or {}).get("by") or {}
            if "request" in by:
                found.append((by["request"], (by["asked"], item.index, answer_of(item).known_at)))
        self._keys = {}
        for name, held in sorted(found, key=lambda one: one[1][1]):
            self._keys.setdefault(name, held)


def recent(store: Store, since: datetime) -> Sequence[RecordItem]:
    """Return the acts of people since a moment, the latest first.

    Args:
        store: An open store.
        since: The moment.

    Returns:
        Their entries.
    """
    found: list[RecordItem] = []
    end = store.ledger.size()
    while end > 0:
        start = max(0, end - 1000)
        for entry in reversed(list(store.ledger.entries(start, end))):
            if entry.type not in ACT_TYPES:
                continue
            item = _item(store, entry.index)
            by = (item.payload or {}).get("by") or {}
            if item.payload is None or by.get("stage") != CONSOLE:
                continue
            if parse_instant(item.payload["known_at"]) < since:
                return found
            found.append(item)
        end = start
    return found


def _is_fact(item: RecordItem) -> bool:
    thing = thing_of(item)
    return item.type == "batch" or (thing is not None and thing[0] in {"reports", "claims"})


def _item(store: Store, index: int) -> RecordItem:
    entry = store.ledger.entry(index)
    blob = store.payloads.get(entry.payload_sha256)
    return RecordItem(index, entry.type, entry.id, entry.round, None if blob is None else parse_payload(blob))


def _fail(job: _Job, error: Exception) -> None:
    if not job.future.done():
        what = error if isinstance(error, TrucelineError) else None
        job.future.set_exception(
            what
            or UnavailableError(
                "write.failed", f"it could not be written: {type(error).__name__}",
                todo="send it again with the same Idempotency-Key",
            )
        )  # fmt: skip


def _digest(*parts: str) -> str:
    return sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]
