"""A mission whose store is a PostgreSQL server: the same as one in a file, to the byte; and what a server may do."""

from __future__ import annotations

import importlib.util
import json
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from time import monotonic, sleep

import pytest
from click.testing import CliRunner, Result

from truceline.app import wiring
from truceline.app.shaping import shaped
from truceline.app.writing import Writer
from truceline.cli import truceline
from truceline.core.addresses import parse_store
from truceline.core.errors import (
    ConflictError,
    InputError,
    MissingExtraError,
    TrucelineError,
    UnavailableError,
)
from truceline.core.rows import Row
from truceline.ledger.log import RecordItem
from truceline.testing.cluster import Cluster
from truceline.testing.ledger_store import make_statements, open_log

WORDS = "Moscow, 3 March 2021\n\nThe Russian Ministry of Defence said on Wednesday that its peacekeepers set up 27 observation posts in Nagorno-Karabakh.\n"

MORE = "Moscow, 5 March 2021\n\nThe Russian Ministry of Defence said on Friday that sappers cleared 10 hectares near Stepanakert.\n"


def call(*words: str) -> Result:
    return CliRunner().invoke(truceline, list(words))


@pytest.fixture
def database(postgres: Cluster) -> Iterator[str]:
    address = postgres.new_database()
    yield address
    postgres.drop(address)


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    folder.mkdir()
    (folder / "posts.txt").write_text(WORDS, "utf-8")
    return folder


def run(inbox: Path, out: Path, *more: str) -> None:
    result = call("run", "--mission", "karabakh-2020", "--inbox", str(inbox), "--out", str(out), *more)
    assert result.exit_code == 0, result.output


def test_the_same_run_dumps_the_same_bytes_whatever_keeps_it(
    demo: Path, database: str, tmp_path: Path
) -> None:
    out = tmp_path / "karabakh-2020"
    done = call("run", "--mission", "karabakh-2020", "--out", str(out), "--store", database)
    assert done.exit_code == 0, done.output
    assert not (out / "store.db").exists()
    named = ("--store", database, "--evidence", str(out / "evidence"))
    dumped = call("dump", *named).output
    assert dumped == call("dump", "--store", str(demo / "store.db")).output
    assert dumped.count("\n") > 300
    for file in ("claims.jsonl", "board.html", "record/checkpoint"):
        assert (out / file).read_bytes() == (demo / file).read_bytes()
    assert call("rebuild", *named).exit_code == 0
    assert call("dump", *named).output == dumped


def test_every_verb_takes_the_address_of_a_server(database: str, inbox: Path, tmp_path: Path) -> None:
    run(inbox, tmp_path / "out", "--store", database)
    named = ("--store", database, "--evidence", str(tmp_path / "out" / "evidence"))
    listed = call("record", "list", *named)
    assert "report" in listed.output
    assert call("record", "export", str(tmp_path / "copy"), *named).exit_code == 0
    assert call("record", "verify", str(tmp_path / "copy")).exit_code == 0
    assert json.loads(call("record", "status", "--json", *named).output)["size"] == listed.output.count("\n")
    assert call("assess", "--mission", "karabakh-2020", "--json", *named).exit_code == 0
    sha256 = next((tmp_path / "out" / "evidence").glob("*/*")).name
    words = ("redact", "evidence", sha256, "--mission", "karabakh-2020", "--reason", "law", *named)
    assert call(*words).exit_code == 0
    new = ("record", "heal", "--from", str(tmp_path / "copy"), "--store")
    assert "taken over" in call(*new, str(tmp_path / "healed.db")).output


def test_evidence_of_a_server_lies_in_the_folder_of_its_mission(
    database: str, inbox: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(InputError, match="--evidence"):
        wiring.open_store(database)
    done = call("run", "--mission", "karabakh-2020", "--inbox", str(inbox), "--store", database)
    assert done.exit_code == 0, done.output
    assert wiring.open_store(database).evidence.root == Path("out/karabakh-2020/evidence")
    assert call("rebuild", "--store", database).exit_code == 0


def test_a_server_that_is_away_is_told_in_one_line_with_exit_code_4(tmp_path: Path) -> None:
    address = f"postgresql://centre:s3cr3t@/centre?host={tmp_path}"
    result = call("dump", "--store", address)
    assert isinstance(result.exception, UnavailableError)
    assert result.exception.exit_code == 4
    told = str(result.exception)
    assert "does not answer" in told
    assert "\n" not in told
    assert "s3cr3t" not in told


def test_what_speaks_to_a_server_is_named_where_it_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    find = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "psycopg" else find(name))
    with pytest.raises(MissingExtraError, match="'postgres'") as caught:
        wiring.open_store("postgresql://db/centre")
    assert caught.value.exit_code == 5


def test_a_database_that_is_no_store_is_told_from_one_of_a_newer_version(
    database: str, postgres: Cluster, tmp_path: Path
) -> None:
    address = parse_store(database, tmp_path / "evidence")
    with pytest.raises(InputError, match="no store in this database"):
        wiring.open_store(address, must_exist=True)
    wiring.open_store(address).close()
    wiring.open_store(address, must_exist=True).close()
    postgres.ask(database, "INSERT INTO schema_version VALUES (999, 'later')")
    with pytest.raises(InputError, match="newer version"):
        wiring.open_store(address)


def test_steps_are_done_once_by_however_many_open_it(
    database: str, postgres: Cluster, tmp_path: Path
) -> None:
    address = parse_store(database, tmp_path / "evidence")
    failed: list[BaseException] = []

    def open_() -> None:
        try:
            wiring.open_store(address).close()
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    threads = [threading.Thread(target=open_) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failed == []
    assert postgres.ask(database, "SELECT count(*), max(step) FROM schema_version").strip() == "4|4"


def test_writers_at_the_same_time_never_fork_the_record(database: str, tmp_path: Path) -> None:
    address = parse_store(database, tmp_path / "evidence")
    first = wiring.open_store(address)
    open_log(first.ledger, first.payloads)
    refused = [0]

    def write(start: int) -> None:
        store = wiring.open_store(address)
        for n in range(start, start + 10):
            while True:
                try:
                    open_log(store.ledger, store.payloads).append(make_statements(n, n + 1))
                    break
                except ConflictError:
                    refused[0] += 1
        store.close()

    threads = [threading.Thread(target=write, args=(start,)) for start in (0, 100, 200)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    log = open_log(first.ledger, first.payloads)
    ids = {entry.id for entry in first.ledger.entries(0, log.size) if entry.type == "report"}
    assert len(ids) == 30
    assert log.checkpoint() == first.ledger.checkpoint()


def test_a_running_service_hears_of_what_another_process_ran(
    database: str, inbox: Path, tmp_path: Path
) -> None:
    run(inbox, tmp_path / "out", "--store", database)
    address = parse_store(database, tmp_path / "out" / "evidence")
    told: list[RecordItem] = []
    world = wiring.open_world("karabakh-2020")
    writer = Writer(lambda: wiring.open_store(address), world, wiring.load_forms(), lambda: datetime.now(UTC))
    writer.tell(told.extend)
    writer.start()
    try:
        writer.alone(lambda store: store.ledger.size()).result(30)
        told.clear()
        (inbox / "sappers.txt").write_text(MORE, "utf-8")
        run(inbox, tmp_path / "out", "--store", database)
        store = wiring.open_store(address)
        until = monotonic() + 20
        while (not told or told[-1].index < store.ledger.size() - 1) and monotonic() < until:
            sleep(0.02)
        assert told[-1].index == store.ledger.size() - 1
        assert {"report", "claim", "batch"} & {one.type for one in told}
        assert writer.facts == told[-1].index
        store.close()
    finally:
        writer.close()


def test_a_server_that_was_started_anew_is_found_again(need: object, tmp_path: Path) -> None:
    assert callable(need)
    need("postgres")
    server = Cluster()
    try:
        server.start()
        store = wiring.open_store(parse_store(server.new_database(), tmp_path / "evidence"))
        log = open_log(store.ledger, store.payloads)
        log.append(make_statements(0, 3))
        size = store.ledger.size()
        server.stop("immediate")
        with pytest.raises(UnavailableError):
            store.ledger.size()
        with pytest.raises(TrucelineError):
            log.append(make_statements(3, 4))
        server.start()
        assert store.ledger.size() == size
        open_log(store.ledger, store.payloads).append(make_statements(3, 4))
        assert store.ledger.size() == size + 1
        server.stop("immediate")
        server.start()
        # the first thing that is asked after the restart is a write
        open_log(store.ledger, store.payloads).append(make_statements(4, 5))
        assert store.ledger.size() == size + 2
        store.close()
    finally:
        server.remove()


def test_what_is_written_is_forced_to_the_disk(database: str, tmp_path: Path) -> None:
    from truceline.adapters.postgres.database import Database  # noqa: PLC0415

    opened = Database(database, "the suite's database")
    assert opened.rows("SHOW synchronous_commit") == [("on",)]
    opened.close()


LINE = {"type": "LineString", "coordinates": [[46.0, 39.0], [46.5, 39.5]]}
LONG_AGO = datetime(2020, 11, 16, tzinfo=UTC)


def feature(layer: str, geometry: object) -> dict[str, object]:
    return {"type": "Feature", "geometry": geometry, "properties": {"label": "the line", "layer": layer}}


def incident(precision_m: int) -> dict[str, object]:
    spot = {"lon": 46.7512, "lat": 39.7534, "precision_m": precision_m}
    return {
        "place": {"label": "Shusha"},
        "scope": "agreement",
        "location": spot,
        "history": [{"by": "C:0101"}],
    }


@pytest.fixture
def shown(database: str, tmp_path: Path) -> Iterator[wiring.Store]:
    """A store with things that may leave and things that may not."""
    store = wiring.open_store(parse_store(database, tmp_path / "evidence"))
    spot = {"lon": 46.7512, "lat": 39.7534, "known_at": LONG_AGO}
    just_now = datetime.now(UTC) - timedelta(hours=23)
    store.models.replace_all(
        {
            "features": [
                Row("line", "line", feature("line", LINE)),
                Row("bad", "line", feature("line", {"type": "Point", "coordinates": "nowhere"})),
                Row("own", "line", feature("line", LINE), owner="A", release="owner"),
                Row("post", "post", feature("post", LINE), release="joint"),
                Row("claimed", "incident", feature("incident", LINE)),
            ],
            "incidents": [
                Row("fine", "attack", incident(50), **spot),
                Row("coarse", "attack", incident(4000), **spot),
                Row("own", "attack", incident(50), owner="A", release="owner", **spot),
                Row("joint", "attack", incident(50), release="joint", **spot),
                Row("party", "attack", incident(50), release="party:armenia", **spot),
                Row("new", "attack", incident(50), **{**spot, "known_at": just_now}),
                Row("never", "attack", incident(50), **{**spot, "known_at": None}),
                Row("nowhere", "attack", {}, known_at=LONG_AGO),
            ],
        }
    )
    yield store
    store.close()


def test_views_show_what_is_public_late_and_coarse_and_nothing_else(
    shown: wiring.Store, database: str, postgres: Cluster
) -> None:
    asked = "SELECT id, place_name, precision_m, ST_X(location), ST_Y(location) FROM v_incidents ORDER BY id"
    assert postgres.ask(database, asked) == "", "no rules, no way out"
    mission = wiring.load_mission("karabakh-2020")
    shown.models.let_out(mission.settings.release.delay_h, mission.settings.release.coarse_m)
    shown.models.let_out(mission.settings.release.delay_h, mission.settings.release.coarse_m)
    as_given = shaped(incident(50), "public", mission.settings)["location"]
    assert postgres.ask(database, asked).split() == [
        "coarse|Shusha|4000|46.7512|39.7534",
        f"fine|Shusha|1000|{as_given['lon']}|{as_given['lat']}",
        "nowhere||1000||",
    ]
    found = postgres.ask(database, "SELECT id, layer, label, ST_AsText(shape) FROM v_features")
    assert found.strip() == "line|line|the line|LINESTRING(46 39,46.5 39.5)"


def test_views_have_what_a_map_program_asks_for(
    shown: wiring.Store, database: str, postgres: Cluster
) -> None:
    """As QGIS and GDAL look for layers: a registered geometry with one type and SRID, and a whole number as key."""
    shown.models.let_out(24, 1000)
    kinds = postgres.ask(
        database,
        "SELECT f_table_name, f_geometry_column, type, srid, coord_dimension FROM geometry_columns"
        " WHERE f_table_name LIKE 'v\\_%' ORDER BY 1",
    )
    assert kinds.split() == ["v_features|shape|GEOMETRY|4326|2", "v_incidents|location|POINT|4326|2"]
    for view in ("v_features", "v_incidents"):
        keys = postgres.ask(
            database,
            f"SELECT count(*) = count(DISTINCT fid), pg_typeof(min(fid)) FROM {view}",  # noqa: S608 - a name of ours
        )
        assert keys.strip() == "t|bigint"
        columns = postgres.ask(
            database,
            f"SELECT string_agg(column_name, ' ') FROM information_schema.columns WHERE table_name = '{view}'",  # noqa: S608
        )
        assert not {"owner", "release", "value", "words"} & set(columns.split())


def test_a_reader_of_the_views_reads_nothing_behind_them(
    shown: wiring.Store, database: str, postgres: Cluster
) -> None:
    shown.models.let_out(24, 1000)
    postgres.ask(database, "CREATE ROLE map_reader LOGIN")
    try:
        postgres.ask(database, "GRANT SELECT ON v_incidents, v_features TO map_reader")
        read = "SET ROLE map_reader; SELECT count(*) FROM v_incidents"
        assert postgres.ask(database, read).strip() == "3"
        for table in ("model_incidents", "log_payloads", "model_claims"):
            with pytest.raises(RuntimeError, match="permission denied"):
                postgres.ask(database, f"SET ROLE map_reader; SELECT 1 FROM {table}")  # noqa: S608
    finally:
        postgres.ask(database, "DROP OWNED BY map_reader; DROP ROLE map_reader")


def test_a_run_tells_the_views_how_late_and_coarse(
    database: str, postgres: Cluster, inbox: Path, tmp_path: Path
) -> None:
    run(inbox, tmp_path / "out", "--store", database)
    assert postgres.ask(database, "SELECT late, coarse_m FROM outside_rules").strip() == "24:00:00|1000"
