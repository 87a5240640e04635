"""JSON Schemas of everything that is printed with ``--json`` or read from a pack."""

from __future__ import annotations

from typing import Any

import msgspec

from truceline.app.determining import Taking
from truceline.app.outbox import Omitted
from truceline.app.protecting import Evacuated
from truceline.app.wiring import Export, Held, schemas
from truceline.app.witnessing import RecordStatus
from truceline.core.claims import Claim
from truceline.core.counters import Counter
from truceline.core.determinations import Determination
from truceline.core.incidents import Incident
from truceline.core.obligations import ObligationStatus
from truceline.core.reports import Rejection, Report
from truceline.ledger.fork import Fork
from truceline.ledger.papers import RecordedPaper
from truceline.ledger.proof import Proven
from truceline.ledger.restoring import Restored
from truceline.ledger.verify import VerificationReport

_PRINTED: dict[str, Any] = {
    "claim": Claim,
    "incident": Incident,
    "obligations": tuple[ObligationStatus, ...],
    "counters": tuple[Counter, ...],
    "report": Report,
    "rejected": Rejection,
    "verification": VerificationReport,
    "record-status": RecordStatus,
    "determinations": tuple[Determination, ...],
    "taking": Taking,
    "recorded-paper": RecordedPaper,
    "restored": Restored,
    "held": tuple[Held, ...],
    "exports": tuple[Export, ...],
    "evacuated": Evacuated,
    "omitted": tuple[Omitted, ...],
    "proven": Proven,
    "fork": Fork,
}


def all_schemas() -> dict[str, dict[str, Any]]:
    """Return name -> schema: what is printed first, then the files of a mission pack."""
    printed = {name: _numbers(msgspec.json.schema(kind)) for name, kind in _PRINTED.items()}
    return printed | {f"pack/{name}": schema for name, schema in schemas().items()}


def _numbers(schema: Any) -> Any:
    """Decimals are printed as numbers, so their schema says so."""
    if isinstance(schema, dict):
        if schema.get("format") == "decimal":
            return {key: value for key, value in schema.items() if key != "format"} | {"type": "number"}
        return {key: _numbers(value) for key, value in schema.items()}
    return [_numbers(value) for value in schema] if isinstance(schema, list) else schema
