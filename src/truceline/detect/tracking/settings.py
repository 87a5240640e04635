"""What is assumed of motion and of sensors."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Way:
    """A way of moving.

    Args:
        weight: How common it is, beside the others.
        lasts_s: How long it lasts before it becomes another, on average, seconds.
        noise_m2ps3: Spectral density of the acceleration that nothing foretells, m²/s³.
        turn_radps: How fast the course turns, radians a second, to the left above 0.
        stop_s: Time in which a velocity falls to a third of itself, seconds; 0 where it stays.
    """

    weight: float
    lasts_s: float
    noise_m2ps3: float
    turn_radps: float = 0.0
    stop_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Assumptions of the tracker.

    Args:
        ways: Ways of moving: straight on, turning by the three degrees a second of aircraft to either side, stopping.
        speed_mps: Standard deviation of each coordinate of the velocity of what is seen for the first time, m/s.
        p_detect: Probability that a scan sees what is there.
        p_stay: Probability that what is there is still there a second later.
        p_new: Probability that a detection that belongs to no track is of something, not clutter.
        gate: Largest squared Mahalanobis distance of a detection from a track (16: 99.97 % of two dimensions).
        most_candidates: Detections that are considered for one track, the nearest first.
        same_name: How much likelier a detection of a track's own name is of it than one without a name.
        confirm_at: Probability of existence at which a track is confirmed.
        show_above: Probability below which a confirmed track is not shown.
        drop_below: Probability below which a track is given up.
        is_shared: Whether detections are shared among the tracks near them by probability (JPDA) instead of each being given to the
            one that makes all together likeliest (global nearest neighbour).
    """

    ways: tuple[Way, ...] = (
        Way(0.94, 60.0, 1.0),
        Way(0.02, 15.0, 4.0, turn_radps=0.0524),
        Way(0.02, 15.0, 4.0, turn_radps=-0.0524),
        Way(0.02, 15.0, 4.0, stop_s=2.0),
    )
    speed_mps: float = 150.0
    p_detect: float = 0.9
    p_stay: float = 0.998
    p_new: float = 0.005
    gate: float = 16.0
    most_candidates: int = 8
    same_name: float = 1e4
    confirm_at: float = 0.95
    show_above: float = 0.5
    drop_below: float = 0.005
    is_shared: bool = False


DEFAULTS = Settings()
"""The one configuration that every published figure was measured with."""
