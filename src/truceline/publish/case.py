"""The evidence of one incident, every string ready: facts, what each side says, who carried it, the words themselves."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from truceline.core.affiliation import IMPLICIT
from truceline.core.claims import Claim
from truceline.core.determinations import Determination
from truceline.core.incidents import Incident
from truceline.core.statements import told_actors
from truceline.publish.desk import Desk
from truceline.publish.evidence import capacity_of, quote_of, source_name, speaker_of, verb_of
from truceline.publish.evidence import when_of as said_when
from truceline.publish.incidents import cover_of, exposure_of, state_of, title_of, when_of
from truceline.publish.keys import KeyPanel, PositionForm, form_of, panel_of, state_of_rounds
from truceline.publish.marks import kind_of, sign
from truceline.publish.tokens import quoted

_THIRD = "other"
_NOT_SEEN = frozenset({None, "unknown"})


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts: its heading, the words, and how exact they are."""

    head: str
    words: str
    precision: str = ""
    is_strong: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """What one speaker says of one topic: who, how and what, on which basis, machine-read or accepted."""

    claim: str
    speaker: str
    words: str
    basis: str
    review: str
    review_word: str


@dataclass(frozen=True, slots=True)
class Topic:
    """A row of the claim mirror: the topic, and what stands in each column; an empty cell is told as such."""

    name: str
    cells: tuple[tuple[Saying, ...], ...]


@dataclass(frozen=True, slots=True)
class Mirror:
    """Topics by speakers; never merged. The order of the columns turns with the day.

    Args:
        columns: The parties to the conflict.
        topics: One row a topic.
        third: What others say, one line each.
    """

    columns: tuple[str, ...]
    topics: tuple[Topic, ...]
    third: tuple[Saying, ...]


@dataclass(frozen=True, slots=True)
class Branch:
    """A branch of the source tree: who speaks or carries, what is to be known of it, and who carried it on.

    Args:
        name: The speaker or carrier.
        note: Capacity, day, or how many copies are folded into it.
        report: Id of the report whose words are shown, or empty.
        carried: Who carried it on.
    """

    name: str
    note: str
    report: str
    carried: tuple[Branch, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an original: its words, and whether a claim rests on them."""

    words: str
    is_claim: bool


@dataclass(frozen=True, slots=True)
class Original:
    """An item's own words, with those marked that claims rest on.

    Args:
        report: The item's id.
        source: Who published it.
        known: When it became known.
        language: Language of the words.
        language_name: Its name.
        pieces: The words in order; a gap is a piece of its own.
        copies: How many copies count as this one, in words, or empty.
    """

    report: str
    source: str
    known: str
    language: str
    language_name: str
    pieces: tuple[Piece, ...]
    copies: str


@dataclass(frozen=True, slots=True)
class Entered:
    """An entry of the record about a case, as it is given to be put into words.

    Args:
        index: Its place.
        type: A word of the vocabulary.
        step: What the act does, or empty.
        owner: Whose it is.
        sha256: Hash of its payload.
        known_at: When, or None.
    """

    index: int
    type: str
    step: str
    owner: str
    sha256: str
    known_at: datetime | None


@dataclass(frozen=True, slots=True)
class Change:
    """A line of the change log: when, what, entry and hash."""

    when: str
    what: str
    entry: str
    hash: str


@dataclass(frozen=True, slots=True)
class Case:
    """The evidence of one incident."""

    id: str
    title: str
    mark: str
    under: str
    facts: tuple[Fact, ...]
    voices: str
    mirror: Mirror
    tree: tuple[Branch, ...]
    originals: tuple[Original, ...]
    panels: tuple[KeyPanel, ...]
    form: PositionForm
    changes: tuple[Change, ...] = ()


Around = Mapping[str, tuple[int, str]]
"""Report's id -> where the stretch of its text begins that may be shown, and that stretch."""


@dataclass(frozen=True, slots=True)
class Papers:
    """What a case is put together from beside the desk.

    Args:
        rounds: Its rounds; empty where the viewer may not read them.
        letter: The viewer's delegation, or empty.
        around: The texts round its words, as far as the viewer may have them.
        entered: Entries of the record about it, in order.
    """

    rounds: Sequence[Determination] = ()
    letter: str = ""
    around: Around = field(default_factory=dict)
    entered: Sequence[Entered] = ()


def case_of(desk: Desk, incident: Incident, papers: Papers) -> Case:
    """Gather the evidence of an incident, each side's words side by side and never merged.

    Args:
        desk: What the viewer may know, with words.
        incident: The incident.
        papers: What else stands about it.

    Returns:
        The case.
    """
    say = desk.words.say
    claims = [desk.claim_of[one] for one in incident.claims if one in desk.claim_of]
    return Case(
        id=incident.id,
        title=title_of(desk, incident),
        mark=mark_of(desk, incident, papers.rounds),
        under=say("join.semicolon").join((state_of(desk, incident), cover_of(desk, incident))),
        facts=_facts(desk, incident),
        voices=voices_of(desk, claims, incident.n_independent),
        mirror=mirror_of(desk, incident, claims),
        tree=_tree(desk, claims),
        originals=tuple(_originals(desk, claims, papers.around)),
        panels=tuple(panel_of(desk, one, papers.letter) for one in papers.rounds),
        form=form_of(desk, incident, claims),
        changes=tuple(_change(desk, one) for one in reversed(papers.entered)),
    )


def mark_of(desk: Desk, incident: Incident, rounds: Sequence[Determination] = ()) -> str:
    """Draw an incident's mark: shape and letter say the kind, the fill says how its last round ended."""
    kind = kind_of(tuple(one.type for one in incident.types))
    return sign(kind, desk.words.say(f"map.letter_{kind}"), state_of_rounds(rounds))


def voices_of(desk: Desk, claims: Iterable[Claim], n_independent: int = 0) -> str:
    """Count who says it and who carried it: ``3 independent, 1 carrier``; copies are not counted."""
    chosen = list(claims)
    carriers = {source_name(desk, claim) for claim in chosen if not _is_copy(desk, claim)}
    speakers = n_independent or len({speaker_of(desk, claim) for claim in chosen})
    parts = [desk.tokens.count("console.speakers", speakers)] if speakers else []
    if carriers:
        parts.append(desk.tokens.count("console.carriers", len(carriers)))
    return desk.words.say("join.comma").join(parts)


def basis_word(desk: Desk, claim: Claim) -> str:
    """Say in a word how the claim's source knows: what stands in joint views in the place of a grade (MISSION rule 16)."""
    source = next((one for one in desk.view.mission.sources if one.id in claim.sources), None)
    return desk.words.say_or(f"console.basis.{source.basis}", quoted(source.basis)) if source else ""


def _is_copy(desk: Desk, claim: Claim) -> bool:
    report = desk.report_of.get(claim.report)
    return bool(report and report.copy_of)


def _facts(desk: Desk, incident: Incident) -> tuple[Fact, ...]:
    say, at, spot = desk.words.say, incident.valid_at, incident.location
    precision = say(f"console.precision.{at.precision}") if at and at.start else ""
    place = desk.called.ref(incident.place) if incident.place else ""
    point = desk.tokens.coordinate(spot.lon, spot.lat, spot.precision_m) if spot else ""
    return (
        Fact(say("console.fact.when"), when_of(desk, incident), precision, is_strong=True),
        Fact(say("console.fact.where"), place or "—", point or say("console.fact.no_point"), is_strong=True),
        Fact(
            say("console.fact.known"), desk.tokens.known(incident.known_at), say("console.fact.first_report")
        ),
        Fact(
            say("console.fact.seen"),
            say("console.fact.unseen") if incident.exposure in _NOT_SEEN else exposure_of(desk, incident),
            say("console.fact.nobody_known") if incident.exposure in _NOT_SEEN else "",
            is_strong=True,
        ),
        Fact(
            say("console.fact.count"),
            desk.tokens.count("map.incidents", 1),
            say(
                "console.fact.rule", rule=desk.called.text(desk.view.mission.settings.counting_rules[0].names)
            )
            if desk.view.mission.settings.counting_rules
            else "",
        ),
    )


def mirror_of(desk: Desk, incident: Incident, claims: Sequence[Claim]) -> Mirror:
    """Set what each side says side by side, topic by topic.

    Args:
        desk: The tools.
        incident: The incident.
        claims: Its claims that the viewer may have, in order.

    Returns:
        The mirror; its columns stand the other way round every other day of the mission.
    """
    mission = desk.view.mission
    parties = [one for one in mission.bound_parties if "party" in mission.party_of[one].roles]
    day = desk.view.known_at.astimezone(mission.zone).toordinal()
    if day % 2:
        parties.reverse()
    side_of = {claim: side.party for side in incident.sides for claim in side.claims}
    topics: dict[str, list[dict[str, Saying]]] = {}
    third: dict[str, Saying] = {}
    for claim in claims:
        party = side_of.get(claim.id, _THIRD)
        saying = _saying(desk, claim, incident, party)
        key = f"{saying.speaker}|{saying.words}"
        if party not in parties:
            third.setdefault(f"{claim.type}|{key}", _with_topic(desk, claim, saying))
            continue
        cells = topics.setdefault(claim.type, [{} for _ in parties])
        cells[parties.index(party)].setdefault(key, saying)
    return Mirror(
        columns=tuple(desk.called.slug(one) for one in parties),
        topics=tuple(
            Topic(_topic(desk, word), tuple(tuple(cell.values()) for cell in cells))
            for word, cells in topics.items()
        ),
        third=tuple(third.values()),
    )


def _topic(desk: Desk, word: str) -> str:
    text = desk.words.say_or(f"type.{word}", quoted(word.replace("_", " ")))
    return text[:1].upper() + text[1:]


def _saying(desk: Desk, claim: Claim, incident: Incident, party: str = "") -> Saying:
    words, called = desk.words, desk.called
    parts = [desk.tokens.quantity(q.value, q.unit, q.op) for q in claim.quantities]
    for role, named in (("role.by", told_actors(claim)), ("role.to", claim.targets)):
        # what a side says of itself, and what the text leaves unsaid, needs no words in its own column
        refs = tuple(
            ref
            for ref in named
            if ref.label != "unspecified" and ref.id != party and not ref.label.startswith(IMPLICIT)
        )
        if refs:
            parts.append(words.say(role, who=called.refs(refs)))
    places = tuple(ref for ref in claim.places if incident.place is None or ref.id != incident.place.id)
    if places:
        parts.append(words.say("role.at", where=called.refs(places)))
    if claim.when and claim.when.start and claim.valid_at != incident.valid_at:
        parts.append(said_when(desk, claim))
    what = words.say("join.comma").join(parts)
    if claim.polarity == "negated":
        what = words.say("polarity.negated", what=what) if what else words.say("console.denied")
    verb = verb_of(words, claim)
    return Saying(
        claim=claim.id,
        speaker=speaker_of(desk, claim),
        words=words.say("join.colon", a=verb, b=what) if what else verb,
        basis=basis_word(desk, claim),
        review=claim.review.state,
        review_word=words.say(f"review.{claim.review.state}"),
    )


def _with_topic(desk: Desk, claim: Claim, saying: Saying) -> Saying:
    words = desk.words.say("join.comma").join((_topic(desk, claim.type), saying.words))
    return Saying(claim.id, saying.speaker, words, saying.basis, saying.review, saying.review_word)


class _Grown:
    """A branch while it grows."""

    def __init__(self, note: str = "") -> None:
        self.note, self.report = note, ""
        self.carried: dict[str, _Grown] = {}

    def cut(self, name: str) -> Branch:
        return Branch(
            name, self.note, self.report, tuple(one.cut(word) for word, one in self.carried.items())
        )


def _tree(desk: Desk, claims: Iterable[Claim]) -> tuple[Branch, ...]:
    """Grow the source tree: the speaker first, then who carried it; copies folded with their number."""
    root = _Grown()
    for claim in claims:
        if _is_copy(desk, claim):
            continue
        chain = [desk.called.ref(one) for one in claim.speakers] or [speaker_of(desk, claim)]
        carrier = source_name(desk, claim)
        chain = list(dict.fromkeys([*chain, carrier]))
        at = root
        for name in chain:
            at = at.carried.setdefault(name, _Grown())
        top = root.carried[chain[0]]
        top.note = top.note or capacity_of(desk, claim)
        at.report = claim.report
        day = desk.tokens.known_day(claim.known_at)
        at.note = desk.words.say("join.comma").join(filter(None, (day, _copies(desk, claim.report))))
    return root.cut("").carried


def _copies(desk: Desk, report: str) -> str:
    n = sum(one.copy_of == report for one in desk.view.reports)
    return desk.tokens.count("console.copies", n) if n else ""


def _originals(desk: Desk, claims: Sequence[Claim], around: Around) -> Iterable[Original]:
    """Show each item once, the words marked that its claims rest on; without its text, the words alone."""
    by_report: dict[str, list[Claim]] = {}
    for claim in claims:
        if not _is_copy(desk, claim):
            by_report.setdefault(claim.report, []).append(claim)
    for own in by_report.values():
        yield original_of(desk, own, around)


def original_of(desk: Desk, claims: Sequence[Claim], around: Around) -> Original:
    """Show an item's words.

    Args:
        desk: The tools.
        claims: Claims of that item, at least one.
        around: The texts round its words, as far as the viewer may have them.

    Returns:
        The words, with those marked that the claims rest on.
    """
    report, quote = claims[0].report, quote_of(desk, claims[0])
    return Original(
        report=report,
        source=quote.source,
        known=quote.known,
        language=quote.language,
        language_name=desk.words.say_or(f"language_name.{quote.language}", quoted(quote.language)),
        pieces=pieces_of(claims, around.get(report)),
        copies=_copies(desk, report),
    )


def pieces_of(claims: Sequence[Claim], around: tuple[int, str] | None) -> tuple[Piece, ...]:
    """Cut a text into marked and plain pieces.

    Args:
        claims: Claims of one item.
        around: Where the stretch begins that may be shown, and its text; None shows the claims' own words.

    Returns:
        The pieces, in the order of the text.
    """
    spans = _merged((one.evidence.start, one.evidence.end, one.evidence.text) for one in claims)
    if around is None:
        pieces: list[Piece] = []
        for _, _, text in spans:
            pieces += [Piece(" … ", is_claim=False)] if pieces else []
            pieces.append(Piece(text, is_claim=True))
        return tuple(pieces)
    begin, text = around
    pieces, at = [], begin
    for start, end, _ in spans:
        if start > at:
            pieces.append(Piece(text[at - begin : start - begin], is_claim=False))
        pieces.append(Piece(text[start - begin : end - begin], is_claim=True))
        at = end
    pieces.append(Piece(text[at - begin :], is_claim=False))
    return tuple(piece for piece in pieces if piece.words)


def _merged(spans: Iterable[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    out: list[tuple[int, int, str]] = []
    for start, end, text in sorted(set(spans)):
        if out and start < out[-1][1]:
            first, last, kept = out[-1]
            if end > last:
                out[-1] = (first, end, kept + text[last - start :])
            continue
        out.append((start, end, text))
    return out


def _change(desk: Desk, one: Entered) -> Change:
    say = desk.words.say
    key = f"console.change.{one.type}_{one.step}" if one.step else f"console.change.{one.type}"
    what = say(key) if desk.words.has(key) else say(f"console.change.{one.type}")
    if len(one.owner) == 1:
        what = say("join.comma").join((what, say("console.duty", letter=one.owner)))
    short = f"{one.sha256[:4]}…{one.sha256[-2:]}"
    when = desk.tokens.known_day(one.known_at)
    return Change(when, what, desk.tokens.ident(f"#{one.index}"), desk.tokens.ident(short))
