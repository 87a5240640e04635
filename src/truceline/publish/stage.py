"""publish: what a mission knows -> editions in words, one a language."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from truceline.core.errors import InputError
from truceline.core.mission import NamingProfile
from truceline.publish import edition
from truceline.publish.board import board_of
from truceline.publish.called import Called
from truceline.publish.charting import map_of
from truceline.publish.desk import Desk
from truceline.publish.gate import released, released_features
from truceline.publish.given import PublishInput, RecordHead, Step
from truceline.publish.heading import masthead_of, moments_of
from truceline.publish.paper import report_of
from truceline.publish.tokens import Tokens

__all__ = ["PublishInput", "RecordHead", "Step", "publish"]


def publish(view: PublishInput, language: str) -> edition.Edition:
    """Put an edition into words.

    Args:
        view: What is known.
        language: Language of the edition; its catalogue must be in the view.

    Returns:
        The edition: board, map and paper, strings ready, everything past the release gate.

    Raises:
        InputError: No step, or no catalogue for the language.
    """
    desk = desk_of(view, language)
    view, words = desk.view, desk.words
    chart = map_of(desk)
    return edition.Edition(
        language=language,
        direction=words.direction,
        words=words,
        masthead=masthead_of(desk),
        moments=moments_of(desk),
        statuses=tuple(tuple((s.id, s.status) for s in step.statuses) for step in view.steps),
        board=board_of(desk),
        map=chart,
        report=report_of(desk),
        issued=view.known_at,
        head=view.record,
    )


def desk_of(view: PublishInput, language: str) -> Desk:
    """Lay out what an edition or a map is made from, past the release gate.

    Args:
        view: What is known.
        language: Language of the words; its catalogue must be in the view.

    Returns:
        The desk.

    Raises:
        InputError: No step, or no catalogue for the language.
    """
    if not view.steps:
        raise InputError("input.steps", "an edition needs at least one moment of knowledge")
    if language not in view.catalogues:
        raise InputError(
            "input.language",
            f"no words for the language '{language}'",
            todo="add data/languages/<lang>/interface.yaml",
        )
    words = view.catalogues[language]
    return Desk(
        view=gated(view),
        words=words,
        tokens=Tokens(words, view.mission.zone),
        called=Called(view.mission, words, profile_of(view)),
    )


def profile_of(view: PublishInput) -> NamingProfile:
    """Choose the naming profile of an edition: the one asked for, else the mission's first."""
    profiles = view.mission.settings.naming_profiles
    chosen = next((p for p in profiles if p.id == view.profile), None)
    return chosen or (profiles[0] if profiles else NamingProfile("plain", {}, ()))


def gated(view: PublishInput) -> PublishInput:
    """Pass everything through the release gate: the last check before words are made.

    Steps are worked out from released items alone (see `PublishInput`); were one not, its incidents, counters and
    reasons that rest on what stays inside fall away here. A status itself cannot be taken back here.
    """
    claims = released(view.claims, view.recipient, view.realm)
    open_claims = {claim.id for claim in claims}
    return replace(
        view,
        claims=claims,
        reports=released(view.reports, view.recipient, view.realm),
        steps=tuple(_gated_step(step, view, open_claims) for step in view.steps),
    )


def _gated_step(step: Step, view: PublishInput, open_claims: set[Any]) -> Step:
    incidents = released(step.incidents, view.recipient, view.realm)
    open_incidents = {incident.id for incident in incidents}
    statuses = tuple(
        replace(
            status,
            reasons=tuple(
                reason
                for reason in status.reasons
                if (reason.claim is None or reason.claim in open_claims)
                and (reason.incident is None or reason.incident in open_incidents)
            ),
        )
        for status in step.statuses
    )
    features = {
        **step.features,
        "features": released_features(step.features.get("features", ()), view.recipient),
    }
    counters = tuple(counter for counter in step.counters if open_claims.issuperset(counter.claims))
    return replace(step, statuses=statuses, counters=counters, incidents=incidents, features=features)
