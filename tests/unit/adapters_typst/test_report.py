"""The paper is set in our type alone, in the right order, the same each time."""

from __future__ import annotations

import re
from pathlib import Path

import pypdfium2
import pytest
from pypdfium2 import raw

from truceline.adapters.typst import render_report
from truceline.adapters.typst.render import payload
from truceline.core.errors import UnavailableError
from truceline.publish.edition import Edition

FONTS = Path(__file__).parents[3] / "src" / "truceline" / "data" / "fonts"
needs_fonts = pytest.mark.skipif(
    not any(FONTS.glob("*.ttf")), reason="fonts are not built: python fonts/make_fonts.py"
)
OURS = ("NotoSans", "NotoSansArabic", "NotoSerif", "NotoNaskhArabic")


@pytest.fixture(scope="module")
def papers(editions: tuple[Edition, ...]) -> dict[str, bytes]:
    return {edition.language: render_report(edition).data for edition in editions}


def _text(paper: bytes) -> str:
    document = pypdfium2.PdfDocument(paper)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def _fonts(paper: bytes) -> set[str]:
    document = pypdfium2.PdfDocument(paper)
    names: set[str] = set()
    for page in document:
        for item in page.get_objects(max_depth=15):
            if item.type != raw.FPDF_PAGEOBJ_TEXT:
                continue
            buffer = bytes(200)
            length = raw.FPDFFont_GetBaseFontName(raw.FPDFTextObj_GetFont(item.raw), buffer, 200)
            names.add(buffer[: length - 1].decode())
    return names


def _lines(paper: bytes) -> list[str]:
    """The sheet's lines as the eye meets them, from left to right, without spaces."""
    lines: list[str] = []
    for page in pypdfium2.PdfDocument(paper):
        text = page.get_textpage()
        rows: dict[int, list[tuple[float, str]]] = {}
        for index in range(text.count_chars()):
            letter = text.get_text_range(index, 1)
            left, bottom, _, _ = text.get_charbox(index, loose=True)
            if letter.strip() and not "\u2066" <= letter <= "\u2069":
                rows.setdefault(round(bottom / 2), []).append((left, letter))
        lines += ["".join(letter for _, letter in sorted(row)) for row in rows.values()]
    return lines


@needs_fonts
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_font_of_a_paper_is_ours(papers: dict[str, bytes], language: str) -> None:
    faces = {name.rpartition("+")[2].partition("-")[0] for name in _fonts(papers[language])}
    assert faces
    assert faces <= set(OURS)
    named = {match.decode() for match in re.findall(rb"/BaseFont /[A-Z]{6}\+([A-Za-z]+)", papers[language])}
    assert named <= set(OURS)


@needs_fonts
def test_the_same_edition_gives_the_same_bytes(
    editions: tuple[Edition, ...], papers: dict[str, bytes]
) -> None:
    assert {e.language: render_report(e).data for e in editions} == papers


@needs_fonts
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_sheet_bears_the_realm_and_its_number(
    papers: dict[str, bytes], editions: tuple[Edition, ...], language: str
) -> None:
    document = pypdfium2.PdfDocument(papers[language])
    assert len(document) >= 2
    for page in document:
        text = page.get_textpage().get_text_range()
        assert str(len(document)) in text
        if language == "en":
            assert "DEMO DATA" in text
            assert f"of {len(document)}" in text


@needs_fonts
def test_tokens_keep_their_order_inside_arabic(papers: dict[str, bytes]) -> None:
    seen = "\n".join(_lines(papers["ar"]))
    for token in ("39.62°N,46.12°E", "truceline/demo/example", "(UTC)", "19:30", "52,764", "abababab" * 8):
        assert token in seen


@needs_fonts
def test_the_paper_says_its_rule_cut_off_names_and_record(papers: dict[str, bytes]) -> None:
    text = re.sub(r"\s+", " ", _text(papers["en"]))
    for words in (
        "Counting rule: exchange of fire",
        "day ends at 19:30",
        "both parties",
        "Root hash",
        "Restrictions of movement",
    ):
        assert words in text


def test_sentences_lead_to_their_incidents(editions: tuple[Edition, ...]) -> None:
    sentence = next(s for s in payload(editions[0])["report"]["brief"] if "accuses" in s["text"])
    assert sentence["refs"] == ("\u2066I1\u2069",)


def test_labels_of_drawings_hold_no_isolate(editions: tuple[Edition, ...]) -> None:
    for edition in editions:
        drawn = payload(edition)["report"]
        assert not set("\u2066\u2067\u2068\u2069") & set(drawn["map"]["svg"] + drawn["timeline"]["svg"])


def test_missing_fonts_are_said_instead_of_replaced(
    editions: tuple[Edition, ...], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("truceline.adapters.typst.fonts._FONTS", tmp_path)
    with pytest.raises(UnavailableError, match="fonts of the paper are not built"):
        render_report(editions[0])
