"""Stone Soup on a scene of scans, in its own environment: what was on its screen at each scan, and what that cost.

Usage: ``_tracking_rival.py SCENE.npz MODE SECONDS OUT.npz``; MODE is ``gnn`` (KD-tree global nearest neighbour) or ``jpda`` (KD-tree
JPDA by efficient hypothesis management 2). It gives up after so many seconds and says how many scans it finished.
"""

from __future__ import annotations

import json
import sys
import time
from datetime import UTC, datetime, timedelta

import numpy as np
from stonesoup.dataassociator.probability import JPDAwithEHM2
from stonesoup.dataassociator.tree import DetectionKDTreeGNN2D, DetectionKDTreeMixIn
from stonesoup.deleter.time import UpdateTimeStepsDeleter
from stonesoup.hypothesiser.distance import DistanceHypothesiser
from stonesoup.hypothesiser.probability import PDAHypothesiser
from stonesoup.initiator.simple import MultiMeasurementInitiator
from stonesoup.measures import Mahalanobis
from stonesoup.models.measurement.linear import LinearGaussian
from stonesoup.models.transition.linear import CombinedLinearGaussianTransitionModel, ConstantVelocity
from stonesoup.predictor.kalman import KalmanPredictor
from stonesoup.tracker.simple import MultiTargetMixtureTracker, MultiTargetTracker
from stonesoup.types.array import StateVector
from stonesoup.types.detection import Detection
from stonesoup.types.state import GaussianState
from stonesoup.updater.kalman import KalmanUpdater

SIGMA_M, SPEED_MPS, NOISE, P_DETECT, REACH_M = 30.0, 150.0, 1.0, 0.9, 1500.0
BEGAN = datetime(2020, 11, 16, tzinfo=UTC)


class KdJpda(DetectionKDTreeMixIn, JPDAwithEHM2):
    """JPDA whose candidates come of a tree."""


def main() -> int:
    """Track, and write what came of it."""
    scene, mode, seconds, out = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
    with np.load(scene) as held:
        places, ends, density = held["xy_m"], held["ends"].tolist(), float(held["density"])
    model = LinearGaussian(4, (0, 2), np.diag([SIGMA_M**2] * 2))
    predictor = KalmanPredictor(CombinedLinearGaussianTransitionModel([ConstantVelocity(NOISE)] * 2))
    updater = KalmanUpdater(model)
    near = DistanceHypothesiser(predictor, updater, Mahalanobis(), missed_distance=4)
    tree = DetectionKDTreeGNN2D(near, predictor, updater, max_distance=REACH_M)
    likely = PDAHypothesiser(
        predictor, updater, clutter_spatial_density=density, prob_detect=P_DETECT, prob_gate=0.9997
    )
    associator = tree if mode == "gnn" else KdJpda(likely, predictor, updater, max_distance=REACH_M)
    initiator = MultiMeasurementInitiator(
        prior_state=GaussianState([0, 0, 0, 0], np.diag([0, SPEED_MPS**2, 0, SPEED_MPS**2])),
        deleter=UpdateTimeStepsDeleter(2), data_associator=tree, updater=updater, measurement_model=model,
        min_points=5, updates_only=True,
    )  # fmt: skip

    def scans():  # noqa: ANN202 - a generator of what the library wants
        start = 0
        for number, end in enumerate(ends):
            at = BEGAN + timedelta(seconds=number)
            yield (
                at,
                {
                    Detection(StateVector(place), timestamp=at, measurement_model=model)
                    for place in places[start:end]
                },
            )
            start = end

    tracker = (MultiTargetTracker if mode == "gnn" else MultiTargetMixtureTracker)(
        initiator=initiator, deleter=UpdateTimeStepsDeleter(5), detector=scans(), data_associator=associator,
        updater=updater,
    )  # fmt: skip
    shown, sizes = list[tuple[float, float]](), list[int]()
    began, cpu = time.monotonic(), time.process_time()
    for _, tracks in tracker:
        shown += [(float(track.state_vector[0]), float(track.state_vector[2])) for track in tracks]
        sizes.append(len(tracks))
        if time.monotonic() - began > seconds:
            break
    cpu = time.process_time() - cpu
    np.savez(out, xy_m=np.array(shown).reshape(-1, 2), sizes=np.array(sizes))
    print(json.dumps({"scans": len(sizes), "detections": int(ends[len(sizes) - 1]), "cpu_s": cpu}))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
