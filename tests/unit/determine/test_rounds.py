"""How a round goes: sealed apart, opened together, ended as the positions say; silence says nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from truceline.core.determinations import Absence, End
from truceline.core.errors import InputError
from truceline.determine import determine
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
    play.entries.append(type(event)(**{**_plain(event), "signers": (("A", "head"),)}))
    assert "may still answer" in play.open("A").refused()


def _plain(event: Any) -> dict[str, Any]:
    return {name: getattr(event, name) for name in type(event).__slots__}


def test_a_reserved_matter_needs_heads() -> None:
    play = Play().propose(question="responsibility")
    assert play.entries
    assert not _rounds(play)
    play = Play().propose(matters=["casualties"])
    assert not _rounds(play)
    play = Play().propose(level="confirmed").seal("A", "duty")
    assert play.refused() == "at the level confirmed a key of deputy or head signs"
    play = Play().propose().seal("A", kind="weapon_use").seal("B", kind="weapon_use").open("A")
    assert play.refused() == "weapons are determined at the level confirmed"


def _rounds(play: Play) -> int:
    return len(determine(play.rules, play.entries, play.at))


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
    assert _rounds(play.propose()) == 1
    assert _rounds(play.propose(evidence=["report_one", "report_new"])) == 2
    play.number = 3
    assert _rounds(play.propose(evidence=["report_newer"])) == 2


def test_a_meeting_ends_by_a_text_that_all_sign() -> None:
    play = both(breach="no")
    play.number = 1
    play.propose(meeting="together")
    body = {"fields": SHELLING, "attended": ["A:0417", "B:0032"], "text": {"en": "We agree."}}
    assert "signed by all: B did not" in play.put("joint", "A", body).refused()
    event = play.put("joint", "centre", body).entries.pop()
    play.entries.append(type(event)(**{**_plain(event), "signers": (("A", "duty"), ("B", "duty"))}))
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
    play.entries.append(type(event)(**{**_plain(event), "signers": (("A", "duty"), ("B", "duty"))}))
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
    assert _rounds(play.propose("B")) == 2


def test_a_round_between_is_no_way_around_new_evidence() -> None:
    play = both()
    play.number = 1
    assert _rounds(play.propose(meeting="together")) == 2
    play.number = 2
    assert _rounds(play.propose()) == 2


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
    play.entries.append(type(event)(**{**_plain(event), "seen_size": seen_size}))
    found = play.open("B").stands()
    assert [side.is_after_opening for side in found.sides] == [False, is_marked]
    assert found.end is End.AGREED


def test_a_round_of_heads_is_held_at_their_level() -> None:
    assert _rounds(Play().propose(meeting="heads")) == 0
    assert _rounds(Play().propose(meeting="heads", level="confirmed")) == 1


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
    assert _rounds(Play().propose(**changes)) == 0


def test_a_stranger_proposes_nothing() -> None:
    assert _rounds(Play().propose("C")) == 0
    assert _rounds(Play().propose("centre")) == 1


def test_what_counts_is_not_named_as_if_it_did_not() -> None:
    assert both().stands().ignored == ()


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
    play.entries.append(type(event)(**{**_plain(event), "seen_size": 0}))
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
    play.entries.append(type(unsigned)(**{**_plain(unsigned), "signers": (("A", "head"),)}))
    assert play.refused() == "B determines nothing here"


def test_a_joint_text_needs_words_and_those_who_were_there_and_comes_once() -> None:
    signers = {"signers": (("A", "duty"), ("B", "duty"))}

    def joint(play: Play, **changes: Any) -> str:
        body = {"fields": SHELLING, "attended": ["A:0417"], "text": {"en": "We agree."}, **changes}
        event = play.put("joint", "centre", body).entries.pop()
        play.entries.append(type(event)(**{**_plain(event), **signers}))
        return play.refused()

    assert joint(Play().propose()) == "a round that is held apart has no joint text"
    play = Play().propose(meeting="together")
    for changes in ({"attended": []}, {"attended": [417]}, {"text": "We agree."}):
        assert "says who attended" in joint(play, **changes)
    assert joint(play) == ""
    assert joint(play) == "the round has ended"
    eyes = Play(rules(four_eyes=True)).propose(meeting="together")
    assert joint(eyes) == "two keys of each delegation sign"
