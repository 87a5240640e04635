from __future__ import annotations

import json
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

from truceline.assess import assess
from truceline.core.pictures import Picture
from truceline.link import link
from truceline.picture import picture


def shown(make: SimpleNamespace, claims: list[Any], known: str, **rest: Any) -> Picture:
    mission = rest.pop("mission", None) or make.mission(make.duty())
    moment = make.at(known)
    incidents = link(claims, mission, known_at=moment)
    statuses = assess(mission, claims, incidents, known_at=moment)
    return picture(mission, claims, incidents, statuses, known_at=moment, **rest)


def layer(found: Picture, name: str) -> list[dict[str, Any]]:
    return [f for f in found.features["features"] if f["properties"]["layer"] == name]


def test_every_feature_has_the_properties_of_the_model_and_is_plain_json(make: SimpleNamespace) -> None:
    claims = [
        make.posts(),
        make.claim("attack", day="2020-11-14", at_=("place:hill",)),
        make.claim("jamming", day="2020-11-14", at_=("place:mill",)),
    ]
    found = shown(make, claims, "2020-11-16")
    assert found.features["type"] == "FeatureCollection"
    for feature in found.features["features"]:
        assert {"layer", "id", "label", "valid_at", "illustrative", "release"} <= set(feature["properties"])
    assert json.loads(json.dumps(found.features)) == found.features
    assert {f["properties"]["layer"] for f in found.features["features"]} == {
        "zone", "line", "post", "incident", "exposure", "restriction",
    }  # fmt: skip


def test_a_disputed_line_says_so_with_its_source_and_only_in_its_days(make: SimpleNamespace) -> None:
    line = layer(shown(make, [], "2020-11-16"), "line")[0]["properties"]
    assert (line["disputed"], line["source"]) == (True, "made up")
    mission = make.mission(make.duty())
    ended = replace(mission, lines=(replace(mission.lines[0], valid_to="2020-11-12"),))
    assert layer(shown(make, [], "2020-11-16", mission=ended), "line") == []


def test_a_post_is_manned_only_where_claims_say_so_and_a_real_position_never_leaves(
    make: SimpleNamespace,
) -> None:
    assert layer(shown(make, [], "2020-11-16"), "post")[0]["properties"]["manned"] is False
    assert layer(shown(make, [make.posts()], "2020-11-16"), "post")[0]["properties"]["manned"] is True
    mission = make.mission(make.duty())
    real = replace(mission, posts=(replace(mission.posts[0], illustrative=False),))
    marks = [
        layer(shown(make, [], "2020-11-16", mission=m), "post")[0]["properties"]["release"]
        for m in (mission, real)
    ]
    assert marks == ["public", "owner"]


def test_exposure_is_internal_to_its_owner(make: SimpleNamespace) -> None:
    seen = layer(shown(make, [make.posts()], "2020-11-16"), "exposure")[0]["properties"]
    assert (seen["state"], seen["release"]) == ("posts present, coverage not computed", "owner")


def test_an_incident_without_a_position_is_kept_without_geometry(make: SimpleNamespace) -> None:
    found = shown(make, [make.claim("attack", day="2020-11-14", at_=())], "2020-11-16")
    assert layer(found, "incident")[0]["geometry"] is None


def test_only_a_refusal_is_drawn_as_a_restriction(make: SimpleNamespace) -> None:
    shut, passed = (
        make.claim("freedom_of_movement", day="2020-11-14", polarity=word, at_=("place:hill",), n=n)
        for n, word in enumerate(("affirmed", "negated"))
    )
    drawn = layer(shown(make, [shut, passed], "2020-12-01"), "restriction")
    assert [feature["properties"]["id"] for feature in drawn] == [shut.id]


def test_a_future_happening_is_not_on_the_map_yet(make: SimpleNamespace) -> None:
    claims = [make.claim("attack", day="2020-11-14", at_=("place:hill",))]
    earlier = shown(make, claims, "2020-11-16", valid_at=make.at("2020-11-12"))
    assert layer(earlier, "incident") == []


def test_going_on_and_then_completed_is_a_series_without_conflict(make: SimpleNamespace) -> None:
    moves = [
        make.claim(
            "force_deployment", subtype="going on", day="2020-11-16", known="2020-11-16", actors=("party:c",)
        ),
        make.claim(
            "force_deployment", subtype="completed", day="2020-11-20", known="2020-11-21", actors=("party:c",)
        ),
    ]
    series = shown(make, moves, "2020-11-22").series
    assert [s.topic for s in series] == ["force_deployment/party:c"]
    assert [step.state for step in series[0].steps] == ["going on", "completed"]
    assert not series[0].is_conflict


def test_a_step_back_or_a_yes_and_a_no_is_a_conflict(make: SimpleNamespace) -> None:
    done = make.claim(
        "force_deployment", subtype="completed", day="2020-11-15", known="2020-11-16", actors=("party:c",)
    )
    back = make.claim(
        "force_deployment", subtype="going on", day="2020-11-20", known="2020-11-21", actors=("party:c",)
    )
    no = make.claim(
        "force_deployment", day="2020-11-15", polarity="negated", actors=("party:c",), by="office:b-mod", n=3
    )
    assert shown(make, [done, back], "2020-11-22").series[0].is_conflict
    assert shown(make, [done, no], "2020-11-22").series[0].is_conflict


def test_the_timeline_marks_what_happened_what_was_entered_and_what_falls_due(make: SimpleNamespace) -> None:
    duty = make.duty("dated", due="2020-11-15", place="place:district")
    mission = make.mission(duty, amendments=(make.amendment("obl:duty", "2020-11-25"),))
    claims = [
        make.claim("attack", day="2020-11-14", known="2020-11-15", at_=("place:hill",)),
        make.claim("deadline_extended", known="2020-11-16", due="2020-11-25", modality="obligated"),
    ]
    marks = shown(make, claims, "2020-11-20", mission=mission).timeline
    assert [(m.kind, m.label) for m in marks if m.kind != "entered"] == [
        ("happened", "Hill"), ("amended", "2020-11-15"), ("due", "2020-11-25"),
    ]  # fmt: skip
    assert [m.known_at for m in marks if m.kind == "entered"] == [
        make.at("2020-11-15"),
        make.at("2020-11-16"),
    ]


def test_a_picture_from_publication_dates_says_so(make: SimpleNamespace) -> None:
    live = make.claim("attack", day="2020-11-14", known_basis="received")
    assert shown(make, [live], "2020-11-16").basis == "received"
    assert shown(make, [live, make.posts()], "2020-11-16").basis == "reconstructed from publication dates"


def test_nothing_known_is_an_empty_picture(make: SimpleNamespace) -> None:
    mission = make.mission(make.duty())
    found = picture(mission, (), (), (), known_at=None)
    assert found.counters == ()
    assert found.timeline == ()
