"""Sends detections to two feeds on the loopback at a fixed pace: SAPIENT from a radar, ADS-B from aircraft.

Usage: _ingest_sender.py RADAR_PORT AIR_PORT PER_SECOND SECONDS. Everything is written before it begins; prints what it sent.
"""

import json
import socket
import sys
import time

import numpy as np

from truceline.geo.plane import Plane
from truceline.testing.simulating import ORIGIN, Scene, beast, sapient, ulid
from truceline.testing.squitters import position, squitter

PARTS = 20
"""Portions of a second in which messages go out."""
HALF_M = 60_000.0


def main() -> None:
    """Write, wait for the beginning, send."""
    radar_port, air_port, rate, seconds = (int(word) for word in sys.argv[1:])
    n_air, n_radar = rate // 4, rate // 2
    chance, plane, scene = np.random.default_rng(7), Plane(*ORIGIN), Scene(n_air=0, n_ground=1)
    at_m = chance.uniform(-HALF_M, HALF_M, (n_air + n_radar, 2))
    v_mps = chance.uniform(-60, 60, at_m.shape)
    began_s = time.time() + 4 + rate * seconds / 8_000
    names = [ulid(1, n) for n in range(n_radar)]
    made: list[tuple[float, bytes, bytes]] = []
    for part in range(seconds * PARTS):
        since_s = part / PARTS
        at_s = began_s + since_s
        lon, lat = plane.to_ground(at_m + v_mps * since_s + chance.normal(0, 25, at_m.shape))
        # each radar target once a second, each aircraft twice, spread over the second
        radar = b"".join(
            sapient(scene.detection(at_s, (float(lon[n_air + n]), float(lat[n_air + n])), names[n]))
            for n in range(part % PARTS, n_radar, PARTS)
        )
        air = b"".join(
            beast(
                squitter(
                    position(float(lon[n]), float(lat[n]), 9_000, is_odd=part % PARTS >= PARTS // 2),
                    0x100000 + n,
                ),
                since_s,
            )
            for n in range(part % (PARTS // 2), n_air, PARTS // 2)
        )
        made.append((at_s, radar, air))
    links = [socket.create_connection(("127.0.0.1", port)) for port in (radar_port, air_port)]
    late = max(0.0, time.time() - began_s)
    for at_s, radar, air in made:
        time.sleep(max(0.0, at_s - time.time()))
        links[0].sendall(radar)
        links[1].sendall(air)
    n = seconds * (n_radar + 2 * n_air)
    sys.stdout.write(json.dumps({"sent": n, "late_s": late, "over_s": time.time() - began_s}) + "\n")
    for link in links:
        link.close()


if __name__ == "__main__":
    main()
