"""Nobody looked is kept apart from nothing was there: the share of a time in which a feed was heard."""

from __future__ import annotations

from truceline.app.gaps import Gaps


def test_a_feed_that_was_never_heard_saw_nothing() -> None:
    assert Gaps().share_heard("feed:a", 0, 100) == 0


def test_gaps_that_overlap_count_once_and_what_was_before_the_first_message_counts() -> None:
    gaps = Gaps()
    gaps.begin("feed:a", 10)
    for since, until in ((40, 60), (50, 70), (95, 200), (0, 5)):
        gaps.add("feed:a", since, until)
    assert gaps.share_heard("feed:a", 0, 100) == 1 - (10 + 30 + 5) / 100
    assert gaps.share_heard("feed:a", 70, 95) == 1
    assert gaps.share_heard("feed:a", 100, 150) == 0
