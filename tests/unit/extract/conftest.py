"""One Arabic reader for all: the packaged mission and the language's data, made once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from truceline.adapters.languages import load_language
from truceline.adapters.packs import load_mission
from truceline.core.ids import identify
from truceline.core.reports import Report
from truceline.extract import Extraction, Reader, extract
from truceline.extract.dates import join_dates
from truceline.extract.fold import fold
from truceline.extract.mentions import join_mentions
from truceline.extract.names import Memory
from truceline.extract.numbers import join_numbers
from truceline.extract.units import Unit, cut_sentences, make_units


@pytest.fixture(scope="session")
def reader() -> Reader:
    """The Arabic reader of the packaged mission."""
    return Reader(load_mission("karabakh-2020"), load_language("ar"))


@pytest.fixture(scope="session")
def read(reader: Reader) -> Callable[..., Extraction]:
    """Read a text: ``read(text, published="2020-11-16")``."""

    def run(text: str, published: str | None = "2020-11-16") -> Extraction:
        report = Report(
            id=identify("report", {"text": text}), doc="item.txt", kind="article", sha256="", size=len(text),
            media_type="text/plain", language="ar", text=text,
        )  # fmt: skip
        return extract(report, {"ar": reader}, published=published)

    return run


@pytest.fixture(scope="session")
def units_of(reader: Reader) -> Callable[[str], list[Unit]]:
    """The units of one sentence, figures, dates and mentions joined."""

    def run(text: str) -> list[Unit]:
        folded = fold(text)
        tokens = next(iter(cut_sentences(folded, 0, len(folded))))
        units = join_dates(join_numbers(make_units(tokens, reader.lexicon)))
        return join_mentions(units, reader.names, Memory(), None)

    return run
