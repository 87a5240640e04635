"""Texts to claims, by rules that are data."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from truceline.core.claims import By, Claim, Ref
from truceline.core.ids import ClaimId, identify
from truceline.core.mission import Mission
from truceline.core.reports import READ_KINDS, Publication, Report, Segment, known_from
from truceline.core.times import valid_at
from truceline.extract.asides import drop_asides
from truceline.extract.checks import check_sums
from truceline.extract.dates import Calendar, join_dates, resolve
from truceline.extract.drafting import Drafter
from truceline.extract.fold import fold
from truceline.extract.language import LanguageData
from truceline.extract.lexicon import Lexicon
from truceline.extract.masthead import masthead
from truceline.extract.mentions import join_mentions
from truceline.extract.merge import Draft, merge
from truceline.extract.names import Memory, Names
from truceline.extract.numbers import join_numbers
from truceline.extract.publication import find_publication
from truceline.extract.running import close_sentence, follow, open_sentence
from truceline.extract.speech import house, reporting
from truceline.extract.topic import TopicGate
from truceline.extract.units import Sentence, cut_sentences, make_units
from truceline.extract.voice import Floor, Voice, speaker_party


@dataclass(frozen=True, slots=True)
class Extraction:
    """What reading one item gave.

    Args:
        report: The item, with publication and ``known_at`` settled.
        claims: Its claims, in order of their evidence.
        notes: Conflicts and sums that do not add up, in words.
    """

    report: Report
    claims: tuple[Claim, ...]
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class Reader:
    """A language and a mission made ready for reading many items.

    Args:
        mission: The pack.
        language: The language's data.
    """

    mission: Mission
    language: LanguageData
    lexicon: Lexicon = field(init=False)
    names: Names = field(init=False)
    drafter: Drafter = field(init=False)
    gate: TopicGate = field(init=False)

    def __post_init__(self) -> None:
        self.lexicon = Lexicon(self.language, self.mission)
        self.names = Names(self.mission, self.language)
        self.drafter = Drafter(self.language, self.names)
        self.gate = TopicGate(self.mission)


def extract(report: Report, readers: Mapping[str, Reader], *, published: str | None = None) -> Extraction:
    """Read one item and return its claims.

    Args:
        report: The item; its ``language`` chooses the reader.
        readers: Language code -> reader.
        published: Day of publication that overrides what the text says, ``YYYY-MM-DD``.

    Returns:
        The item with its publication settled, and its claims; no claims where no reader knows the language.
    """
    reader = readers.get(report.language)
    given = Publication(published, "given") if published else None
    if reader is None or not report.text:
        return Extraction(known_from(report, given), ())
    folded = fold(report.text)
    head = list(_sentences(folded, report, reader))
    settled = known_from(report, given or report.publication or find_publication(report, head))
    day = date.fromisoformat(settled.publication.value[:10]) if settled.publication else None
    calendar = Calendar(day)
    sentences = [sentence for sentence in head if sentence.kind in READ_KINDS]
    drafts = _drafts(sentences, reader, calendar, settled, masthead(head, reader.names))
    carriers = _carriers(head, settled, reader)
    merged = merge(drafts)
    claims = tuple(_claims(merged, settled, reader, carriers))
    return Extraction(settled, claims, (*calendar.notes, *check_sums(claims)))


_MUTE = frozenset({"comment", "share", "read_also", "repeat", "caption"})
_HAS_DIGIT = re.compile(r"\d").search


def _sentences(folded: str, report: Report, reader: Reader) -> Iterator[Sentence]:
    segments = report.segments or (Segment(0, len(folded), "body"),)
    for segment in segments:
        if segment.kind in _MUTE and not _HAS_DIGIT(folded, segment.start, segment.end):
            continue  # nobody reads it, and no date in it can tell when the item was published
        before = segment.start
        for tokens in cut_sentences(folded, segment.start, segment.end, reader.lexicon.abbreviations):
            units = make_units(tokens, reader.lexicon)
            units = join_dates(join_numbers(units))
            opens = before == segment.start or "\n" in folded[before : tokens[0].start]
            before = tokens[-1].end
            yield Sentence(tokens[0].start, tokens[-1].end, units, segment.kind, opens)


_HEAD_LINES = 3


def _drafts(
    sentences: list[Sentence], reader: Reader, calendar: Calendar, report: Report, bulletin: Voice | None
) -> list[Draft]:
    memory = Memory()
    floor = Floor(house=bulletin)
    _learn_dates(sentences, calendar)
    drafts: list[Draft] = []
    reader.drafter.figure = None
    on_topic = False
    reader.gate.away = False
    for at, sentence in enumerate(sentences):
        if sentence.opens_line and floor.house is not None:
            _back_to(floor.house, memory, reader.names)
        sentence.units = join_mentions(sentence.units, reader.names, memory, calendar.published)
        if reader.language.subject_first:
            sentence.units = drop_asides(sentence.units)
            open_sentence(sentence, calendar)
            if floor.house is None:
                floor.house = house(sentence) if at < _HEAD_LINES else None
                floor.house = floor.house or reporting(sentences[:_HEAD_LINES], sentence)
        on_topic, named = reader.gate.judge(sentence, running=on_topic)
        drafts.extend(
            reader.drafter.draft(
                sentence, floor, memory, calendar, report.text or "", on_topic=on_topic, named=named
            )
        )
        if not reader.language.subject_first:
            follow(sentence, calendar)
        if reader.language.subject_first:
            close_sentence(sentence, calendar)
        if reader.language.subject_first or floor.house is not None:
            memory.speaker = speaker_party(floor)
    return drafts


def _back_to(house: Voice, memory: Memory, names: Names) -> None:
    """A new line of a bulletin is its own again: "our units", "the ministry" are those of whose bulletin it is."""
    if house.mention is None or house.mention.parties[0] is None:
        return
    memory.party = house.mention.parties[0]
    kind = names.kind_of(house.mention.refs[0].id)
    if kind is not None:
        memory.last.pop(kind, None)
        memory.last[kind] = house.mention


def _learn_dates(sentences: list[Sentence], calendar: Calendar) -> None:
    """Dates with a year come first, so that one without a year may lean on them wherever it stands."""
    known = []
    for sentence in sentences:
        for unit in sentence.units:
            raw = unit.values.get("date")
            if raw is not None and raw.day and raw.year and len(raw.months) == 1:
                found = resolve(raw, Calendar(calendar.published))
                if found.start:
                    known.append(date.fromisoformat(found.start))
    calendar.seen.extend(known)


def _carriers(sentences: list[Sentence], report: Report, reader: Reader) -> tuple[Ref, ...]:
    """The agency and the publisher, outermost last; ``outlet`` where the item does not name its publisher."""
    names = {source.id: source for source in reader.mission.sources}
    chain: list[Ref] = []
    for slug in (report.wire, report.source):
        if slug in names:
            forms = names[slug].names
            chain.append(Ref(slug, (forms.get("en") or next(iter(forms.values())))[0].text))
        elif slug and slug == report.wire:
            chain.append(Ref(None, slug))
    if not report.wire:
        seen = [
            unit.values["source"] for sentence in sentences
            if sentence.kind in {"dateline", "footer", "byline"} for unit in sentence.units if unit.has("SOURCE")
        ]  # fmt: skip
        wires = [source for source in seen if source.wire]
        papers = [source for source in seen if not source.wire]
        found = [*wires[:1], *papers[:1]]
        chain = [
            Ref(s.id, (s.names.get("en") or next(iter(s.names.values())))[0].text) for s in found
        ] + chain
    if not any(ref.id and ref.id in names and not names[ref.id].wire for ref in chain):
        chain.append(Ref(None, report.publisher or "outlet"))
    return tuple(dict.fromkeys(chain))


def _claims(
    drafts: list[Draft], report: Report, reader: Reader, carriers: tuple[Ref, ...]
) -> Iterator[Claim]:
    seen: dict[tuple[str, int, int], int] = defaultdict(int)
    zone = reader.mission.zone
    for draft in drafts:
        key = (draft.type, draft.evidence.start, draft.evidence.end)
        n = seen[key]
        seen[key] += 1
        chain = (*draft.speakers, *(ref for ref in carriers if ref not in draft.speakers))
        capacity = (*draft.capacity, *("in office" for _ in chain))[: len(chain)]
        identity = {"report": report.id, "type": key[0], "start": key[1], "end": key[2], "n": n}
        yield Claim(
            id=ClaimId(identify("claim", identity)),
            report=report.id,
            doc=report.doc,
            type=draft.type,
            subtype=draft.rule.subtype if draft.type == draft.rule.type else None,
            actors=draft.actors,
            targets=draft.targets,
            places=draft.places,
            quantities=draft.quantities,
            when=draft.when,
            due=draft.due,
            attribution=tuple(ref.label for ref in chain),
            speakers=chain,
            capacity=capacity,
            modality=draft.modality,  # type: ignore[arg-type]
            polarity=draft.polarity,  # type: ignore[arg-type]
            evidence=draft.evidence,
            language=report.language,
            rule=draft.rule.id,
            repeats=draft.repeats,
            known_at=report.known_at,
            known_basis=report.known_basis,
            valid_at=valid_at(draft.when, zone),
            sources=tuple(ref.id for ref in chain if ref.id and ref.id.startswith("src:")),
            realm=report.realm,
            owner=report.owner,
            release=report.release,
            by=By("extract", draft.rule.id, reader.mission.version[:12]),
        )
