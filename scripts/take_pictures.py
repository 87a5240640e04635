"""Take the pictures of the README from a run: console and board by Chromium, the first page of the report by pdftoppm.

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
CONSOLE_SIZE = {"width": 1440, "height": 900}
PAGES = (("board", "en"),)
CONSOLE = (("watch", "/", "en", "light"), ("watch", "/", "ar", "dark"), ("map", "/map", "en", "light"))
"""Name of the picture, address, language, theme."""
BIND = "localhost:8469"
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
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


def take_console(store: Path) -> None:
    """Take pages of the console, its map drawn.

    Args:
        store: The store to serve.
    """
    command = [
        sys.executable,
        "-m",
        "truceline",
        "serve",
        "--mission",
        "karabakh-2020",
        "--demo",
        "--bind",
        BIND,
    ]
    service = subprocess.Popen([*command, "--store", f"sqlite:///{store}"], stdout=subprocess.PIPE, text=True)
    try:
        while service.stdout and "officer of B" not in service.stdout.readline():
            pass
        with sync_playwright() as engines:
            browser = engines.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
            for name, address, language, theme in CONSOLE:
                page = browser.new_page(viewport=CONSOLE_SIZE, locale=language, color_scheme=theme)
                page.goto(f"http://{BIND}{address}?lang={language}")
                page.wait_for_selector("#map[data-idle]", timeout=30_000)
                page.evaluate("document.fonts.ready")
                page.screenshot(path=OUT / f"{name}.{language}.png")
                page.close()
            browser.close()
    finally:
        service.terminate()
        service.wait(20)


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
    take_console(folder / "store.db")
    take_reports(folder)
    return 0


if __name__ == "__main__":
    sys.exit(main())
