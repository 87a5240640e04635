"""All sixteen sets of dishonest parties: no attack passes while one required signer is honest, and each leaves a proof."""

from __future__ import annotations

import pytest

from truceline.ledger import verify
from truceline.testing.dishonest import ATTACKS, EVERYONE, SUBSETS, Centre, broken

SEEDS = range(3)


@pytest.mark.parametrize("dishonest", SUBSETS, ids=lambda names: "+".join(sorted(names)) or "nobody")
def test_no_attack_passes_while_one_required_signer_is_honest(dishonest: frozenset[str]) -> None:
    for seed in SEEDS:
        outcomes = Centre(seed, dishonest).run()
        assert [one.attack for one in outcomes] == list(ATTACKS)
        assert broken(dishonest, outcomes) == []
        assert any(one.was_tried for one in outcomes) == bool(dishonest & {"operator", "A"})


def test_where_all_are_dishonest_a_fork_passes_and_is_shown() -> None:
    fork = Centre(1, frozenset(EVERYONE)).run()[0]
    assert (fork.attack, fork.passes, fork.has_proof) == ("fork", True, True)


def test_the_same_seed_gives_the_same_trace() -> None:
    first, second, other = (Centre(seed, SUBSETS[-1]) for seed in (7, 7, 8))
    assert [first.run(), first.trace] == [second.run(), second.trace]
    other.run()
    assert other.trace != first.trace


def test_a_reader_who_forgot_the_quorum_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation notices the mutant that asks for no cosignature."""
    monkeypatch.setattr(verify, "missing_cosigners", lambda *_: ())
    dishonest = frozenset({"operator"})
    assert any("passes" in rule for rule in broken(dishonest, Centre(0, dishonest).run()))


def test_a_reader_who_forgot_whose_key_may_sign_would_be_caught(monkeypatch: pytest.MonkeyPatch) -> None:
    """The simulation notices the mutant that lets the log sign for a delegation."""
    from truceline.ledger import authors  # noqa: PLC0415 -- only this test plays the mutant

    monkeypatch.setattr(authors, "check_author", lambda *_: None)
    dishonest = frozenset({"operator"})
    assert any("forge passes" in rule for rule in broken(dishonest, Centre(0, dishonest).run()))
