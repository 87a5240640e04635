"""Nothing leaves but through one gate, by mark, owner and realm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truceline.core.release import Realm
from truceline.publish import PublishInput, publish
from truceline.publish.gate import OUTGOING, may_leave, released_features


def _may(mark: str, recipient: str, owner: str = "delegation:a", realm: Realm = Realm.DEMO) -> bool:
    return may_leave(mark, owner, realm, recipient=recipient, to_realm=Realm.DEMO)


@pytest.mark.parametrize(
    ("mark", "recipients"),
    [
        ("public", {"public", "joint", "party:armenia", "party:azerbaijan", "delegation:a", "delegation:b"}),
        ("joint", {"joint", "delegation:a"}),
        ("party:armenia", {"party:armenia", "delegation:a"}),
        ("owner", {"delegation:a"}),
    ],
)
def test_a_mark_opens_to_its_recipients_alone(mark: str, recipients: set[str]) -> None:
    everyone = {"public", "joint", "party:armenia", "party:azerbaijan", "delegation:a", "delegation:b"}
    assert {who for who in everyone if _may(mark, who)} == recipients


def test_no_realm_meets_another_even_in_public() -> None:
    assert not _may("public", "public", realm=Realm.LIVE)
    assert not _may("owner", "delegation:a", realm=Realm.EXERCISE)


def test_a_post_with_a_real_site_never_leaves() -> None:
    real = {"properties": {"layer": "post", "release": "public", "illustrative": False}}
    made_up = {"properties": {"layer": "post", "release": "public", "illustrative": True}}
    unmarked = {"properties": {"layer": "zone"}}
    assert released_features([real, made_up, unmarked], "public") == (made_up,)


def test_the_list_of_outgoing_paths_is_complete() -> None:
    assert OUTGOING == ("board.html", "map.html", "report.<lang>.pdf")


def test_what_stays_inside_is_in_no_part_of_an_edition(example: PublishInput) -> None:
    inside = "ZZZ-NOT-TO-BE-READ"
    first = example.claims[1]
    hidden = replace(
        first, evidence=replace(first.evidence, text=inside), release="owner", owner="delegation:a"
    )
    closed = replace(example, claims=(example.claims[0], hidden, *example.claims[2:]))
    public = publish(closed, "en")
    assert inside not in repr(replace(public, words=public.words.__class__("en", "ltr", {})))
    assert inside in repr(publish(replace(closed, recipient="delegation:a"), "en").board)


def test_an_incident_of_another_owner_leaves_no_mark_and_no_row(example: PublishInput) -> None:
    steps = tuple(
        replace(step, incidents=tuple(replace(i, release="joint") for i in step.incidents))
        for step in example.steps
    )
    edition = publish(replace(example, steps=steps), "en")
    assert edition.report.incidents == ()
    assert edition.map.tables[0].rows == ()
    assert 'class="inc"' not in edition.map.drawing.inner
