"""What a round refuses: whoever plays with clocks, seals, ranks or the order of things gains nothing by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from truceline.core.determinations import End
from truceline.core.errors import InputError
from truceline.testing.rounds import SHELLING, Play, rules


def test_nobody_is_late_for_a_round_that_was_not_in_the_record_yet() -> None:
    play = Play().propose(urgency="urgent")
    play.entries.pop()
    assert "may still answer" in play.seal("A").wait(hours=30).open("A").refused()
    assert play.stands(days=30).end is None
    play.put("start", "centre", {}).wait(hours=1)
    assert "may still answer" in play.open("A").refused()
    assert play.wait(hours=1).open("A").refused() == ""
    assert play.stands().started_at == play.at - timedelta(hours=2)


def test_only_whoever_keeps_the_record_starts_a_clock_and_once() -> None:
    play = Play().propose()
    assert "keeps the record" in play.put("start", "A", {}).refused()
    assert "runs already" in play.put("start", "centre", {}).refused()


def test_nobody_seals_what_another_sealed_and_opens_it_with_the_others_words() -> None:
    play = Play().propose().seal("A")
    digests = play.entries[-1].body["digests"]
    assert play.put("seal", "B", {"digests": digests}).refused() == (
        "it repeats a digest that another delegation sealed"
    )
    play.put("recall", "A", {"reason": "x"}).seal("A", reasons="Another.")
    assert "repeats a digest" in play.put("seal", "B", {"digests": digests}).refused()
    assert play.seal("B").refused() == ""


def test_a_joint_text_about_a_reserved_matter_needs_heads() -> None:
    play = Play().propose(meeting="together")
    body = {"fields": {**SHELLING, "kind": "casualties"}, "attended": ["A:0417"], "text": {"en": "We agree."}}
    event = play.put("joint", "centre", body).entries.pop()
    play.entries.append(replace(event, signers=(("A", "duty"), ("B", "duty"))))
    assert play.refused() == "casualties are determined at the level confirmed"


def test_a_watch_officer_does_not_say_that_the_delegation_left() -> None:
    play = Play().propose().seal("A").put("presence", "B", {"state": "left"}, "duty")
    assert "may still answer" in play.open("A").refused()


def test_abstaining_takes_the_rank_that_a_position_takes() -> None:
    play = Play().propose(level="confirmed").put("answer", "B", {"answer": "abstains"}, "duty")
    assert play.refused() == "at the level confirmed a key of deputy or head signs"


def test_a_round_that_was_withdrawn_takes_nobodys_right_to_ask() -> None:
    play = Play().propose().put("withdraw", "A", {"reason": "x"})
    play.number = 1
    assert play.propose("B").n_rounds() == 2


def test_a_round_between_is_no_way_around_new_evidence() -> None:
    play = Play().propose().seal("A").seal("B").open("A").open("B")
    play.number = 1
    assert play.propose(meeting="together").n_rounds() == 2
    play.number = 2
    assert play.propose().n_rounds() == 2


def test_a_quorum_that_nobody_can_meet_or_that_asks_for_nobody_is_refused() -> None:
    for quorum in (0, 3):
        with pytest.raises(InputError, match="a quorum of"):
            rules(quorum=quorum)


def test_instructions_are_awaited_before_the_clock_ran_out_not_after() -> None:
    until = {"answer": "awaits_instructions", "until": "2020-12-25T08:00:00Z"}
    play = Play().propose().seal("A").wait(hours=72).put("answer", "B", until)
    assert play.refused() == "the round has opened"
    assert play.open("A").refused() == ""


def test_in_a_meeting_one_may_await_instructions_after_the_other_spoke() -> None:
    until = {"answer": "awaits_instructions", "until": "2020-11-25T08:00:00Z"}
    play = Play().propose(meeting="together").put("state", "A", {"fields": SHELLING})
    assert play.put("answer", "B", until).refused() == ""
    assert play.stands(hours=100).end is None
    assert play.put("state", "B", {"fields": SHELLING}).stands().end is End.AGREED


def test_a_round_is_not_withdrawn_once_all_have_sealed() -> None:
    play = Play().propose().seal("A").seal("B").put("withdraw", "A", {"reason": "x"})
    assert play.refused() == "the round has opened"
    play = Play().propose().put("withdraw", "A", {"reason": "x"}).put("withdraw", "A", {"reason": "x"})
    assert play.refused() == "the round was withdrawn"
    assert play.seal("A").refused() == "the round was withdrawn"


def test_a_seal_brings_what_the_escrow_can_open_where_there_is_one() -> None:
    play = Play(rules(escrow="ab" * 32)).propose().seal("A")
    assert play.refused() == "a seal brings what its escrow can open"
    body = {**play.entries[-1].body, "escrow": "c2VhbGVk"}
    assert play.put("seal", "A", body).refused() == ""


@pytest.mark.parametrize(("seen_size", "is_marked"), [(3, True), (4, False), (None, False)])
def test_a_seal_that_came_after_anothers_opening_was_signed_is_marked(
    seen_size: int | None, is_marked: bool
) -> None:
    play = Play().propose().seal("A").seal("B").wait(hours=72).open("A")
    event = play.entries.pop()
    play.entries.append(replace(event, seen_size=seen_size))
    found = play.open("B").stands()
    assert [side.is_after_opening for side in found.sides] == [False, is_marked]
    assert found.end is End.AGREED


def test_a_round_of_heads_is_held_at_their_level() -> None:
    assert Play().propose(meeting="heads").n_rounds() == 0
    assert Play().propose(meeting="heads", level="confirmed").n_rounds() == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"urgency": "some day"},
        {"matters": ["weather"], "level": "confirmed"},
        {"question": "guilt"},
        {"meeting": "by letter"},
        {"level": "final"},
        {"incident": "incident_other"},
    ],
)
def test_a_proposal_that_the_procedure_does_not_know_is_none(changes: dict[str, Any]) -> None:
    assert Play().propose(**changes).n_rounds() == 0


def test_a_stranger_proposes_nothing() -> None:
    assert Play().propose("C").n_rounds() == 0
    assert Play().propose("centre").n_rounds() == 1


def test_what_counts_is_not_named_as_if_it_did_not() -> None:
    assert Play().propose().seal("A").seal("B").open("A").open("B").stands().ignored == ()


def test_nothing_is_sealed_in_a_meeting() -> None:
    assert "nothing is sealed" in Play().propose(meeting="together").seal("A").refused()


def test_nobody_seals_after_the_clock_ran_out_on_him_or_after_the_opening() -> None:
    play = Play().propose().seal("A").wait(hours=72).seal("B")
    assert play.refused() == "the round has opened"
    play = Play().propose().seal("A").wait(hours=72).open("A").wait(hours=-2).seal("B")
    assert play.refused() == "the round has opened"


def test_a_digest_is_a_sha_256() -> None:
    digests = [*sorted(f"{n}" * 43 for n in range(9)), "9" * 42]
    assert Play().propose().put("seal", "A", {"digests": digests}).refused() == "a digest is no SHA-256"


def test_a_recall_takes_a_seal_and_its_rank() -> None:
    assert Play().propose().put("recall", "A", {"reason": "x"}).refused() == "there is no seal to recall"
    play = Play().propose(level="confirmed").seal("A", "head").put("recall", "A", {"reason": "x"}, "duty")
    assert play.refused() == "at the level confirmed a key of deputy or head signs"


def test_only_what_was_sealed_is_opened_and_once() -> None:
    body = {"disclosures": []}
    play = Play().propose().seal("A").put("answer", "B", {"answer": "abstains"})
    assert play.put("open", "B", body).refused() == "B has sealed nothing"
    assert play.put("escrow", "centre", {"of": "C", **body}).refused() == "C determines nothing here"
    assert play.open("A").open("A").refused() == "A's position is open already"
    assert play.escrow("A").refused() == "A's position is open already"


def test_what_the_escrow_opens_marks_nobodys_seal() -> None:
    play = Play().propose().seal("A").seal("B").escrow("A")
    event = play.entries.pop()
    play.entries.append(replace(event, seen_size=0))
    assert [side.is_after_opening for side in play.stands().sides] == [False, False]


def test_a_position_is_stated_once_and_by_a_determiner() -> None:
    play = Play().propose(meeting="together").put("state", "C", {"fields": SHELLING})
    assert play.refused() == "C determines nothing here"
    play.put("state", "A", {"fields": SHELLING}).put("state", "A", {"fields": SHELLING})
    assert play.refused() == "it has stated its position already"


def test_an_answer_is_a_determiners_own_and_instead_of_a_position() -> None:
    play = Play().propose().put("answer", "C", {"answer": "abstains"})
    assert play.refused() == "C determines nothing here"
    assert play.put("answer", "A", {"answer": "perhaps"}).refused() == "'perhaps' is no answer"
    assert "a seal is recalled first" in play.seal("A").put("answer", "A", {"answer": "abstains"}).refused()
    event = play.put("answer", "B", {"answer": "awaits_instructions", "until": "2020-12-01T00:00:00Z"})
    unsigned = event.entries.pop()
    play.entries.append(replace(unsigned, signers=(("A", "head"),)))
    assert play.refused() == "B determines nothing here"


def test_a_joint_text_needs_words_and_those_who_were_there_and_comes_once() -> None:
    signers = {"signers": (("A", "duty"), ("B", "duty"))}

    def joint(play: Play, **changes: Any) -> str:
        body = {"fields": SHELLING, "attended": ["A:0417"], "text": {"en": "We agree."}, **changes}
        event = play.put("joint", "centre", body).entries.pop()
        play.entries.append(replace(event, **signers))
        return play.refused()

    assert joint(Play().propose()) == "a round that is held apart has no joint text"
    play = Play().propose(meeting="together")
    for changes in ({"attended": []}, {"attended": [417]}, {"text": "We agree."}):
        assert "says who attended" in joint(play, **changes)
    assert joint(play) == ""
    assert joint(play) == "the round has ended"
    eyes = Play(rules(four_eyes=True)).propose(meeting="together")
    assert joint(eyes) == "two keys of each delegation sign"
