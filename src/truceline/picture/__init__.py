"""Picture: all of it at (valid time, known time): layers, counters, timeline, what evolves.

Takes: the mission, claims, incidents, assessed obligations, a valid time and a moment of knowledge.
Gives: one picture.
May never: merge what two claimants count, add figures under two units or rules, hide a contradiction, show what
was not known yet.
"""

from __future__ import annotations

from truceline.picture.stage import picture

__all__ = ["picture"]
