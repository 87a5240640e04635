"""Goes round the witnesses while a service runs: each cosigns what is new, and shows what its side has handed over.

A witness that is away stops nothing: how each stands shows with its age, and it is asked again.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Mapping
from datetime import datetime
from time import monotonic

from truceline.app.acts import Plan
from truceline.app.outbox import acknowledged
from truceline.app.wiring import HttpWitness, Store
from truceline.app.writing import Writer
from truceline.core.errors import TrucelineError
from truceline.ledger.cosigning import collect_cosignatures, recorded_policy

COSIGN_S = 5.0
"""How often it is looked whether there is something new to cosign."""
HEADS_S = 3600.0
"""How often the heads of the sides' lists are asked for."""

_LOG = logging.getLogger("truceline")


class Visits:
    """Asks witnesses at their addresses.

    Args:
        open_store: Opens the store; called in this thread.
        links: Witness's name in the policy -> its address.
        writer: Writes what is acknowledged.
        clock: Tells the time.
    """

    def __init__(
        self,
        open_store: Callable[[], Store],
        links: Mapping[str, str],
        writer: Writer,
        clock: Callable[[], datetime],
    ) -> None:
        self._open_store = open_store
        self._links = {name: HttpWitness(url) for name, url in links.items()}
        self._writer = writer
        self._clock = clock
        self._cosigned = -1
        self._heads_at = 0.0
        self._ending = threading.Event()
        self._thread = threading.Thread(target=self._run, name="visits", daemon=True)

    def start(self) -> None:
        """Begin; returns at once. Without a witness nothing is begun."""
        if self._links:
            self._thread.start()

    def close(self) -> None:
        """End."""
        self._ending.set()
        if self._thread.is_alive():
            self._thread.join(timeout=30)

    def _run(self) -> None:
        store = self._open_store()
        while not self._ending.is_set():
            try:
                self._cosign(store)
                if monotonic() >= self._heads_at:
                    self._heads_at = monotonic() + HEADS_S
                    self._acknowledge(store)
            except Exception:  # noqa: BLE001 - whatever it was, they are visited again
                _LOG.exception("the witnesses could not be visited")
            self._ending.wait(COSIGN_S)
        store.close()

    def _cosign(self, store: Store) -> None:
        size = store.ledger.size()
        if not size or size == self._cosigned:
            return
        policy = recorded_policy(store.ledger, store.payloads)
        for name in self._links.keys() - {one.name for one in policy.witnesses}:
            _LOG.warning("the policy names no witness %s: its cosignature counts for nothing", name)
        standings = collect_cosignatures(store.ledger, policy, self._links)
        behind = [one for one in standings if one.name in self._links and one.n_behind]
        for one in behind:
            _LOG.warning("witness %s is %d entries behind: %s", one.name, one.n_behind, one.problem)
        self._cosigned = -1 if behind else size

    def _acknowledge(self, store: Store) -> None:
        for name, link in self._links.items():
            try:
                shown = link.heads()
                statements = acknowledged(store, shown, self._clock()) if shown is not None else []
                if statements:
                    self._writer.derived(Plan(tuple(statements))).result(timeout=60)
            except (TrucelineError, TimeoutError) as error:
                _LOG.warning("the outbox of %s was not acknowledged: %s", name, error)
