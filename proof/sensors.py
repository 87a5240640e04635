"""Every decoder of sensors' messages, and every way of cutting a stream, against bytes that somebody else wrote.

A decoder raises nothing whatever it is given: each message is a frame or refused with a code and words, and what a frame says is
somewhere is on Earth. A stream that is cut anywhere else gives the same messages.
"""

from __future__ import annotations

import random
import sys
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime

from _row import row
from fuzz import mutate

from truceline.app.decoding import decoder_of
from truceline.core.frames import Frame, Framing, Refused
from truceline.detect.framing import Cutter
from truceline.testing.simulating import AIR, PATROLS, RADAR, Scene, beast
from truceline.testing.wires import plot_blocks, radar_block, report_block, tak, transport_stream, uas_packet

EXECUTIONS = 5_000_000
_SENT = [
    (feed, data) for second in range(12) for _, feed, data in Scene(n_air=4).messages(1_605_500_000.0, second)
]
_AIR = tuple(data for feed, data in _SENT if feed == AIR)
_HEX = tuple(b"1605500000.25,*" + data[-14:].hex().encode() + b";\n" for data in _AIR)
_RADAR = tuple(data for feed, data in _SENT if feed == RADAR)
_EVENTS = tuple(data for feed, data in _SENT if feed == PATROLS)
_JSON = (
    (
        b'{"timestamp":"2020-11-16T05:00:00Z","nodeId":"5f0f3f6e-6f0e-4c57-9d5a-0b8f1f2a3c4d","statusReport":{"reportId":'
        b'"01HZX3T9Q2W5R7V8B4N6M0K1JD","system":"SYSTEM_OK","info":"INFO_NEW","mode":"default"}}'
    ),
)
_FIRMS = (
    (
        b"latitude,longitude,bright_ti4,scan,track,acq_date,acq_time,satellite,instrument,confidence,version,bright_ti5,frp,"
        b"daynight\n39.8,46.7,330.1,0.4,0.4,2020-11-10,0912,N,VIIRS,n,2.0NRT,290.1,4.2,D\n"
    ),
    (
        b"latitude,longitude,brightness,scan,track,acq_date,acq_time,satellite,confidence,version,bright_t31,frp,daynight\n"
        b"39.8,46.7,330.1,1.0,1.0,2020-11-10,09:12,T,80,6.1NRT,290.1,14.2,N\n"
    ),
)
DECODERS = {
    "adsb, lines": ("adsb", _HEX),
    "adsb, Beast": ("adsb", (*_AIR, beast(bytes(7), 0.0))),
    "sapient": ("sapient", _RADAR[:40]),
    "sapient-json": ("sapient-json", _JSON),
    "cot": ("cot", _EVENTS),
    "firms": ("firms", _FIRMS),
}
_CLOCK = 46_200.0
_BLOCKS = (
    radar_block(_CLOCK), plot_blocks(_CLOCK, [(10.0, 90.0, 0x4B1A2C, 100.0)]), report_block(_CLOCK, 46.7, 39.9, 0x4B1A2E),
)  # fmt: skip
_UAS = tuple(
    uas_packet({2: datetime(2020, 11, 16, 9, n, tzinfo=UTC), 13: 39.8, 14: 46.6, 15: 2500.0, 65: 19})
    for n in range(4)
)
_TAK = tuple(tak(event) for event in _EVENTS[:8])
_NOTICES = (
    (
        b"id,kind,by,names,from,until,route,within_km,floor_m,ceiling_m,purpose,state\nF-1,flight,x,RFF7001,"
        b"2020-11-16T05:00:00Z,2020-11-16T07:00:00+00:00,45.0 39.5; 46.75 39.9,8,3000,9000,rotation,notified\n"
    ),
)
DECODERS |= {
    "asterix": ("asterix", _BLOCKS),
    "klv": ("klv", (*_UAS, transport_stream(_UAS[:1]))),
    "tak": ("tak", _TAK),
    "movements": ("movements", _NOTICES),
    "arrivals": ("arrivals", (b"time,post,lon,lat,sigma_s\n2020-11-16T05:00:00.125Z,OP07,46.6,39.8,0.01\n",)),
    "cameras": (
        "cameras",
        (b"time,camera,state,lon,lat,range_m\n2020-11-16T05:00:00Z,CAM-1,blocked,46.6,39.8,3000\n",),
    ),
}
FRAMINGS = {Framing.LINES: (*_HEX[:4], *_AIR[:4]), Framing.LENGTH: _RADAR[:8], Framing.EVENTS: _EVENTS[:4],
    Framing.BLOCKS: _BLOCKS, Framing.VARINT: _TAK[:4],
}  # fmt: skip


def decoded(task: tuple[str, int, int]) -> tuple[int, list[str]]:
    """Try a decoder many times; returns how often, and the findings."""
    name, count, seed = task
    word, seeds = DECODERS[name]
    chance, told, decoder = random.Random(f"{name}/{seed}"), list[str](), decoder_of(word)
    for n in range(count):
        if n % 2_000 == 0:
            decoder = decoder_of(word)
        data = mutate(seeds[int(chance.random() * len(seeds))], seeds, chance)
        try:
            for one in decoder.decode(data, 1_605_500_000.0 + n):
                if isinstance(one, Refused):
                    is_sound = bool(one.code and one.why)
                else:
                    is_sound = _is_on_earth(decoder.sighting(one)) and isinstance(one, Frame)
                    decoder.reply(one, "peer", 0.0)
                if not is_sound:
                    told.append(f"{name}: {one} of {data!r}"[:400])
        except Exception as error:  # noqa: BLE001 - any is what is looked for
            told.append(f"{name}: {type(error).__name__}: {error} for {data!r}"[:400])
    return count, told


def _is_on_earth(sighting: object) -> bool:
    lon, lat = getattr(sighting, "lon", 0.0), getattr(sighting, "lat", 0.0)
    sigma_m = getattr(sighting, "sigma_m", None)
    return abs(lon) <= 180 and abs(lat) <= 90 and (sigma_m is None or 0 < sigma_m < float("inf"))


def cut(task: tuple[Framing, int, int]) -> tuple[int, list[str]]:
    """Cut streams in two ways many times; returns how often, and the findings."""
    framing, count, seed = task
    seeds, chance, told = FRAMINGS[framing], random.Random(f"{framing}/{seed}"), list[str]()
    for _ in range(count):
        whole = b"".join(seeds[int(chance.random() * len(seeds))] for _ in range(3))
        data = mutate(whole, seeds, chance)
        at = int(chance.random() * (len(data) + 1))
        try:
            one, other = Cutter(framing), Cutter(framing)
            in_one = [*one.take(data), *one.end()]
            in_two = [*other.take(data[:at]), *other.take(data[at:]), *other.end()]
        except Exception as error:  # noqa: BLE001 - any is what is looked for
            told.append(f"{framing}: {type(error).__name__}: {error} for {data!r}"[:400])
            continue
        if in_one != in_two:
            told.append(f"{framing}: cut at {at} gives others: {data!r}"[:400])
    return count, told


def main() -> int:
    """Print how it went; argument: how many executions in all."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else EXECUTIONS
    parts, n_targets = 8, len(DECODERS) + len(FRAMINGS)
    each = -(-wanted // (n_targets * parts))
    total, told = 0, list[str]()
    with ProcessPoolExecutor() as pool:
        for count, found in pool.map(
            decoded, [(name, each, part) for name in DECODERS for part in range(parts)]
        ):
            total, told = total + count, told + found
        for count, found in pool.map(cut, [(name, each, part) for name in FRAMINGS for part in range(parts)]):
            total, told = total + count, told + found
    row("decoders and framings fuzzed", n_targets, "decoders")
    row("executions against them", total, "executions", ">=", wanted)
    row("findings among them", len(told), "findings", "==", 0)
    for what in told[:20]:
        print(what, file=sys.stderr)
    return int(bool(told))


if __name__ == "__main__":
    raise SystemExit(main())
