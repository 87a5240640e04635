"""What a language knows, as data: words, numbers, dates, offices, speech and rules. Loaded by an adapter."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from truceline.core.claims import Modality


@dataclass(frozen=True, slots=True)
class Clitics:
    """What may stand glued to a word.

    Args:
        prefixes: Prefixes, each with the flags that it sets (``and``, ``in``, ``to``, ``future`` …).
        suffixes: Suffixes and their flags (``poss``).
        minimum: Letters that must remain.
        future: Letters with which a verb in the present begins; a prefix of the future stands before no other.
    """

    prefixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    suffixes: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    minimum: int = 2
    future: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Office:
    """A kind of office.

    Args:
        label: English label; ``{adj}`` and ``{noun}`` stand for the party.
        forms: Its words.
        tag: Tag under which rules see it.
        plural: Words for several holders.
        stands_for: Office kinds named before that a bare word ("the ministry") stands for.
        personal: Whether one person holds it, so that a name may follow.
        heads: Whether another office may follow as its genitive ("spokesman of the ministry"); ``{of}`` is that one.
        capacity: How its holders speak, where it is not "in office".
    """

    label: str
    forms: tuple[str, ...]
    tag: str = "OFFICE"
    plural: tuple[str, ...] = ()
    stands_for: tuple[str, ...] = ()
    personal: bool = False
    heads: bool = False
    capacity: str = "in office"


@dataclass(frozen=True, slots=True)
class Speech:
    """A class of verbs of saying.

    Args:
        forms: Its words, in the notation of the word lists.
        modality: How the speaker puts it, or None where it decides nothing.
        relay: Whether it names who carried the words (``according to``).
        stipulates: Whether a text speaks (``provides for``).
        tag: Tag under which rules see it.
        like: Class whose tag it shows too, for participles of its verbs.
        author: Whether the text's author speaks ("in my view").
        carries: Whether it goes on with the speaker before it (participles: "adding that").
        needs: Tag without which, behind it in the clause, it says nothing ("laid … the blame").
    """

    forms: tuple[str, ...]
    like: str | None = None
    carries: bool = False
    needs: str = ""
    author: bool = False
    modality: Modality | None = None
    relay: bool = False
    stipulates: bool = False
    tag: str = "SAY"


@dataclass(frozen=True, slots=True)
class Dates:
    """Words of the date grammar; every list is folded on loading."""

    months: Mapping[str, int]
    weekdays: Mapping[str, int]
    relative_days: Mapping[str, int]
    last: tuple[str, ...] = ()
    next: tuple[str, ...] = ()
    current: tuple[str, ...] = ()
    same_month: tuple[str, ...] = ()
    day_words: tuple[str, ...] = ()
    this_month: tuple[str, ...] = ()
    last_month: tuple[str, ...] = ()
    ordinals: Mapping[str, int] = field(default_factory=dict)
    weeks: Mapping[str, int] = field(default_factory=dict)
    same_day: tuple[str, ...] = ()
    month_order: str = "dmy"


@dataclass(frozen=True, slots=True)
class Numbers:
    """Number words: value of each, fractions, words for half more, and what says how exact a figure is.

    ``compounds`` are second halves of words with a number inside them: "ten-day", "sixty-strong".
    """

    words: Mapping[str, int]
    fractions: Mapping[str, str]
    and_half: tuple[str, ...] = ()
    joiners: tuple[str, ...] = ()
    ops: Mapping[str, str] = field(default_factory=dict)
    ops_after: Mapping[str, str] = field(default_factory=dict)
    compounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rule:
    """A claim rule (data; see docs/explanation/extracting.md).

    Args:
        id: Stable name, shown with each claim.
        type: Claim type.
        match: Patterns over tags; any of them makes a claim.
        subtype: Finer word, or None.
        unit: Unit of the figure in slot ``n``.
        units: Tag -> unit that stands in for ``unit`` where the tag is in the evidence; ``A+B`` also asks that B
            is in the sentence.
        actors: Where actors come from, the first that gives something.
        targets: Where targets come from.
        places: Where places come from.
        modality: Fixed modality; else the speaker's.
        blame: Whether it is an accusation where one bound party's own says it of the other.
        modality_own: Modality where the role named by ``own`` is the speaker's own side.
        own: ``targets`` or ``actors``.
        polarity: Fixed polarity.
        due: Whether a deadline date is needed.
        when: ``near`` (default), ``none`` or ``slot``.
        needs: Tags that must stand in the sentence; ``A|B`` is either.
        clause: Tags that must stand in the clause; ``A|B`` is either.
        unless: Tags that must not stand in the clause; ``<TAG`` only up to the end of the match.
        yields_to: Claim types that, found over the same words, make this claim needless; a rule id counts in the
            whole sentence; ``*`` yields to any claim over the same words whose rule does not, ``**`` to any
            obligation of the sentence.
        anchor: ``sentence`` where the sentence itself must name the theatre.
        about: True where the claim stands although it is only the topic of talks.
        stipulated: Type that this becomes inside what a text provides for; ``same`` keeps it.
        title: Whether a title alone may give it.
        speaker: Fixed label of the innermost speaker, or ``slot:<name>``.
    """

    id: str
    type: str
    match: tuple[str, ...]
    subtype: str | None = None
    unit: str | None = None
    units: Mapping[str, str] = field(default_factory=dict)
    actors: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    places: tuple[str, ...] = ("slot", "near")
    modality: Modality | None = None
    blame: bool = False
    modality_own: Modality | None = None
    own: str = "targets"
    polarity: str = "affirmed"
    due: bool = False
    when: str = "near"
    needs: tuple[str, ...] = ()
    clause: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    yields_to: tuple[str, ...] = ()
    anchor: str = "run"
    about: bool = False
    stipulated: str = "agreement_term"
    title: bool = True
    speaker: str | None = None


@dataclass(frozen=True, slots=True)
class LanguageData:
    """One language, as its data files say.

    Args:
        code: BCP 47 code.
        inflection: Name of the inflection scheme of the word lists (``ar``, ``en``, ``none``).
        letters: Letter -> Latin letters, for names that the pack does not know.
        feminine: Letters that begin or end a verb with a feminine subject, as a state's name is.
        article: Articles glued to words, dropped on both sides of a look-up.
        clitics: Further glued parts.
        words: Tag -> forms.
        offices: Kind -> office.
        speech: Class -> verbs of saying.
        dates: Date grammar.
        numbers: Number words.
        rules: Claim rules, in order.
        subject_first: Whether the subject stands before its verb as a rule.
        silent: Words that reading passes over, such as an article that stands alone.
        abbreviations: Words behind which a full stop ends no sentence.
    """

    code: str
    inflection: str
    clitics: Clitics
    words: Mapping[str, tuple[str, ...]]
    offices: Mapping[str, Office]
    speech: Mapping[str, Speech]
    dates: Dates
    numbers: Numbers
    rules: tuple[Rule, ...]
    letters: Mapping[str, str] = field(default_factory=dict)
    feminine: tuple[str, ...] = ()
    article: tuple[str, ...] = ()
    subject_first: bool = True
    silent: tuple[str, ...] = ()
    abbreviations: tuple[str, ...] = ()
