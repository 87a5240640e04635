"""Makes witnesses: one that serves from a file of its own, and those of a demo, which the store itself keeps."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.witness_store import SqliteWitnessStore
from truceline.app.founding import demo_cosigners
from truceline.core.mission import Mission
from truceline.ledger.cosigning import Standing, collect_cosignatures, recorded_policy
from truceline.ledger.keys import Cosigner, Verifier, derive_demo_key
from truceline.ledger.witness import Witness

if TYPE_CHECKING:
    pass


from truceline.app.wiring.opening import Store


def witness_at(path: Path, cosigner: Cosigner, logs: Iterable[Verifier]) -> Callable[[], Witness]:
    """Return what makes a witness that remembers in a file; each thread makes its own.

    Args:
        path: The witness's database file.
        cosigner: Its key.
        logs: Keys of the logs that it cosigns for; a key's name is the log's origin.

    Returns:
        The maker.
    """
    known = {log.name: [log] for log in logs}

    def make() -> Witness:
        return Witness(
            cosigner, known, SqliteWitnessStore(connect(path), cosigner.name), lambda: int(time.time())
        )

    return make


def cosign_demo(store: Store, mission: Mission, at: datetime) -> tuple[Standing, ...]:
    """Have the published witnesses of a demo or exercise record cosign its last checkpoint.

    Args:
        store: The open store, which keeps what these witnesses remember too.
        mission: The pack; its procedure names them.
        at: The time that the cosignatures bear.

    Returns:
        How each stands.
    """
    log = derive_demo_key(mission.settings.realm, mission.settings.id).verifier
    links = {
        name: Witness(key, {log.name: [log]}, store.memory_of(key.name), lambda: int(at.timestamp()))
        for name, key in demo_cosigners(mission).items()
    }
    policy = recorded_policy(store.ledger, store.payloads)
    return collect_cosignatures(store.ledger, policy, links)
