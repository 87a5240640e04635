"""The pane beside the board: one obligation's clause, versions, amendments, readings, evidence, and what was known when."""

from __future__ import annotations

from truceline.core.obligations import Amendment, Interpretation, ObligationStatus, Reason
from truceline.publish.desk import Desk
from truceline.publish.edition import (
    AmendmentView,
    Because,
    Detail,
    Entry,
    Quote,
    ReadingView,
    Run,
    VariantView,
    runs,
)
from truceline.publish.evidence import quote_of, speaker_of, verb_of, what_of
from truceline.publish.tokens import ltr, quoted

_MOST_QUOTES = 8


def detail_of(desk: Desk, duty_id: str, then: list[ObligationStatus | None]) -> Detail:
    """Gather the pane of an obligation.

    Args:
        desk: The tools.
        duty_id: Slug of the obligation.
        then: Its status at each step, None before it existed.

    Returns:
        The pane.
    """
    now = next(status for status in reversed(then) if status is not None)
    clause = desk.clause(now.instrument, now.clause)
    instrument = desk.instrument_of.get(now.instrument)
    return Detail(
        heading=f"{desk.words.say('board.clause')} {ltr(now.clause)} · {ltr(duty_id)}",
        kind=desk.words.say(f"kind.{now.kind}"),
        cover=desk.words.say(f"scope.{now.scope}"),
        instrument=desk.called.text(instrument.names) if instrument else "",
        gist=desk.called.text(clause.gist) if clause else "",
        variants=tuple(
            VariantView(
                ltr(variant.language),
                desk.called.text(variant.what),
                quoted(variant.where),
                desk.words.say("detail.official" if variant.official else "detail.unofficial"),
            )
            for variant in (clause.variants if clause else ())
        ),
        amendments=tuple(_amendment(desk, a, then) for a in desk.amendments_to.get(duty_id, ())),
        readings=tuple(_reading(desk, question) for question in desk.questions(duty_id)),
        reasons=_each(desk, then),
        quotes=_quotes(desk, then),
        disputes=_disputes(desk, then),
        known=_known(desk, then),
    )


def because(desk: Desk, reason: Reason) -> Because:
    """Put a reason into the edition's language where the catalogue has its sentence, else keep it in English."""
    review = reason.review or ""
    word = desk.words.say(f"review.{review}") if review else ""
    claim = desk.claim_of.get(reason.claim) if reason.claim else None
    if claim is not None:
        said = desk.words.say(
            "join.colon",
            a=desk.words.say(
                "report.says_verb", speaker=speaker_of(desk, claim), verb=verb_of(desk.words, claim)
            ),
            b=what_of(desk, claim),
        )
        role = desk.words.say_or(f"reason.{reason.code}", "")
        text = desk.words.say("join.dash", a=role, b=said) if role else said
        return Because(text, desk.words.language, review, word)
    key = f"reason.{reason.code}"
    if reason.code and desk.words.has(key):
        facts = {name: _fact(desk, name, value) for name, value in reason.facts}
        return Because(desk.words.say(key, **facts), desk.words.language, review, word)
    return Because(quoted(reason.text), "en", review, word)


def _fact(desk: Desk, name: str, value: str) -> str:
    words = desk.words
    if name in {"reading", "status", "unit"}:
        key = {"reading": "reading.word_", "status": "status.", "unit": "unit_name."}[name]
        return words.say_or(f"{key}{value}", quoted(value.replace("_", " ")))
    if name == "zones":
        return words.say("join.comma").join(desk.called.slug(slug) for slug in value.split(", ") if slug)
    if value.startswith("interp:"):
        question = next((q for q in desk.view.mission.interpretations if q.id == value), None)
        return desk.called.text(question.question) if question else quoted(value)
    if value in desk.duty_of:
        return desk.called.text(desk.duty_of[value].names)
    if len(value) == 10 and value[4:5] == "-" and value[7:8] == "-":
        return desk.tokens.day(value)
    if ":" in value and " " not in value and not value[0].isdigit():
        return desk.called.slug(value)
    return ltr(value) if value[:1].isdigit() else quoted(value)


def _each(desk: Desk, then: list[ObligationStatus | None]) -> tuple[Run[Because], ...]:
    order: dict[Because, None] = {}
    sets: list[set[Because]] = []
    for status in then:
        found = [because(desk, reason) for reason in status.reasons] if status else []
        order.update(dict.fromkeys(found))
        sets.append(set(found))
    return tuple(run for item in order for run in runs([item if item in held else None for held in sets]))


def _quotes(desk: Desk, then: list[ObligationStatus | None]) -> tuple[Run[Quote], ...]:
    order: dict[str, None] = {}
    sets: list[list[str]] = []
    for status in then:
        cited = [reason.claim for reason in status.reasons] if status else []
        known = [claim_id for claim_id in cited if claim_id is not None and claim_id in desk.claim_of]
        ids = list(dict.fromkeys(known))[:_MOST_QUOTES]
        order.update(dict.fromkeys(ids))
        sets.append(ids)
    out: list[Run[Quote]] = []
    for claim_id in order:
        quote = quote_of(desk, desk.claim_of[claim_id])
        out += runs([quote if claim_id in ids else None for ids in sets])
    return tuple(out)


def _disputes(desk: Desk, then: list[ObligationStatus | None]) -> tuple[Run[str], ...]:
    order = dict.fromkeys(text for status in then if status for text in status.disputes)
    questions = {question.id: question for question in desk.view.mission.interpretations}
    out: list[Run[str]] = []
    for text in order:
        words = desk.called.text(questions[text].question) if text in questions else quoted(text)
        out += runs([words if status and text in status.disputes else None for status in then])
    return tuple(out)


def _amendment(desk: Desk, amendment: Amendment, then: list[ObligationStatus | None]) -> AmendmentView:
    say = desk.words.say
    pairs = [
        (say("detail.announced"), desk.tokens.day(amendment.announced_on)),
        (say("detail.by"), desk.called.slug(amendment.announced_by)),
        (say("detail.form"), desk.words.say_or(f"form.{amendment.form}", quoted(amendment.form))),
        (say("detail.route"), desk.called.text(amendment.route)),
        (say("detail.reasons"), desk.called.text(amendment.reasons)),
    ]
    accepted = [
        say("join.colon", a=desk.called.slug(party), b=desk.words.say_or(f"accepted_by.{how}", quoted(how)))
        for party, how in amendment.accepted_by.items()
    ]
    if accepted:
        pairs.append((say("detail.accepted"), say("join.semicolon").join(accepted)))
    standing = runs([_standing(desk, amendment, status) for status in then])
    title = say("join.arrow", a=say("board.amendment"), b=desk.tokens.day(amendment.due))
    return AmendmentView(title, tuple((head, text) for head, text in pairs if text), standing)


def _standing(desk: Desk, amendment: Amendment, status: ObligationStatus | None) -> str:
    step = next((d for d in (status.due_history if status else ()) if d.amendment == amendment.id), None)
    if step is None:
        return desk.words.say("detail.waiting")
    return desk.words.say("detail.in_force", when=desk.tokens.known_day(step.known_at))


def _reading(desk: Desk, question: Interpretation) -> ReadingView:
    return ReadingView(
        question=desk.called.text(question.question),
        readings=tuple(
            (desk.words.say("detail.reads", party=desk.called.slug(r.party)), desk.called.text(r.reading))
            for r in question.readings
        ),
        decided_by=desk.words.say(
            "detail.decided_by",
            who=desk.called.slug(question.decided_by)
            if ":" in question.decided_by
            else desk.words.say_or(f"decides.{question.decided_by}", quoted(question.decided_by)),
        ),
    )


def _known(desk: Desk, then: list[ObligationStatus | None]) -> tuple[Run[Entry], ...]:
    out: list[Run[Entry]] = []
    last = len(then) - 1
    seen_due: set[tuple[str, str | None]] = set()
    seen_status = ""
    for index, status in enumerate(then):
        if status is None:
            continue
        when = desk.tokens.known_day(desk.steps[index].known_at)
        for due in status.due_history:
            if (due.due, due.amendment) not in seen_due:
                seen_due.add((due.due, due.amendment))
                key = "detail.entry_amended" if due.amendment else "detail.entry_due"
                known = desk.tokens.known_day(due.known_at) if due.known_at else when
                text = desk.words.say(key, when=desk.tokens.day(due.due))
                out.append(Run(index, last, Entry(known, text)))
        if status.status != seen_status:
            seen_status = status.status
            word = desk.words.say(f"status.{status.status}")
            out.append(Run(index, last, Entry(when, desk.words.say("detail.entry_status", status=word))))
    return tuple(out)
