"""Nothing leaves but through one gate, by mark, owner and realm."""

from __future__ import annotations

from dataclasses import replace

import pytest

from truceline.core.errors import InputError
from truceline.core.release import SERVED, Realm, check_recipient, is_served, may_receive
from truceline.publish import PublishInput, publish
from truceline.publish.gate import released, released_features
from truceline.publish.stage import gated

EVERYONE = ("public", "joint", "A", "B", "party:armenia", "party:azerbaijan")


def _may(mark: str, recipient: str, owner: str = "A", realm: Realm = Realm.DEMO) -> bool:
    return may_receive(recipient, owner=owner, release=mark, realm=realm, of_realm=Realm.DEMO)


@pytest.mark.parametrize(
    ("mark", "recipients"),
    [
        ("public", set(EVERYONE)),
        ("joint", {"joint", "A", "B"}),
        ("party:armenia", {"party:armenia", "A"}),
        ("owner", {"A"}),
    ],
)
def test_a_mark_opens_to_its_recipients_and_its_owner_alone(mark: str, recipients: set[str]) -> None:
    assert {who for who in EVERYONE if _may(mark, who)} == recipients


@pytest.mark.parametrize("mark", ["owner", "party:azerbaijan", "joint"])
def test_an_owner_named_like_an_audience_opens_nothing(mark: str) -> None:
    assert not _may(mark, "public", owner="public")
    assert _may(mark, "joint", owner="joint") == (mark == "joint")


def test_a_party_that_owns_receives_its_own() -> None:
    assert _may("owner", "party:armenia", owner="party:armenia")
    assert not _may("owner", "party:azerbaijan", owner="party:armenia")


@pytest.mark.parametrize(
    "word",
    ["", "zzz", "owner", "centre", "a", "C", "party:", "party:Armenia", "party:a b", "public ", "JOINT"],
)
def test_nobody_known_is_refused_even_where_there_is_nothing_to_give(word: str) -> None:
    with pytest.raises(InputError, match="no recipient"):
        check_recipient(word)
    with pytest.raises(InputError, match="no recipient"):
        _may("public", word)
    with pytest.raises(InputError, match="no recipient"):
        released((), word, Realm.DEMO)


def test_no_realm_meets_another_even_in_public() -> None:
    assert not _may("public", "public", realm=Realm.LIVE)
    assert not _may("owner", "A", realm=Realm.EXERCISE)


def test_a_post_with_a_real_site_never_leaves() -> None:
    real = {"properties": {"layer": "post", "release": "public", "illustrative": False}}
    made_up = {"properties": {"layer": "post", "release": "public", "illustrative": True}}
    unmarked = {"properties": {"layer": "zone"}}
    assert released_features([real, made_up, unmarked], "public") == (made_up,)


@pytest.mark.parametrize(
    "name",
    [
        "claims.jsonl",
        "obligations.json",
        "picture.geojson",
        "store.db",
        "a/board.html",
        "notes.pdf",
        "report.pdf",
    ],
)
def test_what_has_not_passed_the_gate_is_not_served(name: str) -> None:
    assert not is_served(name)


def test_pages_and_papers_are_served() -> None:
    assert SERVED == ("board.html", "map.html", "report.*.pdf")
    assert all(map(is_served, ("board.html", "map.html", "report.ar.pdf", "report.en.pdf")))


def test_a_figure_that_rests_on_what_stays_inside_falls_away(example: PublishInput) -> None:
    figures = example.steps[-1].counters
    first = next(counter for counter in figures if counter.claims)
    closed = replace(
        example,
        claims=tuple(replace(c, release="owner") if c.id in first.claims else c for c in example.claims),
    )
    left = gated(closed).steps[-1].counters
    assert first not in left
    assert first in gated(example).steps[-1].counters


def test_what_stays_inside_is_in_no_part_of_an_edition(example: PublishInput) -> None:
    inside = "ZZZ-NOT-TO-BE-READ"
    first = example.claims[1]
    hidden = replace(first, evidence=replace(first.evidence, text=inside), release="owner", owner="A")
    closed = replace(example, claims=(example.claims[0], hidden, *example.claims[2:]))
    public = publish(closed, "en")
    assert inside not in repr(replace(public, words=public.words.__class__("en", "ltr", {})))
    assert inside in repr(publish(replace(closed, recipient="A"), "en").board)


def test_an_incident_of_another_owner_leaves_no_mark_and_no_row(example: PublishInput) -> None:
    steps = tuple(
        replace(step, incidents=tuple(replace(i, release="joint") for i in step.incidents))
        for step in example.steps
    )
    edition = publish(replace(example, steps=steps), "en")
    assert edition.report.incidents == ()
    assert edition.map.tables[0].rows == ()
    assert 'class="inc"' not in edition.map.drawing.inner
