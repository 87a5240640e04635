"""Imagery review: frames are kept as they came, a mark is a claim with an error, another pair of eyes judges it, a copy alone leaves."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("PIL", reason="pictures need the extra 'sensors'")

from click.testing import CliRunner
from living import Living, living
from PIL import Image

from truceline.app import flow, wiring
from truceline.cli.root import truceline
from truceline.geo.points import distance_m
from truceline.serve.asking import csrf_of
from truceline.serve.cookies import SESSION
from truceline.serve.guarding import CSRF_HEADER
from truceline.testing.sorties import HEIGHT_PX, WIDTH_PX, Stood, make_sortie

START = datetime(2020, 11, 16, 9, 30, tzinfo=UTC)
TRUCK = Stood("vehicle", 46.7530, 39.7515)
MADE = make_sortie(START, 46.7512, 39.7511, (TRUCK,), n=3)
EARLIER = make_sortie(START.replace(day=15), 46.7514, 39.7511, (), n=2, name="earlier")


@pytest.fixture
def centre(tmp_path: Path) -> Iterator[Living]:
    world = wiring.open_world("karabakh-2020")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("Moscow, 14 November 2020\n\nIt was calm.\n", encoding="utf-8")
    flow.run(
        world, [tmp_path / "in"], tmp_path / "out", known_at=None, accepted_only=False, say=lambda *_: None
    )
    with living(world, tmp_path / "store", tmp_path / "out") as made:
        yield made


def fly(centre: Living, number: str = "A:0001", archive: bytes = MADE.archive, **fields: str) -> Any:
    token = centre.token(number)
    words = {"cookie": f"{SESSION}={token}", CSRF_HEADER: csrf_of(token)}
    fields = {"title": "Along the road", **fields}
    return centre.client.post(
        "/api/v1/sorties", files={"file": ("s.zip", archive)}, data=fields, headers=words
    )


def frames(centre: Living, number: str = "A:0001") -> list[dict[str, Any]]:
    found = centre.get(number, "reports?kind=frame").json()["items"]
    return sorted(found, key=lambda one: str(one["valid_at"]["start"]))


def packed(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("__", "."), data)
    return out.getvalue()


def picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 48), (90, 90, 90)).save(out, format="PNG")
    return out.getvalue()


def test_frames_of_a_sortie_are_kept_as_they_came_with_the_ground_that_the_metadata_say(
    centre: Living,
) -> None:
    answer = fly(centre)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["taken"], answer.json()["placed"], answer.json()["refused"]) == (3, 3, [])
    first = frames(centre)[0]
    with zipfile.ZipFile(io.BytesIO(MADE.archive)) as archive:
        sent = archive.read(first["title"])
    assert centre.get("A:0001", f"reports/{first['id']}/picture").content == sent
    assert first["frame"]["basis"] == "metadata"
    for told, true in zip(first["frame"]["coordinates"], MADE.frames[0][2], strict=True):
        assert distance_m(tuple(told), true) < 0.5


def test_a_mark_says_where_within_its_error_and_makes_one_claim_that_waits(centre: Living) -> None:
    fly(centre)
    first = frames(centre)[0]
    ((_, x, y),) = MADE.frames[0][3]
    done = centre.done(
        "A:0001", f"frames/{first['id']}/marks", {"x_px": x, "y_px": y, "kind": "vehicle", "n": 2, "op": ">="}
    )
    mark = centre.get("A:0001", f"reports/{done['id']}").json()
    spot = mark["position"]
    assert distance_m((spot["lon_deg"], spot["lat_deg"]), (TRUCK.lon, TRUCK.lat)) < 2
    assert 50 <= spot["precision_m"] <= 60
    claim = centre.get("A:0001", f"claims/{mark['claims'][0]}").json()
    assert (claim["type"], claim["subtype"], claim["rule"]) == ("situation_assessment", "vehicle", "marked")
    assert claim["quantities"] == [{"value": 2, "unit": "vehicle", "op": ">="}]
    assert claim["review"]["state"] == "machine-read"


def test_whoever_marked_does_not_judge_and_another_pair_of_eyes_does(centre: Living) -> None:
    fly(centre)
    frame = frames(centre)[0]["id"]
    done = centre.done("A:0001", f"frames/{frame}/marks", {"x_px": 5, "y_px": 5, "kind": "undetermined"})
    claim = centre.get("A:0001", f"reports/{done['id']}").json()["claims"][0]
    seen = int(centre.get("A:0001", f"claims/{claim}").json().get("version", 0))
    body = {"step": "accept", "seen": seen}
    own = centre.post("A:0001", f"claims/{claim}/review", body)
    assert (own.status_code, own.json()["code"]) == (403, "review.second")
    other = centre.post("A:0002", f"claims/{claim}/review", body)
    assert other.status_code == 201, other.text
    page = centre.get("B:0001", f"/imagery/frames/{frame}").text
    assert "two pairs of eyes" in page


def test_nothing_seen_is_a_record_of_its_own_and_stands_against_no_mark(centre: Living) -> None:
    fly(centre)
    first, second, _ = (one["id"] for one in frames(centre))
    centre.done("A:0001", f"frames/{first}/clear", {"whole": True})
    centre.done("B:0001", f"frames/{first}/clear", {"whole": True})
    again = centre.post("A:0001", f"frames/{first}/clear", {"whole": True})
    assert (again.status_code, again.json()["code"]) == (409, "enter.twice")
    centre.done("A:0001", f"frames/{second}/marks", {"x_px": 5, "y_px": 5, "kind": "crater"})
    marked = centre.post("A:0001", f"frames/{second}/clear", {"whole": True})
    assert (marked.status_code, marked.json()["code"]) == (409, "clear.marked")
    sortie = frames(centre)[0]["frame"]["sortie"]
    page = centre.get("A:0001", f"/imagery/{sortie}").text
    assert "No object is seen in the whole frame · two pairs of eyes" in page
    assert "Nobody has read it" in page


def test_what_a_side_keeps_is_not_seen_by_the_other_nor_are_its_marks(centre: Living) -> None:
    fly(centre, release="owner")
    frame = frames(centre)[0]["id"]
    centre.done("A:0001", f"frames/{frame}/marks", {"x_px": 5, "y_px": 5, "kind": "gun", "note": "Xylophone"})
    assert frames(centre, "B:0001") == []
    assert centre.get("B:0001", f"reports/{frame}/picture").status_code == 404
    assert (
        centre.post("B:0001", f"frames/{frame}/marks", {"x_px": 5, "y_px": 5, "kind": "gun"}).status_code
        == 404
    )
    assert "Xylophone" not in centre.get("B:0001", "reports?q=Xylophone").text
    assert "Xylophone" in centre.get("A:0001", "reports?q=Xylophone").text


def test_a_copy_holds_nothing_of_the_hidden_part_and_it_alone_may_leave(centre: Living) -> None:
    fly(centre)
    first = frames(centre)[0]
    ((_, x, y),) = MADE.frames[0][3]
    box = [x - 40, y - 40, x + 40, y + 40]
    done = centre.done("A:0001", f"frames/{first['id']}/blurred", {"boxes": [box]})
    copy = Image.open(io.BytesIO(centre.get("A:0001", f"reports/{done['id']}/picture").content))
    whole = Image.open(io.BytesIO(centre.get("A:0001", f"reports/{first['id']}/picture").content)).convert(
        "RGB"
    )
    assert len(copy.crop(box).getcolors() or ()) in range(1, 17)
    assert copy.crop((0, 0, WIDTH_PX, y - 40)).tobytes() == whole.crop((0, 0, WIDTH_PX, y - 40)).tobytes()
    assert copy.info == {}  # no words of the file go along

    out = centre.post(
        "A:0002",
        "disclosures",
        {"report": first["id"], "to": "public", "seen": first["version"]},
        role="head",
    )
    assert (out.status_code, out.json()["code"]) == (403, "release.inside")
    seen = int(centre.get("A:0002", f"reports/{done['id']}", role="head").json()["version"])
    centre.done("A:0002", "disclosures", {"report": done["id"], "to": "public", "seen": seen}, role="head")
    address = f"reports/{done['id']}/picture"
    assert centre.get("C:0009", address, role="public").status_code == 404  # not before the delay is over
    centre.pass_time(hours=25)
    assert centre.get("C:0009", address, role="public").status_code == 200
    told = centre.get("C:0009", f"reports/{done['id']}", role="public").json()
    assert not {"blurred", "history", "position"} & {key for key, value in told.items() if value}
    assert centre.get("C:0009", f"reports/{first['id']}/picture", role="public").status_code == 404


def test_frames_of_the_same_ground_are_set_beside_each_other_and_no_others(centre: Living) -> None:
    fly(centre)
    fly(centre, archive=EARLIER.archive, title="The day before")
    earlier, _, after, *_, last = (one["id"] for one in frames(centre))
    page = centre.get("A:0001", f"/imagery/frames/{after}?before={earlier}").text
    assert f'src="/api/v1/reports/{earlier}/picture"' in page
    assert "data-laid=" in page
    centre.done(
        "A:0001",
        f"frames/{after}/comparisons",
        {"before": earlier, "verdict": "changed", "note": "one truck more"},
    )
    turned = centre.post("A:0001", f"frames/{earlier}/comparisons", {"before": after, "verdict": "changed"})
    assert (turned.status_code, turned.json()["code"]) == (400, "compare.order")
    far = make_sortie(START.replace(hour=11), 46.9, 39.9, (), n=1, name="far")
    fly(centre, archive=far.archive, title="Elsewhere")
    elsewhere = frames(centre)[-1]["id"]
    apart = centre.post("A:0001", f"frames/{elsewhere}/comparisons", {"before": last, "verdict": "unchanged"})
    assert (apart.status_code, apart.json()["code"]) == (400, "compare.apart")


def test_a_sortie_that_is_undone_takes_its_frames_along(centre: Living) -> None:
    answer = fly(centre).json()["sortie"]
    centre.done(
        "A:0001", "corrections", {"entry": answer["entry"], "step": "undo", "seen": answer["version"]}
    )
    assert frames(centre) == []
    assert centre.get("A:0001", "reports?kind=sortie").json()["items"] == []
    assert fly(centre).status_code == 201


def test_bad_frames_are_refused_one_by_one_and_the_rest_is_taken(centre: Living) -> None:
    table = (
        b"file,taken_at,lon_1,lat_1,lon_2,lat_2,lon_3,lat_3,lon_4,lat_4\n"
        b"good.png,2020-11-16T09:30:00Z,46.75,39.76,46.76,39.76,46.76,39.75,46.75,39.75\n"
        b"bow.png,2020-11-16T09:30:01Z,46.75,39.76,46.76,39.75,46.76,39.76,46.75,39.75\n"
        b"gone.png,2020-11-16T09:30:02Z\n"
        b"late.png,yesterday\n"
        b"far.png,2020-11-16T09:30:03Z,1946.75,39.76,46.76,39.76,46.76,39.75,46.75,39.75\n"
    )
    files = {
        "good__png": picture(), "bow__png": picture() + b" ", "none__png": picture() + b"  ", "torn__png": b"\x89PNG\r\n\x1a\nno",
        "page__html": b"<p>", "metadata__klv": b"no packet", "frames__csv": table,
    }  # fmt: skip
    answer = fly(centre, archive=packed(**files))
    assert answer.status_code == 201, answer.text
    told = answer.json()
    assert told["taken"] == 1
    codes = sorted(one["code"] for one in told["refused"])
    assert codes == sorted([
        "sortie.corners", "sortie.when", "picture.damaged", "sortie.kind", "klv.packet", "sortie.absent", "input.instant",
        "sortie.number",
    ])  # fmt: skip
    assert all(one["what"] for one in told["refused"])


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"x_px": WIDTH_PX, "y_px": 0, "kind": "vehicle"}, "mark.pixel"),
        ({"x_px": 0, "y_px": HEIGHT_PX, "kind": "vehicle"}, "mark.pixel"),
        ({"x_px": 0, "y_px": 0, "kind": "target"}, "imagery.kind"),
        ({"x_px": 0, "y_px": 0, "kind": "vehicle", "note": "a\x07b"}, "imagery.note"),
    ],
)
def test_marks_that_are_none_are_refused(centre: Living, body: dict[str, Any], code: str) -> None:
    fly(centre)
    answer = centre.post("A:0001", f"frames/{frames(centre)[0]['id']}/marks", body)
    assert (answer.status_code, answer.json()["code"]) == (400, code)


def test_a_sortie_from_the_future_or_twice_is_refused(centre: Living) -> None:
    late = make_sortie(datetime(2021, 1, 1, tzinfo=UTC), 46.75, 39.75, (), n=1)
    assert fly(centre, archive=late.archive).json()["code"] == "sortie.future"
    assert fly(centre).status_code == 201
    twice = fly(centre, title="The same under another name")
    assert (twice.status_code, twice.json()["code"]) == (409, "enter.twice")


def test_then_the_page_shows_what_was_known_then(centre: Living) -> None:
    fly(centre)
    assert "Along the road" in centre.get("A:0001", "/imagery").text
    assert "Along the road" not in centre.get("A:0001", "/imagery?known_at=2020-11-20").text


@pytest.mark.parametrize("recipient", ["public", "party:azerbaijan"])
def test_no_copy_of_the_record_that_goes_outside_bears_what_was_seen_from_above(
    centre: Living, recipient: str, tmp_path: Path
) -> None:
    fly(centre)
    first = frames(centre)[0]
    centre.done(
        "A:0001", f"frames/{first['id']}/marks", {"x_px": 5, "y_px": 5, "kind": "gun", "note": "Xylophone"}
    )
    box = [0, 0, 200, 200]
    done = centre.done("A:0001", f"frames/{first['id']}/blurred", {"boxes": [box]})
    seen = int(centre.get("A:0002", f"reports/{done['id']}", role="head").json()["version"])
    centre.done("A:0002", "disclosures", {"report": done["id"], "to": "public", "seen": seen}, role="head")
    copy = centre.get("A:0001", f"reports/{done['id']}/picture").content
    whole = centre.get("A:0001", f"reports/{first['id']}/picture").content
    centre.pass_time(hours=30)
    centre.settle()
    store = tmp_path / "store" / "store.db"
    told = CliRunner().invoke(
        truceline, ["record", "export", str(tmp_path / "copy"), "--for", recipient, "--store", str(store)]
    )
    assert told.exit_code == 0, told.output
    files = [path.read_bytes() for path in sorted((tmp_path / "copy").rglob("*")) if path.is_file()]
    copied = b"".join(files)
    assert whole not in files
    for word in (
        b"Xylophone",
        b"x_px",
        b"coordinates_e7",
        b"Along the road",
        b"gun",
        first["title"].encode(),
    ):
        assert word not in copied, word
    assert b"truceline/statement/1" in copied
    assert copy != whole


def marked(centre: Living, frame: str, number: str = "A:0001", **more: Any) -> tuple[dict[str, Any], str]:
    """Mark a thing; the answer, and the claim that it made."""
    done = centre.done(
        number, f"frames/{frame}/marks", {"x_px": 5, "y_px": 5, "kind": "vehicle", "n": 1, **more}
    )
    claim: str = centre.get(number, f"reports/{done['id']}").json()["claims"][0]
    return done, claim


def seen_of(centre: Living, claim: str) -> int:
    return int(centre.get("A:0001", f"claims/{claim}").json().get("version", 0))


def test_the_rule_of_two_pairs_of_eyes_is_passed_neither_by_mending_nor_by_undoing(centre: Living) -> None:
    fly(centre)
    first, second, _ = (one["id"] for one in frames(centre))
    _, claim = marked(centre, first)
    body = {"step": "supersede", "seen": seen_of(centre, claim), "mended": {"polarity": "negated"}}
    assert centre.post("A:0001", f"claims/{claim}/review", body).status_code == 403
    centre.done("A:0002", f"claims/{claim}/review", body)
    copy = next(
        one for one in centre.get("A:0001", "claims?limit=500").json()["items"] if one.get("mends") == claim
    )
    again = {**body, "seen": seen_of(centre, copy["id"]), "mended": {"polarity": "affirmed"}}
    own = centre.post("A:0001", f"claims/{copy['id']}/review", again)
    assert (own.status_code, own.json()["code"]) == (403, "review.second")

    done, claim = marked(centre, second, "A:0002")
    centre.done("A:0001", f"claims/{claim}/review", {"step": "accept", "seen": seen_of(centre, claim)})
    centre.done("A:0002", "corrections", {"entry": done["entry"], "step": "undo", "seen": done["version"]})
    _, mine = marked(centre, second, "A:0001")
    assert centre.get("A:0001", f"claims/{mine}").json()["review"]["state"] == "machine-read"


def test_a_sortie_may_be_undone_again_and_again_but_not_once_it_was_read(centre: Living) -> None:
    for _ in range(3):
        answer = fly(centre).json()["sortie"]
        centre.done(
            "A:0001", "corrections", {"entry": answer["entry"], "step": "undo", "seen": answer["version"]}
        )
        assert frames(centre) == []
    answer = fly(centre).json()["sortie"]
    marked(centre, frames(centre)[0]["id"])
    undo = centre.post(
        "A:0001", "corrections", {"entry": answer["entry"], "step": "undo", "seen": answer["version"]}
    )
    assert (undo.status_code, undo.json()["code"]) == (409, "sortie.read")
    assert len(frames(centre)) == 3


def test_a_sortie_entered_in_error_comes_back_whole_and_its_frames_are_not_read_meanwhile(
    centre: Living,
) -> None:
    answer = fly(centre).json()["sortie"]
    frame = frames(centre)[0]["id"]
    error = centre.done(
        "A:0001",
        "corrections",
        {"entry": answer["entry"], "step": "error", "seen": answer["version"], "reason": "other day"},
    )
    assert all("struck" in one for one in frames(centre))
    struck = centre.post("A:0001", f"frames/{frame}/clear", {"whole": True})
    assert (struck.status_code, struck.json()["code"]) == (409, "frame.struck")
    centre.done("A:0001", "corrections", {"entry": error["entry"], "step": "undo", "seen": error["version"]})
    assert not any("struck" in one for one in frames(centre))
    centre.done("A:0001", f"frames/{frame}/clear", {"whole": True})


def test_then_a_mark_is_judged_as_it_was_judged_then(centre: Living) -> None:
    fly(centre)
    frame = frames(centre)[0]["id"]
    done, claim = marked(centre, frame)
    centre.pass_time(days=2)
    centre.done("A:0002", f"claims/{claim}/review", {"step": "accept", "seen": seen_of(centre, claim)})
    centre.pass_time(days=2)
    centre.done("A:0001", "corrections", {"entry": done["entry"], "step": "error", "seen": centre.get(
        "A:0001", f"reports/{done['id']}").json()["version"], "reason": "a shadow"})  # fmt: skip
    address = f"/imagery/frames/{frame}?known_at="
    assert "one pair of eyes" in centre.get("A:0001", f"{address}2020-11-29").text
    assert "two pairs of eyes" in centre.get("A:0001", f"{address}2020-12-01").text
    assert "Nobody has read this frame" in centre.get("A:0001", f"/imagery/frames/{frame}").text


def test_what_lies_under_full_transparency_is_nothing_in_a_copy_and_deep_greys_stay_apart() -> None:
    from truceline.adapters.pictures import blurred  # noqa: PLC0415 - after Pillow was asked for

    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(out, format="PNG")
    assert Image.open(io.BytesIO(blurred(out.getvalue(), [(0, 0, 4, 4)]))).getpixel((20, 20)) == (0, 0, 0)
    deep = io.BytesIO()
    ramp = Image.new("I;16", (256, 4))
    ramp.putdata([256 * (n % 256) for n in range(1024)])
    ramp.save(deep, format="PNG")
    copy = Image.open(io.BytesIO(blurred(deep.getvalue(), [(0, 0, 1, 1)])))
    assert copy.getpixel((200, 2))[0] - copy.getpixel((100, 2))[0] == 100


def test_the_same_picture_twice_in_one_archive_is_taken_once(centre: Living) -> None:
    table = b"file,taken_at\na.png,2020-11-16T09:30:00Z\nb.png,2020-11-16T09:30:01Z\n"
    told = fly(centre, archive=packed(a__png=picture(), b__png=picture(), frames__csv=table)).json()
    assert (told["taken"], [one["code"] for one in told["refused"]]) == (1, ["sortie.copy"])
