"""One line of JSON a measured claim."""

from __future__ import annotations

import json


def row(claim: str, value: float, unit: str, op: str = "", bound: float | None = None) -> None:
    """Print a claim with what was measured, what was promised, and whether it holds.

    Args:
        claim: What was measured.
        value: The figure.
        unit: Its unit.
        op: ``>=``, ``<=`` or ``==``; empty where nothing was promised.
        bound: The promise.
    """
    holds = None if bound is None else {">=": value >= bound, "<=": value <= bound, "==": value == bound}[op]
    told = {"claim": claim, "value": round(value, 3), "unit": unit, "op": op, "bound": bound, "holds": holds}
    print(json.dumps(told), flush=True)
