"""Lays out pages, papers and tables; what does so is loaded only where it is asked for, as reading needs none of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from truceline.core.tables import Exported
    from truceline.publish.catalogue import Catalogue
    from truceline.publish.edition import Edition, Paper
    from truceline.publish.guide import BundleFacts


def write_table(ending: str, table: Exported) -> bytes:
    """Write a table as a file: ``csv``, ``xlsx``, ``geojson`` or ``gpkg``."""
    from truceline.adapters.exports import WRITERS  # noqa: PLC0415 - loads what reading does without

    return WRITERS[ending](table)


def words_of(languages: Iterable[str]) -> dict[str, Catalogue]:
    """Load the words of pages and paper in some languages."""
    from truceline.adapters.catalogues import load_catalogues  # noqa: PLC0415 - reading needs no pages

    return load_catalogues(languages)


def words_of_all() -> dict[str, Catalogue]:
    """Load the words of every language that has some, English first."""
    from truceline.adapters.catalogues import catalogue_languages  # noqa: PLC0415 - reading needs no pages

    return words_of(catalogue_languages())


def render_console(template: str, **values: object) -> str:
    """Lay out a page of the console."""
    from truceline.adapters.pages import render_console as render  # noqa: PLC0415 - reading needs no pages

    return render(template, **values)


def picture_of_address(address: str) -> bytes:
    """Draw an address as a QR code, as SVG."""
    from truceline.adapters.pages import picture_of_address as draw_it  # noqa: PLC0415 - reading needs no pages

    return draw_it(address)


def static_folders() -> dict[str, Path]:
    """Return address -> folder of what the console's pages load."""
    from truceline.adapters.pages import static_folders as folders  # noqa: PLC0415 - reading needs no pages

    return folders()


def pages_of(editions: Sequence[Edition]) -> dict[str, bytes]:
    """Lay out the pages: ``board.html`` and ``map.html``."""
    from truceline.adapters.pages import render_board, render_map  # noqa: PLC0415 - reading needs no pages

    return {
        "board.html": render_board(editions).encode("utf-8"),
        "map.html": render_map(editions).encode("utf-8"),
    }


def guide_page(facts: BundleFacts, maker: str) -> bytes:
    """Lay out the guide of a copy of the record, in every language that has words.

    Args:
        facts: What the copy says of itself.
        maker: Which program made it.

    Returns:
        The page.
    """
    from truceline.adapters.catalogues import catalogue_languages, load_catalogues  # noqa: PLC0415
    from truceline.adapters.pages import render_guide  # noqa: PLC0415
    from truceline.publish.guide import guide_of  # noqa: PLC0415

    words = load_catalogues(catalogue_languages())
    return render_guide([guide_of(facts, one) for one in words.values()], maker).encode("utf-8")


def sheet_of(
    template: str, data: Mapping[str, Any], pictures: Mapping[str, bytes], kind: Literal["png", "pdf"]
) -> bytes:
    """Set a sheet of one page by a template of ``data/typst``."""
    from truceline.adapters.typst import render_sheet  # noqa: PLC0415 - loads a compiler, for paper only

    return render_sheet(template, data, pictures, kind)


def papers_of(editions: Sequence[Edition]) -> list[Paper]:
    """Set the paper of each edition: ``report.<lang>.pdf``."""
    from truceline.adapters.typst import render_report  # noqa: PLC0415 - loads a compiler, for paper only

    return [render_report(edition) for edition in editions]
