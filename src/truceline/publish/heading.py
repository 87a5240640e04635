"""What stands over every page and sheet, and the moments of the slider."""

from __future__ import annotations

from datetime import datetime

from truceline.core.names import name_in
from truceline.publish.axis import axis_of
from truceline.publish.desk import Desk
from truceline.publish.edition import Masthead, Moment
from truceline.publish.tokens import ltr, quoted


def masthead_of(desk: Desk) -> Masthead:
    """Say whose paper this is, in which world, under which names and counting rule."""
    settings, words, realm = desk.view.mission.settings, desk.words, desk.view.realm
    rule = settings.counting_rules[0] if settings.counting_rules else None
    counting = ""
    if rule:
        counting = words.say("report.counting", rule=desk.called.text(rule.names), version=ltr(rule.version))
    profile = desk.called.text(desk.called.profile.names)
    standard = desk.words.say_or(f"standard.{settings.standard_of_proof}", quoted(settings.standard_of_proof))
    return Masthead(
        mission=desk.called.text(settings.names),
        centre=desk.called.text(settings.centre),
        realm=str(realm),
        realm_word="" if realm == "live" else words.say(f"realm.{realm}"),
        realm_says=words.say(f"realm.{realm}_says"),
        profile=words.say("report.names", profile=profile),
        counting=counting,
        standard=words.say("report.standard", standard=standard),
        mandate=desk.called.text(settings.mandate),
        provenance=desk.called.text(settings.provenance),
        edition=_edition(desk),
        unseen_says=words.say("exposure.says"),
        profiles=tuple((p.id, name_in(p.names, words.language)) for p in settings.naming_profiles),
    )


def _edition(desk: Desk) -> str:
    recipient = desk.view.recipient
    if recipient in {"public", "joint"}:
        return desk.words.say(f"report.edition_{recipient}")
    return desk.words.say("report.edition_other", recipient=desk.called.slug(recipient))


def is_rebuilt(desk: Desk) -> bool:
    """Say whether any moment of knowledge was worked out from a date of publication."""
    return any(report.known_basis in {"published", "inferred"} for report in desk.view.reports)


def moments_of(desk: Desk) -> tuple[Moment, ...]:
    """Put each step into words and on its place on the slider."""
    steps = desk.steps
    axis = axis_of(desk)
    first, span = steps[0].known_at, (steps[-1].known_at - steps[0].known_at).total_seconds()
    rebuilt = desk.words.say("known.rebuilt") if is_rebuilt(desk) else ""
    out = []
    for index, step in enumerate(steps):
        is_past = index < len(steps) - 1
        later = sum(r.known_at is not None and r.known_at > step.known_at for r in desk.view.reports)
        text = desk.tokens.known(step.known_at)
        out.append(
            Moment(
                known_at=step.known_at,
                text=text,
                short=desk.tokens.known_day(step.known_at),
                sentence=desk.words.say("known.past" if is_past else "known.present", when=text),
                later=desk.tokens.count("known.later", later) if is_past else "",
                rebuilt=rebuilt,
                x=_share(step.known_at, first, span),
                axis=axis.at(step.known_at),
            )
        )
    return tuple(out)


def _share(at: datetime, first: datetime, span: float) -> float:
    return 1.0 if span <= 0 else round((at - first).total_seconds() / span, 4)
