"""Whatever an entry holds, it counts or is named; nothing that one party writes stops the reading of all."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.core.determinations import FIELDS, read_form
from truceline.core.errors import InputError
from truceline.determine import determine, events
from truceline.determine.events import Event, event_of
from truceline.determine.stage import fold
from truceline.ledger.authors import AuthorKey
from truceline.ledger.entry import Leaf
from truceline.ledger.stated import Stated
from truceline.testing.rounds import SHELLING, Play

ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = (
    "step", "incident", "number", "question", "meeting", "level", "urgency", "matters", "evidence", "digests",
    "escrow", "disclosures", "fields", "answer", "until", "of", "state", "end", "attended", "text",
)  # fmt: skip
STEPS = sorted(step for steps in events.STEPS.values() for step in steps)
WORDS = st.sampled_from(
    [
        "abstains",
        "awaits_instructions",
        "left",
        "agreed",
        "A",
        "B",
        "apart",
        "together",
        "urgent",
        0,
        1,
        [],
        {},
    ]
)
BODIES = st.dictionaries(st.sampled_from(KEYS), ANY | WORDS, max_size=8)


@given(
    st.lists(
        st.tuples(st.sampled_from(STEPS), st.sampled_from(["A", "B", "C", "centre"]), BODIES), max_size=6
    )
)
@settings(max_examples=300)
def test_an_entry_of_any_content_counts_or_is_named(steps: list[tuple[str, str, dict[str, Any]]]) -> None:
    play = Play().propose()
    for step, owner, body in steps:
        play.put(step, owner, {**body, "step": step}, "head", "duty")
    found = determine(play.rules, play.entries, play.at)
    assert found[0].id == play.round
    assert fold(play.rules, play.entries).rounds.keys() >= {play.round}


@given(
    ANY | st.sampled_from(STEPS),
    ANY | st.just("2020-11-16T08:00:00Z"),
    BODIES,
    st.sampled_from(sorted(events.STEPS)),
)
@settings(max_examples=300)
def test_a_payload_of_any_content_is_a_step_or_none(
    step: Any, at: Any, body: dict[str, Any], type_: str
) -> None:
    leaf = Leaf("truceline/m/demo", type_, "determination_x:a", 0, "", 0, 0, b"")
    payload = {"known_at": at, "owner": "A", "body": {**body, "step": step}}
    found = event_of(Stated(0, leaf, payload, tuple[AuthorKey, ...]()))
    assert found is None or isinstance(found, Event)


@given(
    st.dictionaries(st.sampled_from(FIELDS), ANY, max_size=10),
    st.sampled_from(["happening", "responsibility"]),
)
@settings(max_examples=300)
def test_a_form_of_any_content_is_read_or_refused_by_its_field(fields: dict[str, Any], question: str) -> None:
    for value in (fields, {**SHELLING, **fields}):
        try:
            form = read_form(value, question)
        except InputError as error:
            refused = (error.code, bool(error.where))
            assert refused == ("form.field", True)
        else:
            assert set(form.fields()) == set(FIELDS)
            assert read_form(form.fields(), question) == form


@pytest.mark.parametrize(
    "at", ["9999-12-31T23:59:59-12:00", "9999-12-31T23:59:59Z", "0001-01-01T00:00:00+12:00"]
)
def test_a_moment_at_the_edge_of_the_calendar_stops_nothing(at: str) -> None:
    leaf = Leaf("truceline/m/demo", "determination", "determination_x", 0, "", 0, 0, b"")
    payload = {"known_at": at, "owner": "A", "body": {"step": "propose"}}
    assert event_of(Stated(0, leaf, payload, ())) is None
    play = Play().propose().put("answer", "A", {"answer": "awaits_instructions", "until": at})
    assert play.stands().id == play.round
