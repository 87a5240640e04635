"""What an edition holds, every string ready: pages and paper only lay it out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from truceline.ledger.imprint import Imprint
from truceline.publish.catalogue import Catalogue
from truceline.publish.given import RecordHead

T = TypeVar("T")
S = TypeVar("S")


@dataclass(frozen=True, slots=True)
class Run(Generic[T]):
    """A value that holds for a stretch of steps.

    Args:
        first: Index of the first step.
        last: Index of the last step, inclusive.
        value: What holds.
    """

    first: int
    last: int
    value: T


def runs(values: Sequence[T | None]) -> tuple[Run[T], ...]:
    """Gather equal neighbours of one value per step into stretches; None leaves a gap."""
    out: list[Run[T]] = []
    for index, value in enumerate(values):
        if value is None:
            continue
        if out and out[-1].last == index - 1 and out[-1].value == value:
            out[-1] = Run(out[-1].first, index, value)
        else:
            out.append(Run(index, index, value))
    return tuple(out)


def runs_of(steps: Iterable[S], read: Callable[[S], T | None]) -> tuple[Run[T], ...]:
    """Read one value from each step and gather equal neighbours."""
    return runs([read(step) for step in steps])


@dataclass(frozen=True, slots=True)
class Moment:
    """One step of the slider.

    Args:
        known_at: The moment.
        text: The moment in words.
        short: Its day, for the tick.
        sentence: What one sees from there.
        later: How many later entries are hidden; empty at the last step.
        rebuilt: The sentence on publication dates, or empty.
        x: Where it stands on the slider, 0 to 1.
        axis: Where it stands on the board's axis, 0 to 1, cut to its ends.
    """

    known_at: datetime
    text: str
    short: str
    sentence: str
    later: str
    rebuilt: str
    x: float
    axis: float


@dataclass(frozen=True, slots=True)
class Masthead:
    """What stands over every page and sheet."""

    mission: str
    centre: str
    realm: str
    realm_word: str
    realm_says: str
    profile: str
    counting: str
    standard: str
    mandate: str
    provenance: str
    edition: str
    unseen_says: str
    profiles: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Chip:
    """A status: the word of the vocabulary, the style and sign that go with it, its printed word, a line beneath."""

    status: str
    style: str
    sign: str
    word: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exposed:
    """What could be seen: the state's style (``unseen``, ``posts``, ``none``) and its words."""

    style: str
    word: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counted:
    """How much evidence there is: reports, and speakers that do not copy each other."""

    reports: str
    speakers: str


@dataclass(frozen=True, slots=True)
class Mark:
    """A mark on the board's axis.

    Args:
        kind: ``due``, ``old``, ``done``, ``statement``, ``far``, ``start``.
        x: 0 to 1 along the axis, in reading direction.
        label: Words beneath it; empty for none.
        title: Words on hovering.
        to: End of an amendment's arrow, or None.
    """

    kind: str
    x: float
    label: str = ""
    title: str = ""
    to: float | None = None


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the axis: from and to in 0 to 1, style ``unseen``, ``posts`` or ``dotted``."""

    start: float
    end: float
    style: str


@dataclass(frozen=True, slots=True)
class DueText:
    """The due date in words: replaced dates in order, then the one in force."""

    old: tuple[str, ...]
    now: str
    reading: str


@dataclass(frozen=True, slots=True)
class Quote:
    """A claim as evidence: speaker and verb, what is said, the words with their language, and how it was read."""

    id: str
    speaker: str
    verb: str
    what: str
    capacity: str
    words: str
    language: str
    direction: str
    source: str
    when: str
    known: str
    review: str
    review_word: str


@dataclass(frozen=True, slots=True)
class Because:
    """A reason: its sentence, the language it is in, and the review of its claim."""

    text: str
    language: str
    review: str
    review_word: str


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """An amendment in words: pairs of heading and words, and since when it is in force, by step."""

    title: str
    facts: tuple[tuple[str, str], ...]
    standing: tuple[Run[str], ...]


@dataclass(frozen=True, slots=True)
class ReadingView:
    """A question of reading: the question, what each party reads, who may decide."""

    question: str
    readings: tuple[tuple[str, str], ...]
    decided_by: str


@dataclass(frozen=True, slots=True)
class VariantView:
    """A version of a clause that differs: language, what differs, where it stands."""

    language: str
    what: str
    where: str
    official: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of what was known when."""

    when: str
    text: str


@dataclass(frozen=True, slots=True)
class Detail:
    """The pane beside the board, for one obligation."""

    heading: str
    kind: str
    cover: str
    instrument: str
    gist: str
    variants: tuple[VariantView, ...]
    amendments: tuple[AmendmentView, ...]
    readings: tuple[ReadingView, ...]
    reasons: tuple[Run[Because], ...]
    quotes: tuple[Run[Quote], ...]
    disputes: tuple[Run[str], ...]
    known: tuple[Run[Entry], ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One obligation on the board; ``there`` is the stretch of steps at which its instrument was public."""

    id: str
    there: Run[bool]
    clause: str
    title: str
    under: str
    marks: tuple[Run[Mark], ...]
    bands: tuple[Run[Band], ...]
    due: tuple[Run[DueText], ...]
    chip: tuple[Run[Chip], ...]
    exposed: tuple[Run[Exposed], ...]
    counted: tuple[Run[Counted], ...]
    accepted: tuple[Run[str], ...]
    detail: Detail


@dataclass(frozen=True, slots=True)
class Group:
    """Rows under one heading."""

    title: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Tally:
    """How many obligations have a style of status: the chip and the figure."""

    chip: Chip
    n: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A tick of the board's axis: 0 to 1, its day, and its month where the month begins."""

    x: float
    day: str
    month: str


@dataclass(frozen=True, slots=True)
class Board:
    """The board of obligations."""

    title: str
    under: str
    ticks: tuple[Tick, ...]
    tallies: tuple[Run[tuple[Tally, ...]], ...]
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class ListRow:
    """A row of the map as a list: cells in the order of the heading; ``first`` and ``last`` step of its stretch."""

    first: int
    last: int
    id: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListTable:
    """A table of the map as a list."""

    title: str
    head: tuple[str, ...]
    rows: tuple[ListRow, ...]
    empty: str


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture of lines and shapes: its width and height in units, and its SVG without the outer element."""

    width: float
    height: float
    inner: str
    title: str


@dataclass(frozen=True, slots=True)
class MapView:
    """The map: the drawing, the list of the same content, notes and scale, and the kinds of marks as word and shape."""

    title: str
    drawing: Drawing
    tables: tuple[ListTable, ...]
    tallies: tuple[Run[str], ...]
    captions: tuple[str, ...]
    km_per_unit: float
    kinds: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the report and the numbers it ends with."""

    text: str
    refs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DutyLine:
    """A row of the report's table of obligations."""

    ref: str
    clause: str
    title: str
    instrument: str
    due: DueText
    chip: Chip
    exposed: Exposed
    accepted: str


@dataclass(frozen=True, slots=True)
class ClaimLine:
    """A row of the report's table of claims."""

    ref: str
    speaker: str
    capacity: str
    verb: str
    what: str
    basis: str
    when: str


@dataclass(frozen=True, slots=True)
class ClaimGroup:
    """Claims of one group of types."""

    title: str
    lines: tuple[ClaimLine, ...]


@dataclass(frozen=True, slots=True)
class SideView:
    """What one party says of an incident; no words means that nothing is on record."""

    party: str
    says: tuple[Sentence, ...]


@dataclass(frozen=True, slots=True)
class IncidentView:
    """An incident in words."""

    ref: str
    id: str
    title: str
    when: str
    where: str
    cover: str
    state: str
    independent: str
    exposure: str
    sides: tuple[SideView, ...]


@dataclass(frozen=True, slots=True)
class CounterLine:
    """A row of the report's table of counters."""

    title: str
    now: str
    before: str
    rule: str
    claimant: str
    exposure: str
    as_of: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourceLine:
    """A row of the report's table of sources: items with their copies folded."""

    name: str
    basis: str
    items: str
    copies: str
    first: str


@dataclass(frozen=True, slots=True)
class RecordView:
    """The record at the moment of the edition, for the foot of every sheet."""

    origin: str
    size: str
    root: str


@dataclass(frozen=True, slots=True)
class Report:
    """The paper edition."""

    title: str
    kind: str
    cut_off: str
    rebuilt: str
    brief: tuple[Sentence, ...]
    duties: tuple[DutyLine, ...]
    accepted: tuple[ClaimGroup, ...]
    machine: tuple[ClaimGroup, ...]
    incidents: tuple[IncidentView, ...]
    counters: tuple[CounterLine, ...]
    uncounted: str
    timeline: Drawing
    map: Drawing
    map_caption: str
    restrictions: tuple[Sentence, ...]
    sources: tuple[SourceLine, ...]
    record: RecordView | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Edition:
    """Everything that leaves in one language."""

    language: str
    direction: str
    words: Catalogue
    masthead: Masthead
    moments: tuple[Moment, ...]
    statuses: tuple[tuple[tuple[str, str], ...], ...]
    board: Board
    map: MapView
    report: Report
    issued: datetime
    head: RecordHead | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper that was set.

    Args:
        name: Its file name.
        language: Its language.
        data: The PDF.
        imprint: What its QR code says (see `ledger.imprint`); None where no record was read.
    """

    name: str
    language: str
    data: bytes
    imprint: Imprint | None
