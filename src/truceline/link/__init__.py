"""Link: what is said and seen about one happening becomes one incident.

Takes: claims (later also observations, detections and alerts), the mission.
Gives: incidents, each with what every side says kept apart.
May never: merge two sides' words, count a copy as a second voice, make up a probability, blame.
"""

from __future__ import annotations

from truceline.link.stage import link

__all__ = ["link"]
