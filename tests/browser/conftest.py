"""A browser, and a console to look at: the packaged mission, served on the loopback by the product's own command."""

from __future__ import annotations

import importlib.util
import re
import shutil
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, sync_playwright

from truceline.app import wiring
from truceline.publish import publish
from truceline.publish.edition import Edition

ROOT = Path(__file__).resolve().parents[2]
FLAGS = ["--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]


@pytest.fixture(scope="session")
def editions() -> tuple[Edition, ...]:
    """The example edition in every language, as the tests of publish make it."""
    module = sys.modules.get("edition_example")
    if module is None:
        path = ROOT / "tests" / "unit" / "publish" / "example.py"
        spec = importlib.util.spec_from_file_location("edition_example", path)
        assert spec
        assert spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules["edition_example"] = module
        spec.loader.exec_module(module)
    view = module.example()
    return tuple(publish(view, language) for language in view.languages)


class Console:
    """A running console: its address, and a sign-in link for an officer of each delegation."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process, self.address, self.links = process, "", dict[str, str]()
        self.store = Path()
        lines: list[str] = []
        while len(self.links) < 2:
            line = process.stdout.readline() if process.stdout else ""
            lines.append(line)
            assert line, "".join(lines)
            if found := re.match(r"serving (\S+)/$", line):
                self.address = found[1]
            if found := re.match(r"an officer of ([AB]): (\S+)$", line):
                self.links[found[1]] = found[2]
        threading.Thread(target=lambda: process.stdout and process.stdout.read(), daemon=True).start()


@pytest.fixture(scope="session")
def console(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """The packaged mission's console, run into an empty store."""
    store = tmp_path_factory.mktemp("console") / "store.db"
    with running("serve", "--mission", "karabakh-2020", "--demo", "--store", f"sqlite:///{store}") as made:
        made.store = store
        yield made


@pytest.fixture
def exercise(tmp_path: Path) -> Iterator[Console]:
    """A centre at its first start, by the one command that a newcomer types."""
    with running("exercise", str(tmp_path / "day"), "--no-browser") as made:
        yield made


@pytest.fixture(scope="session")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Console]:
    """The packaged mission with simulated traffic, at ports that nothing else holds."""
    folder = tmp_path_factory.mktemp("live")
    pack = folder / "karabakh-2020"
    shutil.copytree(wiring.mission_folder("karabakh-2020"), pack)
    sensors = pack / "sensors.yaml"
    text = sensors.read_text(encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as other:
        ports = iter([one.getsockname()[1], other.getsockname()[1]])
        text = re.sub(r"(tcp-listen://127\.0\.0\.1:)\d+", lambda found: f"{found[1]}{next(ports)}", text)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
        free.bind(("127.0.0.1", 0))
        text = re.sub(r"(udp-listen://127\.0\.0\.1:)\d+", rf"\g<1>{free.getsockname()[1]}", text)
    sensors.write_text(text, encoding="utf-8")
    with running(
        "demo", "--live", "--no-browser", "--mission", str(pack), "--out", str(folder / "out")
    ) as made:
        yield made


@contextmanager
def running(*words: str) -> Iterator[Console]:
    """Run a command of ours that serves, on a free port, until the tests with it are done."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "truceline", *words, "--bind", f"localhost:{port}"],
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
    )  # fmt: skip
    try:
        yield Console(process)
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def browser(need: Callable[[str], str]) -> Iterator[Browser]:
    """The system's Chromium, without a screen. It ends with its module: while it is open, no other loop can run here."""
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=need("chromium"), args=FLAGS)
        yield found
        found.close()


@pytest.fixture
def look(browser: Browser, console: Console) -> Iterator[Callable[..., Any]]:
    """Open a page of the console; what its script complains of fails the test at its end."""
    complaints: list[str] = []
    contexts = []

    def at(
        address: str, language: str = "en", theme: str = "light", width: int = 1440, height: int = 900
    ) -> Any:
        scheme: Any = theme
        context = browser.new_context(
            viewport={"width": width, "height": height}, locale=language, color_scheme=scheme
        )
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        # a conflict is an answer that the page shows, for example where two pages of one officer open one round
        page.on(
            "console",
            lambda said: (
                complaints.append(said.text) if said.type == "error" and " 409 " not in said.text else None
            ),
        )
        page.goto(console.address + address)
        return page

    yield at
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture(scope="session")
def axe() -> str:
    """The script of axe-core, from the packages of the console."""
    path = ROOT / "console" / "node_modules" / "axe-core" / "axe.min.js"
    if not path.is_file():
        pytest.skip("axe-core: not present; run `make test`, which brings it")
    return path.read_text(encoding="utf-8")
