"""The read models of every store keep the same rules; and what is SQLite's alone."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from truceline.adapters.postgres.database import Database
from truceline.adapters.postgres.read_models import PostgresReadModels
from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.adapters.sqlite.read_models import SqliteReadModels
from truceline.app.dumping import dump
from truceline.core import columns, finding
from truceline.core.filters import Filter
from truceline.core.release import Realm
from truceline.core.rows import MODELS, ReadModels, Recipient, Row
from truceline.testing import synthetic
from truceline.testing.ledger_store import make_statements, open_log
from truceline.testing.read_models import ReadModelsSuite, plain, walk

NOON = datetime(2020, 11, 16, 12, tzinfo=UTC)
ENDED = datetime(2024, 9, 1, tzinfo=UTC)


class TestSqlite(ReadModelsSuite):
    def open_models(self, folder: Path) -> ReadModels:
        return SqliteReadModels(connect(folder / "store.db"))


class TestPostgres(ReadModelsSuite):
    @pytest.fixture(autouse=True)
    def _server(self, database_at: Callable[[Path], Database]) -> None:
        self.database_at = functools.cache(database_at)

    def open_models(self, folder: Path) -> ReadModels:
        return PostgresReadModels(self.database_at(folder))


class TestSqliteThatMissedTooMuch(TestSqlite):
    """What changed is forgotten at once, so that whoever was open before reads all columns anew."""

    @pytest.fixture(autouse=True)
    def _forget(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(finding, "KEPT_CHANGES", 0)


def test_the_dump_is_the_same_whatever_the_order_of_writing(tmp_path: Path) -> None:
    dumps = []
    for name, order in (("a", 1), ("b", -1)):
        connection = connect(tmp_path / name / "store.db")
        models = SqliteReadModels(connection)
        models.replace_all(
            {model: [Row(f"{model}-1", "k", {"lon": 46.5}, NOON)] for model in MODELS[::order]}
        )
        models.put("claims", [plain("c1", "ا"), plain("c2", "b")][::order])
        log = open_log(SqliteLedgerStore(connection), SqliteBlobs(connection))
        log.append(make_statements(0, 3))
        dumps.append(list(dump(SqliteReadModels(connection), SqliteLedgerStore(connection))))
    assert dumps[0] == dumps[1]
    assert len(dumps[0]) == len(MODELS) + 2 + 3 + 1
    assert all(b"\n" not in line for line in dumps[0])


def test_a_row_is_let_out_as_it_is_not_as_it_was(tmp_path: Path) -> None:
    models = SqliteReadModels(connect(tmp_path / "store.db"))
    other = SqliteReadModels(connect(tmp_path / "store.db"))
    models.replace_all({"claims": [plain("c1"), plain("c2")]})
    assert walk(other, Filter()) == ["c2", "c1"]
    models.put("claims", [Row("c1", "casualties", {"id": "c1"}, NOON, owner="A", release="owner")])
    assert walk(other, Filter()) == ["c2"]
    assert walk(other, Filter(), Recipient("A", Realm.DEMO)) == ["c2", "c1"]


def test_many_small_changes_are_found_as_one_large_one(tmp_path: Path) -> None:
    models = SqliteReadModels(connect(tmp_path / "store.db"))
    models.replace_all({"claims": [plain(f"c{n:03}") for n in range(300)]})
    assert len(walk(models, Filter(), limit=500)) == 300
    for n in range(0, 300, 7):
        models.change({"claims": [plain(f"c{n:03}", "again")]}, {"claims": [f"c{n + 1:03}"]})
        assert models.tally("claims", Filter(), Recipient("public", Realm.DEMO)) == {
            "casualties": models.count("claims")
        }
    assert walk(models, Filter(words="again"), limit=4) == [f"c{n:03}" for n in range(294, -1, -7)]


@pytest.mark.parametrize("seed", range(4))
def test_looking_few_rows_up_finds_what_going_through_all_finds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    models, chance = SqliteReadModels(connect(tmp_path / "store.db")), Random(seed)  # noqa: S311 - repeatable
    rows = list(synthetic.claims(600, seed))
    rows += [replace(row, id=f"without-{at}", lon=None, start_at=None) for at, row in enumerate(rows[:20])]
    rows += [replace(row, id=f"long-{at}", end_at=ENDED) for at, row in enumerate(rows[:20])]
    models.replace_all({"claims": rows})
    models.change(
        {"claims": [replace(rows[n], kind="visit") for n in range(0, 300, 3)]}, {"claims": [rows[7].id]}
    )
    who = Recipient("A", Realm.DEMO)
    for _ in range(60):
        since = synthetic.BEGAN + timedelta(days=chance.uniform(0, synthetic.DAYS))
        west, south = 45.4 + chance.uniform(0, 2), 38.7 + chance.uniform(0, 1.8)
        size = chance.choice((0.05, 0.5, 3.0))
        asked = Filter(
            since=chance.choice((None, since)),
            until=chance.choice((None, since + timedelta(days=chance.choice((2, 40))))),
            box=chance.choice((None, (west, south, west + size, south + size))),
            known_at=chance.choice((None, since + timedelta(days=300))),
            order=chance.choice(("entered", "happened")),
        )
        found = []
        for few in (0, 10**9):
            monkeypatch.setattr(columns, "_FEW", few)
            found.append((walk(models, asked, who, limit=7), models.tally("claims", asked, who)))
        assert found[0] == found[1], asked


def test_what_has_an_end_alone_is_found_by_the_times_before_it(tmp_path: Path) -> None:
    models = SqliteReadModels(connect(tmp_path / "store.db"))
    models.replace_all(
        {"claims": [replace(plain("c1"), known_at=None, start_at=None, end_at=NOON), plain("c2")]}
    )
    for order in ("entered", "happened"):
        assert "c1" in walk(models, Filter(since=NOON - timedelta(days=400), order=order))
        assert "c1" in walk(models, Filter(since=NOON, order=order))
        assert "c1" not in walk(models, Filter(since=NOON + timedelta(days=1), order=order))
