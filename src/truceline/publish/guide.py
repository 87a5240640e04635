"""The guide in a copy of the record: for somebody who has to judge it and is no programmer."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from truceline.publish.catalogue import Catalogue
from truceline.publish.tokens import Tokens, ltr, quoted


@dataclass(frozen=True, slots=True)
class Signer:
    """Who may stand under a record: name, the key as the policy writes it, and whether it is the log's own.

    Args:
        name: Name in the policy; the origin for the log's own key.
        vkey: The verifier key.
        is_log: Whether it is the record's own key and not a witness's.
        is_signed: Whether it stands under this copy.
        at: When it cosigned, where it says.
    """

    name: str
    vkey: str
    is_log: bool
    is_signed: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class BundleFacts:
    """What a copy of the record says of itself.

    Args:
        origin: The record's identity.
        realm: Its realm.
        size: Entries.
        root_hex: Their root hash.
        signers: Whom its policy names.
        n_of_type: Type of entry -> how many.
        n_withheld: Entries whose content is not in this copy.
    """

    origin: str
    realm: str
    size: int
    root_hex: str
    signers: tuple[Signer, ...]
    n_of_type: Mapping[str, int]
    n_withheld: int


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the guide: its head and its rows."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the guide: heading, sentences, a table where it has one."""

    title: str
    sentences: tuple[str, ...]
    table: Table | None = None


@dataclass(frozen=True, slots=True)
class Guide:
    """The guide in one language, ready to be laid out."""

    language: str
    direction: str
    name: str
    title: str
    lead: str
    warning: str
    sections: tuple[Section, ...]


def guide_of(facts: BundleFacts, words: Catalogue) -> Guide:
    """Write the guide of a copy in one language.

    Args:
        facts: What the copy says.
        words: The language's words.

    Returns:
        The guide.
    """
    say, tokens = words.say, Tokens(words, ZoneInfo("UTC"))
    is_live = facts.realm == "live"
    copy = (
        (say("report.origin"), ltr(facts.origin)),
        (say("report.size"), tokens.figure(facts.size)),
        (say("report.root"), tokens.hash(facts.root_hex)),
    )
    kinds = [
        (say(f"entry_type.{kind}"), tokens.figure(n)) for kind, n in sorted(facts.n_of_type.items()) if n
    ]
    holds = _sentences(words, "holds")
    if facts.n_withheld:
        holds = (*holds, tokens.count("guide.withheld", facts.n_withheld))
    return Guide(
        language=words.language,
        direction=words.direction,
        name=say("meta.name"),
        title=say("guide.title"),
        lead=say("guide.lead"),
        warning="" if is_live else say("guide.not_live", realm=say(f"realm.{facts.realm}")),
        sections=(
            Section(say("guide.what"), _sentences(words, "what")),
            Section(say("guide.copy"), _sentences(words, "copy"), Table((), copy)),
            Section(say("guide.who"), _sentences(words, "who"), _signers(facts.signers, words, tokens)),
            Section(
                say("guide.holds"),
                holds,
                Table((say("guide.col_kind"), say("guide.col_count")), tuple(kinds)),
            ),
            Section(say("guide.check"), _sentences(words, "check")),
            Section(say("guide.differ"), _sentences(words, "differ")),
            Section(say("guide.limits"), _sentences(words, "limits")),
        ),
    )


def _sentences(words: Catalogue, part: str) -> tuple[str, ...]:
    found: list[str] = []
    while words.has(key := f"guide.{part}_{len(found) + 1}"):
        found.append(words.say(key))
    return tuple(found)


def _signers(signers: Iterable[Signer], words: Catalogue, tokens: Tokens) -> Table:
    say = words.say
    head = (say("guide.col_name"), say("guide.col_role"), say("guide.col_when"), say("guide.col_key"))
    rows = []
    for one in signers:
        role = say("guide.role_log") if one.is_log else say("guide.role_witness")
        if not one.is_signed:
            when = say("guide.not_signed")
        else:
            when = say("guide.signed") if one.at is None else tokens.machine_instant(one.at)
        rows.append((quoted(one.name), role, when, ltr(one.vkey)))
    return Table(head, tuple(rows))
