"""What holds for every round: the mirror, the order, the silence, and that nothing shows early."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from truceline.core.determinations import BREACH, HAPPENED, Determination, End
from truceline.determine import determine
from truceline.determine.events import Event
from truceline.testing.rounds import SHELLING, Play, rules

SPOTS = st.fixed_dictionaries(
    {
        "place": st.sampled_from([None, "place:hadrut", "place:shusha"]),
        "lon_e7": st.integers(469_900_000, 470_100_000),
        "lat_e7": st.integers(394_900_000, 395_100_000),
        "precision_m": st.sampled_from([0, 500, 2000]),
    }
)
SPANS = st.tuples(st.integers(0, 20), st.integers(0, 3)).map(
    lambda pair: {
        "start": f"2020-11-15T{pair[0]:02}:00:00Z",
        "end": f"2020-11-15T{pair[0] + pair[1]:02}:30:00Z",
    }
)
FORMS = st.fixed_dictionaries(
    {
        "happened": st.sampled_from(HAPPENED),
        "breach": st.sampled_from(BREACH),
        "kind": st.sampled_from([None, "ceasefire_violation", "explosion"]),
        "where": st.none() | SPOTS,
        "when": st.none() | SPANS,
        "clause": st.sampled_from([None, "statement-2020#1"]),
    }
)
MIRROR = {"A": "B", "B": "A"}
STEPS = st.lists(
    st.tuples(
        st.sampled_from(["seal", "open", "recall", "escrow", "abstain", "await", "leave", "outcome"]),
        st.sampled_from("AB"),
        st.integers(0, 40),
        FORMS,
    ),
    max_size=9,
)


def play(steps: list[tuple[str, str, int, dict[str, Any]]]) -> Play:
    """Any steps at all, sensible or not, of both."""
    game = Play().propose(owner="centre")
    for step, owner, hours, form in steps:
        game.wait(hours=hours)
        sealed = (game.round, owner) in game.kept
        if step == "seal":
            game.seal(owner, **form)
        elif step == "open" and sealed:
            game.open(owner)
        elif step == "escrow" and sealed:
            game.escrow(owner)
        elif step == "recall":
            game.put("recall", owner, {"reason": ""})
        elif step == "abstain":
            game.put("answer", owner, {"answer": "abstains"})
        elif step == "await":
            until = f"2020-11-{17 + hours // 5:02}T08:00:00Z"
            game.put("answer", owner, {"answer": "awaits_instructions", "until": until})
        elif step == "leave":
            game.put("presence", owner, {"state": "left"}, "head")
        elif step == "outcome":
            found = game.stands().end
            game.put("outcome", "centre", {"end": found})
    return game


def mirrored(events: list[Event]) -> list[Event]:
    out = []
    for event in events:
        body = {**event.body, "of": MIRROR[event.body["of"]]} if "of" in event.body else event.body
        signers = tuple((MIRROR[owner], role) for owner, role in event.signers)
        out.append(replace(event, owner=MIRROR.get(event.owner, event.owner), signers=signers, body=body))
    return out


def turned(found: Determination) -> Determination:
    """The same determination with the letters exchanged."""
    sides = tuple(
        sorted((replace(one, letter=MIRROR[one.letter]) for one in found.sides), key=lambda s: s.letter)
    )
    outcomes = tuple(
        replace(one, says={MIRROR[letter]: said for letter, said in sorted(one.says.items(), reverse=True)})
        for one in found.outcomes
    )
    return replace(found, sides=sides, outcomes=outcomes, ignored=())


@given(STEPS)
def test_exchanging_the_delegations_exchanges_the_outcome_and_nothing_else(steps: Any) -> None:
    game = play(steps)
    (ours,) = determine(game.rules, game.entries, game.at)
    (theirs,) = determine(game.rules, mirrored(game.entries), game.at)
    assert turned(ours) == replace(theirs, ignored=())
    assert [one.index for one in ours.ignored] == [one.index for one in theirs.ignored]


@given(FORMS, FORMS)
def test_who_seals_and_opens_first_changes_nothing(one: dict[str, Any], other: dict[str, Any]) -> None:
    forward = Play().propose().seal("A", **one).seal("B", **other).open("A").open("B").stands()
    backward = Play().propose().seal("B", **other).seal("A", **one).open("B").open("A").stands()
    assert (forward.end, forward.outcomes) == (backward.end, backward.outcomes)


@given(STEPS)
def test_nothing_is_shown_before_the_round_opened(steps: Any) -> None:
    game = play(steps)
    for n in range(1, len(game.entries) + 1):
        (found,) = determine(game.rules, game.entries[:n], game.entries[n - 1].at)
        if found.phase == "sealing":
            assert found.outcomes == ()
            assert all(side.opened is None for side in found.sides)


@given(STEPS, st.integers(0, 2000))
def test_whoever_gave_no_position_is_in_no_outcome(steps: Any, hours: int) -> None:
    game = play(steps)
    (found,) = determine(game.rules, game.entries, game.at + timedelta(hours=hours))
    spoke = {side.letter for side in found.sides if side.opened is not None}
    assert all(set(outcome.says) <= spoke for outcome in found.outcomes)
    if len(spoke) < 2:
        assert not any(outcome.is_agreed for outcome in found.outcomes)
        assert found.end in {None, End.ONE_SIDE, End.UNABLE}


@given(STEPS)
def test_what_is_recorded_stays(steps: Any) -> None:
    game = play(steps)
    (found,) = determine(game.rules, game.entries, game.at)
    if found.is_recorded:
        (later,) = determine(game.rules, game.entries, game.at + timedelta(days=400))
        assert later == replace(found, due_at=later.due_at)


@given(FORMS, FORMS, FORMS, st.permutations("ABC"), st.sampled_from([2, 3]))
def test_agreement_of_k_does_not_depend_on_letters(
    one: Any, two: Any, three: Any, order: list[str], quorum: int
) -> None:
    def ends(letters: list[str]) -> tuple[Any, ...]:
        game = Play(rules(kind="k-of-n", determiners=["A", "B", "C"], quorum=quorum)).propose()
        for letter, form in zip(letters, (one, two, three), strict=True):
            game.seal(letter, **form)
        for letter in letters:
            game.open(letter)
        found = game.stands()
        return found.end, [(field.name, field.is_agreed, field.value) for field in found.outcomes]

    assert ends(["A", "B", "C"]) == ends(order)


def test_the_example_is_a_form() -> None:
    assert set(SHELLING) <= {
        "happened",
        "kind",
        "where",
        "when",
        "clause",
        "breach",
        "standard",
        "basis",
        "reasons",
    }
