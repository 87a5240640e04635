"""What is kept back is in nothing that leaves: items of every mark go in, and every way out is walked."""

from __future__ import annotations

import json
import re
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
import pytest
from click.testing import CliRunner

from truceline.adapters.folder import serve_folder
from truceline.app import editions, flow
from truceline.app.front import front_page
from truceline.app.outputs import Outcome
from truceline.app.recording import Head
from truceline.app.wiring import World, open_world, pages_of
from truceline.cli import truceline
from truceline.core.errors import InputError
from truceline.core.release import is_served
from truceline.publish.edition import Edition


@dataclass(frozen=True)
class Item:
    """An item of the inbox: its fields, its text, the figure that no other item has, who may have it."""

    fields: dict[str, str]
    text: str
    figure: str
    audience: frozenset[str]


EVERYONE = ("public", "joint", "A", "B", "party:armenia", "party:azerbaijan")
PAGES = ("board.html", "map.html")
PAPERS = ("report.ar.pdf", "report.en.pdf")
HEAD = Head("truceline/karabakh-2020/demo", 1, "00" * 32)

OPEN = (
    "Losses near Agdam\n\nBAKU, 12 November 2020. Azerbaijan's Defence Ministry said that 3741 of its soldiers were "
    "killed in fighting near Agdam on 11 November.\n"
)
KEPT = (
    "Baku gives Armenia ten more days to leave Kelbajar\n\nBAKU, 15 November 2020. Azerbaijan has agreed to move the "
    "date by which Armenian forces must leave the Kelbajar district from 15 November to 25 November, Hikmet Hajiyev, "
    "assistant to the President of Azerbaijan, told reporters on Sunday.\n\nAzerbaijan's Defence Ministry said that "
    "4117 of its soldiers were killed in fighting near Agdam on 11 November.\n"
)
FOR_ONE = (
    "قتلى في اشتباك قرب شوشا\n\nيريفان، 13 نوفمبر 2020. أعلنت وزارة الدفاع الأرمينية مقتل 5239 جنديا أرمينيا "
    "في اشتباك قرب شوشا في 12 نوفمبر.\n"
)
SHARED = (
    "Clash near Hadrut\n\nMOSCOW, 14 November 2020. The Russian Defence Ministry said that 6773 Armenian soldiers were "
    "killed in a clash near Hadrut on 13 November.\n"
)
ITEMS = {
    "aubergine.txt": Item(
        {"source": "src:azertac", "published": "2020-11-12", "release": "public"},
        OPEN,
        "3741",
        frozenset(EVERYONE),
    ),
    "bilberry.txt": Item(
        {"source": "src:azertac", "published": "2020-11-15", "owner": "A", "release": "owner"},
        KEPT,
        "4117",
        frozenset({"A"}),
    ),
    "celeriac.txt": Item(
        {"source": "src:sputnik", "published": "2020-11-13", "release": "party:armenia", "title": "Celeriac"},
        FOR_ONE,
        "5239",
        frozenset({"party:armenia"}),
    ),
    "damson.txt": Item(
        {"source": "src:tass", "published": "2020-11-14", "owner": "B", "release": "joint"},
        SHARED,
        "6773",
        frozenset({"joint", "A", "B"}),
    ),
}
EARLIER = Item(
    {"source": "src:tass", "published": "2020-11-11", "owner": "B", "release": "owner"},
    OPEN,
    "3741",
    frozenset({"B"}),
)
"""The open text as one delegation had it a day before: kept back, it is no original that the open one copies."""


def _inbox(folder: Path, items: dict[str, Item]) -> Path:
    folder.mkdir()
    rows = []
    for name, item in items.items():
        (folder / name).write_text(item.text, encoding="utf-8")
        rows.append(json.dumps({"file": name, **item.fields}))
    (folder / "manifest.jsonl").write_text("\n".join(rows) + "\n", encoding="utf-8")
    return folder


def _run(world: World, inbox: Path, out: Path) -> Outcome:
    return flow.run(world, [inbox], out, known_at=None, accepted_only=False, say=lambda *_: None)


@pytest.fixture(scope="module")
def world() -> World:
    return open_world("karabakh-2020")


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gate") / "mixed"


@pytest.fixture(scope="module")
def mixed(world: World, out: Path) -> Outcome:
    return _run(world, _inbox(out.parent / "inbox", {**ITEMS, "elderberry.txt": EARLIER}), out)


@pytest.fixture(scope="module")
def public_alone(world: World, tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    folder = tmp_path_factory.mktemp("open")
    items = {name: item for name, item in ITEMS.items() if item.fields["release"] == "public"}
    return _run(world, _inbox(folder / "inbox", items), folder / "out")


def _figures(text: str) -> set[str]:
    """The figures of the items that stand in a text, with or without a separator, not as part of a longer one."""
    found = set()
    for item in ITEMS.values():
        first, rest = item.figure[0], item.figure[1:]
        if re.search(rf"(?<![\w.]){first}[,.٬\s\u00a0\u202f]?{rest}(?![\w.])", text):
            found.add(item.figure)
    return found


def _allowed(recipient: str) -> set[str]:
    return {item.figure for item in ITEMS.values() if recipient in item.audience}


def _paper(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def _editions(world: World, outcome: Outcome, recipient: str = "public") -> list[Edition]:
    return editions.editions(editions.view(world, outcome.run, HEAD, recipient))


def test_the_run_itself_read_every_item(mixed: Outcome) -> None:
    read = {str(q.value) for claim in mixed.run.claims for q in claim.quantities}
    assert read >= {item.figure for item in ITEMS.values()}
    kelbajar = next(s for s in mixed.run.statuses if s.id == "obl:2020-6-kelbajar")
    assert kelbajar.due == "2020-11-25", "the centre's own picture is whole"


@pytest.mark.parametrize("name", [*PAGES, *PAPERS])
def test_pages_and_papers_hold_the_public_figure_alone(mixed: Outcome, out: Path, name: str) -> None:
    assert mixed
    text = _paper(out / name) if name.endswith(".pdf") else (out / name).read_text(encoding="utf-8")
    assert _figures(text) <= _allowed("public")
    if name != "map.html":
        assert _figures(text) == _allowed("public"), "the search itself must be able to find a figure"
    for word in ("told reporters", "bilberry", "celeriac", "damson", "elderberry", "Celeriac"):
        assert word not in text


@pytest.mark.parametrize("recipient", EVERYONE)
def test_an_edition_holds_what_its_recipient_may_have_and_no_more(
    world: World, mixed: Outcome, recipient: str
) -> None:
    board = pages_of(_editions(world, mixed, recipient))["board.html"].decode()
    assert _figures(board) == _allowed(recipient)


@pytest.mark.parametrize(
    ("recipient", "due"), [("public", "2020-11-15"), ("B", "2020-11-15"), ("A", "2020-11-25")]
)
def test_a_due_date_moves_only_for_whom_may_know_why(
    world: World, mixed: Outcome, recipient: str, due: str
) -> None:
    for step in editions.view(world, mixed.run, HEAD, recipient).steps[-1:]:
        kelbajar = next(s for s in step.statuses if s.id == "obl:2020-6-kelbajar")
        assert kelbajar.due == due
        assert kelbajar.due_history[-1].due == due


def test_what_is_kept_back_leaves_no_mark_at_all_on_what_is_open(
    world: World, mixed: Outcome, public_alone: Outcome
) -> None:
    with_it, without = _editions(world, mixed), _editions(world, public_alone)
    assert with_it == without
    assert pages_of(with_it) == pages_of(without)


def test_one_claim_kept_back_does_not_hide_the_whole_incident(world: World, mixed: Outcome) -> None:
    whole = {incident.release for incident in mixed.run.incidents if len(incident.claims) > 1}
    assert "owner" in whole
    shown = editions.view(world, mixed.run, HEAD).steps[-1].incidents
    assert [(incident.release, len(incident.claims)) for incident in shown] == [("public", 1)]


@pytest.mark.parametrize("recipient", EVERYONE)
def test_a_record_gives_each_recipient_its_own_payloads(
    mixed: Outcome, out: Path, tmp_path: Path, recipient: str
) -> None:
    assert mixed
    words = [
        "record",
        "export",
        str(tmp_path / "record"),
        "--for",
        recipient,
        "--store",
        str(out / "store.db"),
    ]
    result = CliRunner().invoke(truceline, words)
    assert result.exit_code == 0, result.output
    everything = b"\n".join(p.read_bytes() for p in sorted((tmp_path / "record").rglob("*")) if p.is_file())
    items = {**ITEMS, "elderberry.txt": EARLIER}
    there = {name for name in items if name.encode() in everything}
    assert there == {name for name, item in items.items() if recipient in item.audience}
    assert CliRunner().invoke(truceline, ["record", "verify", str(tmp_path / "record")]).exit_code == 0


@pytest.mark.parametrize("recipient", ["zzz", "owner", "centre", "party:", "C"])
def test_nobody_known_is_given_nothing(mixed: Outcome, out: Path, tmp_path: Path, recipient: str) -> None:
    assert mixed
    words = [
        "record",
        "export",
        str(tmp_path / "record"),
        "--for",
        recipient,
        "--store",
        str(out / "store.db"),
    ]
    result = CliRunner().invoke(truceline, words)
    assert isinstance(result.exception, InputError)
    assert result.exception.exit_code == 2
    assert not (tmp_path / "record").exists()


def _get(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:  # noqa: S310 - the address is our own server's
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, b""


def test_a_served_folder_answers_with_pages_and_papers_and_nothing_else(mixed: Outcome, out: Path) -> None:
    assert mixed
    found: list[str] = []
    ready = threading.Event()
    threading.Thread(
        target=serve_folder,
        args=(out, "localhost:0", front_page(out), lambda place: (found.append(place), ready.set())),
        daemon=True,
    ).start()
    assert ready.wait(10)
    names = [path.relative_to(out).as_posix() for path in sorted(out.rglob("*")) if path.is_file()]
    answered = {name: body for name in names if (got := _get(found[0] + name))[0] == 200 for body in [got[1]]}
    assert set(answered) == {*PAGES, *PAPERS}
    assert all(is_served(name) for name in answered)
    assert all(body == (out / name).read_bytes() for name, body in answered.items())
    linked = re.findall('href="/([^"]+)"', _get(found[0])[1].decode())
    assert sorted(linked) == sorted(answered)


def test_where_all_is_public_the_edition_says_what_the_centre_knows(
    world: World, public_alone: Outcome
) -> None:
    run, last = public_alone.run, editions.view(world, public_alone.run, HEAD).steps[-1]
    assert (last.known_at, last.statuses, last.incidents) == (run.moment, run.statuses, run.incidents)
    assert (last.counters, last.features) == (run.drawn.counters, run.drawn.features)
