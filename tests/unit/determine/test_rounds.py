"""How a round goes: sealed apart, opened together, ended as the positions say; silence says nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from truceline.core.determinations import Absence, End
from truceline.core.errors import InputError
from truceline.determine.rules import read_rules
from truceline.testing.rounds import SHELLING, Play, rules


def both(**b_says: Any) -> Play:
    """A round that both sealed and opened; B's form differs in some fields."""
    return Play().propose().seal("A").seal("B", **b_says).open("A").open("B")


def test_two_that_say_the_same_agree() -> None:
    found = both(reasons="We saw the craters.", basis=["report_two"]).stands()
    assert (found.end, found.phase) == (End.AGREED, "ended")
    assert all(outcome.is_agreed for outcome in found.outcomes)


@pytest.mark.parametrize(
    ("says", "end"),
    [
        ({"happened": "no", "kind": None, "where": None, "when": None, "clause": None}, End.DIFFERING),
        ({"breach": "no"}, End.IN_PART),
        ({"clause": "statement-2020#2"}, End.IN_PART),
        ({"where": {"place": "place:shusha"}}, End.IN_PART),
        ({"when": {"start": "2020-11-14T06:00:00Z", "end": "2020-11-14T08:00:00Z"}}, End.IN_PART),
    ],
)
def test_where_they_differ_the_end_says_so_and_both_are_shown(says: dict[str, Any], end: End) -> None:
    found = both(**says).stands()
    assert found.end is end
    differing = [outcome for outcome in found.outcomes if not outcome.is_agreed]
    assert differing
    assert all(set(outcome.says) == {"A", "B"} and outcome.value is None for outcome in differing)


@pytest.mark.parametrize(
    ("same", "end"),
    [
        ({"happened": "unable", "kind": None}, End.UNABLE),
        ({"breach": "outside_mandate"}, End.OUTSIDE),
        ({"happened": "no", "breach": "no"}, End.AGREED),
    ],
)
def test_the_end_follows_from_what_both_say(same: dict[str, Any], end: End) -> None:
    play = Play().propose().seal("A", **same).seal("B", **same).open("A").open("B")
    assert play.stands().end is end


def test_nothing_of_a_position_shows_before_the_round_opened() -> None:
    found = Play().propose().seal("A").stands()
    assert (found.end, found.outcomes, found.phase) == (None, (), "sealing")
    assert [side.opened for side in found.sides] == [None, None]


def test_a_seal_is_not_opened_while_the_other_may_still_answer() -> None:
    play = Play().propose().seal("A").open("A")
    assert play.refused() == "the round is not open: B may still answer"
    assert play.escrow("A").refused() == "the round is not open: B may still answer"
    assert play.stands().phase == "sealing"


def test_silence_is_shown_as_silence_once_the_clock_ran_out() -> None:
    play = Play().propose().seal("A").wait(hours=72).open("A")
    found = play.stands()
    assert found.end is End.ONE_SIDE
    assert [side.absence for side in found.sides] == [None, Absence.NO_RESPONSE]
    assert not any(outcome.is_agreed for outcome in found.outcomes)


def test_silence_of_all_ends_nothing() -> None:
    found = Play().propose().stands(hours=100)
    assert (found.end, found.outcomes) == (None, ())


@pytest.mark.parametrize(("urgency", "hours"), [("urgent", 2), ("serious", 24), ("routine", 72)])
def test_the_clock_is_the_procedures(urgency: str, hours: int) -> None:
    play = Play().propose(urgency=urgency).seal("A")
    assert "may still answer" in play.wait(hours=hours - 0.01).open("A").refused()
    assert play.wait(hours=0.01).open("A").refused() == ""


def test_whoever_awaits_instructions_is_waited_for() -> None:
    play = Play().propose().seal("A")
    play.put("answer", "B", {"answer": "awaits_instructions", "until": "2020-11-25T08:00:00Z"})
    found = play.stands(hours=100)
    assert found.sides[1].absence is Absence.AWAITS
    assert found.due_at.day == 25
    assert "may still answer" in play.wait(hours=100).open("A").refused()
    found = play.wait(days=10).open("A").stands()
    assert (found.end, found.sides[1].absence) == (End.ONE_SIDE, Absence.NO_RESPONSE)


def test_abstaining_is_an_answer_and_no_position() -> None:
    play = Play().propose().seal("A").put("answer", "B", {"answer": "abstains"}).open("A")
    found = play.stands()
    assert (found.end, found.sides[1].absence) == (End.ONE_SIDE, Absence.ABSTAINS)
    all_abstain = Play().propose()
    for letter in "AB":
        all_abstain.put("answer", letter, {"answer": "abstains"})
    assert all_abstain.stands().end is End.UNABLE


def test_who_sealed_and_does_not_open_is_named_and_the_escrow_opens() -> None:
    play = Play().propose().seal("A").seal("B").open("A")
    found = play.stands()
    assert [side.is_hindering for side in found.sides] == [False, True]
    assert found.end is None
    late = play.stands(hours=80)
    assert (late.end, late.sides[1].is_hindering) == (End.ONE_SIDE, True)
    found = play.escrow("B").stands()
    assert (found.end, found.sides[1].by_escrow, found.sides[1].is_hindering) == (End.AGREED, True, False)


def test_a_seal_is_recalled_until_the_round_opens() -> None:
    play = Play().propose().seal("A").put("recall", "A", {"reason": "a report came in"})
    assert play.refused() == ""
    play.seal("A", happened="unable").seal("B")
    assert play.put("recall", "A", {"reason": "too late"}).refused() == (
        "the round has opened: a position is recalled before that"
    )
    found = play.open("A").open("B").stands()
    assert (found.end, found.sides[0].n_recalled) == (End.DIFFERING, 1)


def test_a_change_of_shift_does_not_void_a_seal() -> None:
    play = Play().propose().seal("A", "duty").seal("B").open("A", "deputy").open("B", "head")
    assert play.stands().end is End.AGREED


def test_a_seal_that_is_opened_with_other_content_is_refused() -> None:
    play = Play().propose().seal("A").seal("B", breach="no")
    play.kept[play.round, "B"] = play.kept[play.round, "A"]
    assert "is not what was sealed" in play.open("B").refused()
    assert play.stands().sides[1].opened is None


def test_a_position_is_opened_as_a_whole() -> None:
    play = Play().propose().seal("A").seal("B")
    play.kept[play.round, "A"] = play.kept[play.round, "A"][1:]
    assert play.open("A").refused() == "a position is opened as a whole"


def test_a_second_seal_needs_a_recall() -> None:
    play = Play().propose().seal("A").seal("A")
    assert "sealed already" in play.refused()


def test_a_seal_always_holds_as_many_digests_as_a_form_has_fields() -> None:
    play = Play().propose().put("seal", "A", {"digests": ["a" * 43]})
    assert play.refused() == "a seal holds 10 digests in order"


def test_departure_lets_the_round_go_on_without_and_says_since_when() -> None:
    play = Play().propose().seal("A").wait(hours=1)
    play.put("presence", "B", {"state": "left", "reason": ""}, "head")
    found = play.open("A").stands()
    assert (found.end, found.sides[1].absence, found.sides[1].since) == (
        End.ONE_SIDE,
        Absence.LEFT,
        play.at,
    )


def test_a_delegation_alone_says_that_it_left() -> None:
    play = Play().propose().seal("A")
    event = play.put("presence", "B", {"state": "left"}, "head").entries.pop()
    play.entries.append(replace(event, signers=(("A", "head"),)))
    assert "may still answer" in play.open("A").refused()


def test_a_reserved_matter_needs_heads() -> None:
    play = Play().propose(question="responsibility")
    assert play.entries
    assert not play.n_rounds()
    play = Play().propose(matters=["casualties"])
    assert not play.n_rounds()
    play = Play().propose(level="confirmed").seal("A", "duty")
    assert play.refused() == "at the level confirmed a key of deputy or head signs"
    play = Play().propose().seal("A", kind="weapon_use").seal("B", kind="weapon_use").open("A")
    assert play.refused() == "weapons are determined at the level confirmed"


@pytest.mark.parametrize(
    ("a_says", "b_says", "end"),
    [
        ("party:armenia", "party:armenia", End.AGREED),
        ("unable", "unable", End.NOT_ATTRIBUTED),
        ("party:armenia", "party:azerbaijan", End.DIFFERING),
        ("party:armenia", "unable", End.DIFFERING),
    ],
)
def test_responsibility_is_a_round_of_its_own(a_says: str, b_says: str, end: End) -> None:
    play = Play().propose(question="responsibility", level="confirmed")
    play.seal("A", "head", responsible=a_says).seal("B", "head", responsible=b_says)
    assert play.open("A", "head").open("B", "deputy").stands().end is end


def test_who_answers_is_not_said_in_a_round_about_what_happened() -> None:
    with pytest.raises(InputError, match="in a round of its own"):
        Play().propose().seal("A", responsible="party:armenia")


def test_four_eyes_want_two_keys_of_a_delegation() -> None:
    play = Play(rules(four_eyes=True)).propose().seal("A", "duty")
    assert play.refused() == "two keys of the delegation sign"
    assert play.seal("A", "duty", "head").refused() == ""


def test_a_stranger_and_the_centre_determine_nothing() -> None:
    play = Play().propose().seal("C")
    assert play.refused() == "C determines nothing here"
    assert "determines nothing" in play.seal("centre").refused()


def test_a_round_again_needs_new_evidence_and_the_next_number() -> None:
    play = both()
    play.number = 1
    assert play.propose().n_rounds() == 1
    assert play.propose(evidence=["report_one", "report_new"]).n_rounds() == 2
    play.number = 3
    assert play.propose(evidence=["report_newer"]).n_rounds() == 2


def test_a_meeting_ends_by_a_text_that_all_sign() -> None:
    play = both(breach="no")
    play.number = 1
    play.propose(meeting="together")
    body = {"fields": SHELLING, "attended": ["A:0417", "B:0032"], "text": {"en": "We agree."}}
    assert "signed by all: B did not" in play.put("joint", "A", body).refused()
    event = play.put("joint", "centre", body).entries.pop()
    play.entries.append(replace(event, signers=(("A", "duty"), ("B", "duty"))))
    found = play.stands()
    assert (found.end, found.attended) == (End.AGREED, ("A:0417", "B:0032"))


def test_a_proposal_is_withdrawn_by_its_proposer_until_it_opens() -> None:
    assert "whoever proposed it" in Play().propose().put("withdraw", "B", {"reason": "x"}).refused()
    assert Play().propose().seal("A").put("withdraw", "A", {"reason": "x"}).stands().end is End.WITHDRAWN
    assert both().put("withdraw", "A", {"reason": "x"}).refused() == "the round has opened"


def test_a_recorded_outcome_stays_and_a_false_one_counts_for_nothing() -> None:
    play = Play().propose().seal("A").seal("B").open("A").wait(hours=80)
    assert "the entries give 'one_side_only'" in play.put("outcome", "centre", {"end": "agreed"}).refused()
    assert play.put("outcome", "centre", {"end": "one_side_only"}).refused() == ""
    assert "the round has ended" in play.open("B").refused()
    found = play.stands(days=100)
    assert (found.end, found.is_recorded) == (End.ONE_SIDE, True)


def test_nobody_states_an_outcome_in_its_own_name() -> None:
    assert both().put("outcome", "A", {"end": "agreed"}).refused() == "an outcome is computed: it is nobody's"


def test_a_chair_decides_where_no_agreement_is_reached_and_it_shows() -> None:
    chaired = rules(kind="chair", determiners=["A", "B", "C"], chair="C")
    play = Play(chaired).propose().seal("A").seal("B", breach="no").seal("C", breach="unable")
    found = play.open("A").open("B").open("C").stands()
    breach = next(outcome for outcome in found.outcomes if outcome.name == "breach")
    assert (found.end, breach.value, breach.is_by_chair) == (End.AGREED, "unable", True)


def test_k_of_n_agree_where_k_say_the_same_and_the_others_words_stay() -> None:
    play = Play(rules(kind="k-of-n", determiners=["A", "B", "C"], quorum=2)).propose()
    play.seal("A").seal("B", breach="no").seal("C").open("A").open("B").open("C")
    breach = next(outcome for outcome in play.stands().outcomes if outcome.name == "breach")
    assert (breach.is_agreed, breach.value, breach.says["B"]) == (True, "yes", "no")


def test_two_equal_groups_agree_on_nothing() -> None:
    play = Play(rules(kind="k-of-n", determiners=["A", "B", "C", "D"], quorum=2)).propose()
    for letter, breach in zip("ABCD", ("yes", "no", "yes", "no"), strict=True):
        play.seal(letter, breach=breach)
    for letter in "ABCD":
        play.open(letter)
    breach = next(outcome for outcome in play.stands().outcomes if outcome.name == "breach")
    assert (breach.is_agreed, breach.value) == (False, None)


def test_a_single_body_states_its_position_and_that_is_the_end() -> None:
    play = Play(rules(kind="single", determiners=["A"], quorum=1)).propose()
    play.put("state", "A", {"fields": SHELLING})
    assert play.stands().end is End.AGREED


def test_where_two_may_differ_a_position_is_not_stated_unsealed() -> None:
    assert "is sealed" in Play().propose().put("state", "A", {"fields": SHELLING}).refused()


def test_an_entry_of_another_form_is_named_and_changes_nothing() -> None:
    play = Play().propose().put("seal", "A", {})
    assert "not in the form of its step" in play.refused()
    assert play.seal("A").refused() == ""


def test_a_record_without_a_procedure_is_refused_in_one_line() -> None:
    with pytest.raises(InputError, match="states no procedure"):
        read_rules({"kind": "two-key"})
