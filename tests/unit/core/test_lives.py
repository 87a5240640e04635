"""What people enter, as data: states, phrases and schemas that hold together."""

from __future__ import annotations

from typing import get_args

import pytest

from truceline.app.wiring import load_forms
from truceline.core.claims import ReviewState
from truceline.core.errors import ConfigError, ConflictError, InputError
from truceline.core.lives import read_life, read_phrases

STEP = {"act": "end", "from": ["begun"], "to": "ended"}


def test_the_states_of_a_claim_are_those_of_a_review() -> None:
    life = load_forms().lives["claim"]
    assert {life.start, *life.steps.values()} == set(get_args(ReviewState))


def test_every_kind_begins_in_a_state_and_every_step_leads_from_one_that_is_reached() -> None:
    for life in load_forms().lives.values():
        reached = {life.start, *life.steps.values()}
        assert {state for _, state in life.steps} <= reached, life.name


def test_an_act_that_a_state_does_not_allow_is_refused_with_those_that_do() -> None:
    life = read_life("talk", {"start": "begun", "steps": [STEP], "reasons": ["tired"]})
    assert life.after("begun", "end") == "ended"
    with pytest.raises(ConflictError, match="it can where it is begun"):
        life.after("ended", "end")
    assert life.reason("tired") == "tired"
    with pytest.raises(InputError, match="use tired"):
        life.reason("bored")


@pytest.mark.parametrize(
    "steps", [[STEP, {**STEP, "to": "other"}], [{"act": "end"}], [{**STEP, "from": None}]]
)
def test_a_table_that_contradicts_itself_is_refused(steps: list[object]) -> None:
    with pytest.raises(ConfigError):
        read_life("talk", {"start": "begun", "steps": steps})


def test_a_phrase_that_leaves_a_parameter_out_or_shares_a_key_is_refused() -> None:
    good = {"id": "a", "key": "1", "parameters": ["place"], "words": {"en": "near {place}"}}
    assert list(read_phrases([good])) == ["a"]
    with pytest.raises(ConfigError, match="lacks"):
        read_phrases([{**good, "words": {"en": "near it"}}])
    with pytest.raises(ConfigError, match="two phrases"):
        read_phrases([good, {**good, "id": "b"}])
