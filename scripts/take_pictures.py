"""Take the pictures of the README from a run: the board and the map by Chromium, the first page of the report by pdftoppm.

Usage: ``take_pictures.py FOLDER``, a folder that ``truceline run`` wrote. It writes docs/pictures/.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

OUT = Path(__file__).resolve().parents[1] / "docs" / "pictures"
SIZE = {"width": 1360, "height": 850}
PAGES = (("board", "en"), ("board", "ar"), ("map", "en"))
LANGUAGES = ("en", "ar")
DOTS_PER_INCH = 90


def take_pages(folder: Path) -> None:
    """Take the pages in each language.

    Args:
        folder: Where the pages lie.
    """
    with sync_playwright() as engines:
        browser = engines.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for name, language in PAGES:
            page = browser.new_page(
                viewport=SIZE, locale=language, color_scheme="light", reduced_motion="reduce"
            )
            page.goto(f"{(folder / name).resolve().as_uri()}.html?lang={language}")
            page.evaluate("document.fonts.ready")
            page.screenshot(path=OUT / f"{name}.{language}.png")
            page.close()
        browser.close()


def take_reports(folder: Path) -> None:
    """Take the first page of the report in each language.

    Args:
        folder: Where the reports lie.
    """
    for language in LANGUAGES:
        paper, picture = folder / f"report.{language}.pdf", OUT / f"report.{language}"
        dots = ["-r", str(DOTS_PER_INCH), "-f", "1", "-l", "1", "-singlefile"]
        subprocess.run(["pdftoppm", "-png", *dots, str(paper), str(picture)], check=True)


def main() -> int:
    """Take all of them."""
    folder = Path(sys.argv[1])
    OUT.mkdir(parents=True, exist_ok=True)
    take_pages(folder)
    take_reports(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
