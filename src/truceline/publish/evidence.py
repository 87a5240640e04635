"""Claims in words: who says it, how, what exactly, on what basis. Never merged, never stronger than they are."""

from __future__ import annotations

from collections.abc import Iterable

from truceline.core.claims import Claim, Ref
from truceline.core.reports import Report
from truceline.core.statements import told_actors
from truceline.publish.catalogue import Catalogue
from truceline.publish.desk import Desk
from truceline.publish.edition import Counted, Quote
from truceline.publish.tokens import quoted

_RTL_LANGUAGES = frozenset({"ar", "fa", "he", "ur"})


def speaker_of(desk: Desk, claim: Claim) -> str:
    """Name the innermost speaker."""
    if claim.speakers:
        return desk.called.ref(claim.speakers[0])
    if claim.attribution:
        key = f"label.{claim.attribution[0]}"
        return desk.words.say_or(key, quoted(claim.attribution[0]))
    return desk.words.say("label.nobody")


def capacity_of(desk: Desk, claim: Claim) -> str:
    """Say in which capacity the innermost speaker speaks; the usual one, in office, needs no word."""
    word = claim.capacity[0] if claim.capacity else ""
    return "" if word in {"", "in office"} else desk.words.say_or(f"capacity.{word}", quoted(word))


def verb_of(words: Catalogue, claim: Claim) -> str:
    """Say how the innermost speaker puts it."""
    return words.say(f"modality.{claim.modality}")


def what_of(desk: Desk, claim: Claim, *, with_day: bool = True) -> str:
    """Say what the claim says: its kind, figures, who, to whom, where, when.

    Args:
        desk: The tools.
        claim: The claim.
        with_day: Whether to say when; tables with a column of their own leave it out.

    Returns:
        The words, without a full stop.
    """
    words, called = desk.words, desk.called
    kind = words.say_or(f"type.{claim.type}", quoted(claim.type.replace("_", " ")))
    figures = words.say("join.comma").join(
        desk.tokens.quantity(q.value, q.unit, q.op) for q in claim.quantities
    )
    parts = [words.say("join.colon", a=kind, b=figures) if figures else kind]
    for role, named in (("role.by", _named(told_actors(claim))), ("role.to", _named(claim.targets))):
        if named:
            parts.append(words.say(role, who=called.refs(named)))
    if claim.places:
        parts.append(words.say("role.at", where=called.refs(claim.places)))
    if claim.due:
        parts.append(words.say("role.due", when=desk.tokens.day(claim.due)))
    if with_day and claim.when and claim.when.start:
        parts.append(when_of(desk, claim))
    text = words.say("join.comma").join(parts)
    return words.say("polarity.negated", what=text) if claim.polarity == "negated" else text


def _named(refs: tuple[Ref, ...]) -> tuple[Ref, ...]:
    return tuple(ref for ref in refs if ref.id is not None or ref.label != "unspecified")


def when_of(desk: Desk, claim: Claim) -> str:
    """Say when it was so, as the text means it."""
    if claim.when is None or claim.when.start is None:
        return "—"
    if "T" in claim.when.start:
        return desk.tokens.instant(desk.happened_at(claim))
    return desk.tokens.days(claim.when.start, claim.when.end)


def basis_of(desk: Desk, claim: Claim) -> str:
    """Say how the source usually knows, and who carried the words."""
    source = next((s for s in desk.view.mission.sources if s.id in claim.sources), None)
    word = desk.words.say(f"basis.{source.basis}") if source else desk.words.say("basis.unknown")
    carrier = source_name(desk, claim)
    return desk.words.say("join.comma").join(
        filter(None, (word, desk.words.say("report.via", carrier=carrier) if carrier else ""))
    )


def source_name(desk: Desk, claim: Claim) -> str:
    """Name the source that carried a claim; its file where no source is known."""
    if claim.sources:
        return desk.called.slug(claim.sources[0])
    report = desk.report_of.get(claim.report)
    return quoted(report.publisher) if report and report.publisher else desk.tokens.ident(claim.doc)


def quote_of(desk: Desk, claim: Claim) -> Quote:
    """Show a claim as evidence, its words untouched in their own language and direction."""
    return Quote(
        id=claim.id,
        speaker=speaker_of(desk, claim),
        verb=verb_of(desk.words, claim),
        what=what_of(desk, claim),
        capacity=capacity_of(desk, claim),
        words=claim.evidence.text,
        language=claim.language,
        direction="rtl" if claim.language in _RTL_LANGUAGES else "ltr",
        source=source_name(desk, claim),
        when=when_of(desk, claim),
        known=desk.tokens.known_day(claim.known_at),
        review=claim.review.state,
        review_word=desk.words.say(f"review.{claim.review.state}"),
    )


def origin_of(desk: Desk, report_id: str) -> str:
    """Follow a copy or reprint to the report it copies."""
    report: Report | None = desk.report_of.get(report_id)
    return report.copy_of if report and report.copy_of else report_id


def counted(desk: Desk, claims: Iterable[Claim]) -> Counted:
    """Count the reports behind some claims, and the speakers that do not copy each other (MISSION rule 13)."""
    chosen = list(claims)
    reports = {claim.report for claim in chosen}
    speakers = {_voice(claim) or origin_of(desk, claim.report) for claim in chosen}
    if not reports:
        return Counted(desk.words.say("board.no_evidence"), "")
    return Counted(
        desk.tokens.count("board.reports", len(reports)),
        desk.tokens.count("board.speakers", len(speakers)),
    )


def _voice(claim: Claim) -> str:
    if claim.speakers and claim.speakers[0].id:
        return claim.speakers[0].id
    label = claim.attribution[0] if claim.attribution else ""
    return "" if label in {"", "outlet", "unspecified"} else label
