"""Conclusions for one recipient as lists: worked out from what it may have alone, found by the one filter.

The lists of a store are drawn from what both delegations may have. Whoever may have less, or more, would be told of an
item by what is missing: an incident that a kept claim belongs to travels no further than that claim. So each recipient is
given conclusions of its own, in tables that live in memory as long as nothing changes.
"""

from __future__ import annotations

import json

from truceline.app.outputs import Run, derived
from truceline.app.projecting import CONCLUDED
from truceline.app.rowing import batch_row
from truceline.app.wiring import models_in_memory
from truceline.core.release import PUBLIC
from truceline.core.rows import ReadModels, Recipient, Row
from truceline.publish.gate import released_features

MOST_CLAIMS = 5_000
"""Claims up to which each recipient has lists of its own; larger stores answer from the common ones."""


def own_lists(run: Run, recipient: Recipient) -> ReadModels:
    """Make the lists of a recipient.

    Args:
        run: What follows from what the recipient may have.
        recipient: Who they are for.

    Returns:
        Read models that hold `CONCLUDED` and nothing else; every row in them is the recipient's to see.
    """
    features = released_features(run.drawn.features["features"], recipient.word)
    made = derived(run)
    rows: dict[str, list[Row]] = {}
    for name in CONCLUDED:
        values = features if name == "features" else map(json.loads, made[name].splitlines())
        rows[name] = [_open(batch_row(name, at, value, recipient.realm)) for at, value in enumerate(values)]
    models = models_in_memory()
    models.replace_all(rows)
    return models


def asker(recipient: Recipient) -> Recipient:
    """Return who asks such lists: the gate was passed when they were made, late and coarse as it lets things out."""
    return Recipient(PUBLIC, recipient.realm)


def _open(row: Row) -> Row:
    return Row(
        row.id, row.kind, json.loads(json.dumps(row.value)), row.known_at, row.start_at, row.end_at, row.lon, row.lat,
        row.zone, row.state, row.owner, PUBLIC, row.realm, row.words,
    )  # fmt: skip
