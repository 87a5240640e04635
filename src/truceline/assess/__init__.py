"""Assess: every obligation's status as known at a moment.

Takes: the mission's instruments, amendments and interpretations; claims; incidents.
Gives: one status per obligation that was known by then, with its reasons, due history, exposure and disputes.
May never: take a party's statement for a finding, blame by machine, use what was not known yet, settle a
contradiction in silence.
"""

from __future__ import annotations

from truceline.assess.stage import assess

__all__ = ["assess"]
