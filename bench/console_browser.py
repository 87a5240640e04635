"""How soon the console's map is drawn and its answers are seen, in a browser without a screen or a graphics card.

Counted by the browser's own clock: from the navigation to the map's first rest, and from a key or a press to the first frame
in which what it asks for can be seen.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Any

from _rows import left_out, row

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "proof"))

from _centre import Service  # noqa: E402 - the service as the proofs run it

from truceline.app import flow, wiring  # noqa: E402 - beside it

FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
N_LOADS, N_TIMES = 5, 10
PAUSE_MS = 700
"""Between two presses, as people press: else what the one before still draws is counted for the next."""
_WATCHED = """
new MutationObserver((_, own) => {
  if (document.querySelector('#map[data-idle]')) { window.rested = performance.now(); own.disconnect(); }
}).observe(document, {subtree: true, attributes: true, childList: true});
"""
_ARMED = """selector => {
  window.answered = undefined;
  const begin = event => {
    for (const kind of ['keydown', 'click']) removeEventListener(kind, begin, true);
    const look = () => {
      if (document.querySelector(selector)) window.answered = performance.now() - event.timeStamp;
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  };
  for (const kind of ['keydown', 'click']) addEventListener(kind, begin, true);
}"""


def loads(page: Any, address: str) -> Iterator[float]:
    """Open the watch again and again; seconds from each navigation until the map first rests."""
    page.add_init_script(_WATCHED)
    for _ in range(N_LOADS):
        page.goto(address)
        page.wait_for_function("() => window.rested !== undefined", timeout=60_000)
        yield float(page.evaluate("window.rested")) / 1000


def answered(page: Any, selector: str, do: Any) -> float:
    """Do something, and return the milliseconds until a selector finds what was asked for."""
    page.evaluate(_ARMED, selector)
    do()
    page.wait_for_function("() => window.answered !== undefined")
    return float(page.evaluate("window.answered"))


def interactions(page: Any) -> dict[str, list[float]]:
    """Use the watch as an officer does; milliseconds of each thing, many times."""
    found: dict[str, list[float]] = {}
    rows = [one.get_attribute("data-pick") for one in page.locator(".qrow[data-pick^=incident]").all()]
    for n in range(N_TIMES):
        at = rows[n % len(rows)]
        ways = {
            "a case is opened": (f"#evidence [data-case='{at}']", lambda at=at: page.locator(f".qrow[data-pick='{at}']").click()),
            "light turns dark": ("html[data-theme=dark]", lambda: page.keyboard.press("d")),
            "dark turns light": ("html[data-theme=light]", lambda: page.keyboard.press("d")),
            "the palette opens": ("#palette[open]", lambda: page.keyboard.press("/")),
            "the moment's menu opens": ("details.knownmenu[open]", lambda: page.locator(".knownmenu summary").click()),
            "a mode of the timeline": ("[data-mode=cumulative][aria-pressed=true]", lambda: page.locator("[data-mode=cumulative]").click()),
            "back to a window": ("[data-mode=window][aria-pressed=true]", lambda: page.locator("[data-mode=window]").click()),
        }  # fmt: skip
        for what, (selector, do) in ways.items():
            page.locator("body").evaluate("() => document.activeElement?.blur()")
            page.wait_for_timeout(PAUSE_MS)
            found.setdefault(what, []).append(answered(page, selector, do))
            page.keyboard.press("Escape")
            page.evaluate("document.querySelectorAll('details[open]').forEach(one => { one.open = false; })")
    return found


def main() -> int:
    """Measure, or say what is not there."""
    browser = shutil.which("chromium") or shutil.which("chromium-browser")
    if browser is None:
        left_out("the console in a browser", "there is no Chromium here")
        return 0
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    with tempfile.TemporaryDirectory(prefix="browser-") as folder, sync_playwright() as play:
        out, inbox = Path(folder), wiring.mission_folder("karabakh-2020") / "inbox"
        flow.run(
            wiring.open_world("karabakh-2020"), [inbox], out, known_at=None, accepted_only=False,
            say=lambda *_: None,
        )  # fmt: skip
        service = Service(out / "store.db")
        service.start()
        try:
            page = play.chromium.launch(executable_path=browser, args=FLAGS).new_page(
                viewport={"width": 1440, "height": 900}
            )
            page.goto(service.door("A"))
            if not page.locator("form[action='/sign-out']").count():
                raise SystemExit("the officer is not signed in: what follows would be a visitor's page")
            took_s = list(loads(page, f"http://localhost:{service.port}/"))
            row("the watch's map first at rest, median", median(took_s), "s", "<=", 3)
            for what, took_ms in interactions(page).items():
                row(f"seen on the watch, median: {what}", median(took_ms), "ms", "<=", 100)
        finally:
            service.stop()
    return 0


if __name__ == "__main__":
    sys.exit(main())
