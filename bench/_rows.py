"""The one line that every bench script prints for each figure."""

from __future__ import annotations

import json
import operator

_HOLDS = {"<=": operator.le, ">=": operator.ge, "==": operator.eq}


def row(claim: str, value: float, unit: str, op: str, bound: float) -> None:
    """Print one figure with the bound that we promise.

    Args:
        claim: The sentence that the figure proves, as the documents say it.
        value: What was measured.
        unit: Its unit, for example ``s`` or ``documents/s``.
        op: ``<=``, ``>=`` or ``==``: how the value has to stand to the bound.
        bound: What we promise.
    """
    holds = bool(_HOLDS[op](value, bound))
    facts = {"claim": claim, "value": round(value, 3), "unit": unit, "op": op, "bound": bound, "holds": holds}
    print(json.dumps(facts, ensure_ascii=False), flush=True)


def left_out(claim: str, why: str) -> None:
    """Print that a claim was not measured here, and why.

    Args:
        claim: The sentence that would have been proven.
        why: What is not present.
    """
    print(json.dumps({"claim": claim, "left_out": why}, ensure_ascii=False), flush=True)
