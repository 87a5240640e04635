"""A backup is a whole centre of one moment; it is put back where it verifies and takes nothing away."""

from __future__ import annotations

import json
import shutil
import sqlite3
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from truceline.app import evidence, wiring
from truceline.app.access import open_access
from truceline.app.backing_up import back_up, restore
from truceline.cli import truceline
from truceline.core.accounts import Account
from truceline.core.addresses import StoreAddress, parse_store
from truceline.core.errors import ConflictError, InputError, IntegrityError, TrucelineError
from truceline.core.release import Realm
from truceline.ledger.tiles import root_from_tiles
from truceline.testing.cluster import Cluster
from truceline.testing.ledger_store import make_statements, open_log

NOW = datetime(2021, 3, 4, 12, tzinfo=UTC)
WORDS = "Moscow, 3 March 2021\n\nThe Russian Ministry of Defence said on Wednesday that its peacekeepers set up 27 observation posts in Nagorno-Karabakh.\n"
MORE = "Moscow, 5 March 2021\n\nThe Russian Ministry of Defence said on Friday that sappers cleared 10 hectares near Stepanakert.\n"

Places = Callable[[str], StoreAddress]


def call(*words: str) -> Result:
    return CliRunner().invoke(truceline, list(words))


def run(inbox: Path, *named: str) -> None:
    result = call("run", "--mission", "karabakh-2020", "--inbox", str(inbox), *named)
    assert result.exit_code == 0, result.output


@pytest.fixture(scope="module")
def began(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an inbox and the folder of a centre that ran it once and has an account with a session."""
    folder = tmp_path_factory.mktemp("began")
    (folder / "inbox").mkdir()
    (folder / "inbox" / "posts.txt").write_text(WORDS, "utf-8")
    run(folder / "inbox", "--out", str(folder / "centre"))
    access = open_access(folder / "centre" / "access.db", Realm.DEMO, lambda: NOW)
    access.people.add(Account("A:0101", "duty", "A"), NOW)
    access.begin("A:0101", "Firefox", None)
    access.database.close()
    return folder


@pytest.fixture
def centre(began: Path, tmp_path: Path) -> Path:
    """A centre of this test's own, with its inbox beside."""
    shutil.copytree(began, tmp_path, dirs_exist_ok=True)
    return tmp_path / "centre"


@pytest.fixture
def inbox(centre: Path) -> Path:
    return centre.parent / "inbox"


def store_of(folder: Path) -> StoreAddress:
    return parse_store(str(folder / "store.db"))


def dump(address: StoreAddress) -> str:
    named = ("--store", address.text, "--evidence", str(address.evidence))
    found = call("dump", *named)
    assert found.exit_code == 0, found.output
    return found.output


@pytest.fixture
def server_at(postgres: Cluster, tmp_path: Path) -> Iterator[Places]:
    made: list[str] = []

    def new(name: str) -> StoreAddress:
        made.append(postgres.new_database())
        return parse_store(made[-1], tmp_path / name / "evidence")

    yield new
    for address in made:
        postgres.drop(address)


@pytest.mark.parametrize("name", ["monday.zip", "monday"])
def test_what_was_backed_up_is_put_back_to_the_byte(centre: Path, tmp_path: Path, name: str) -> None:
    done = call("backup", "--store", str(centre / "store.db"), "--to", str(tmp_path / name))
    assert done.exit_code == 0, done.output
    assert "the accounts" in done.output
    again = call("restore", str(tmp_path / name), "--store", str(tmp_path / "new" / "store.db"), "--json")
    assert again.exit_code == 0, again.output
    told = json.loads(again.output)
    assert (told["missing"], told["held"], told["has_accounts"]) == ([], None, True)
    assert dump(store_of(tmp_path / "new")) == dump(store_of(centre))
    files = {path.name for path in (tmp_path / "new" / "evidence").glob("*/*")}
    assert files == {path.name for path in (centre / "evidence").glob("*/*")}
    access = open_access(tmp_path / "new" / "access.db", Realm.DEMO, lambda: NOW)
    assert [one.number for one in access.people.everybody()] == ["A:0101"]
    assert access.sessions.of("A:0101") == [], "what opened a door by itself stays behind"
    place = tmp_path / name
    for path in [place, *place.rglob("*")] if place.is_dir() else [place]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0 or path.is_dir(), "its owner alone reads it"


def test_a_restored_centre_goes_on(centre: Path, inbox: Path, tmp_path: Path) -> None:
    back_up(store_of(centre), tmp_path / "b.zip", NOW)
    restore(tmp_path / "b.zip", store_of(tmp_path / "new"))
    (inbox / "sappers.txt").write_text(MORE, "utf-8")
    for folder in (centre, tmp_path / "new"):
        run(inbox, "--out", str(folder))
    assert dump(store_of(tmp_path / "new")) == dump(store_of(centre))


def test_either_kind_of_store_takes_a_backup_of_the_other(
    centre: Path, server_at: Places, tmp_path: Path
) -> None:
    back_up(store_of(centre), tmp_path / "file.zip", NOW)
    server = server_at("served")
    done = restore(tmp_path / "file.zip", server)
    assert (done.missing, done.held) == ((), None)
    assert dump(server) == dump(store_of(centre))
    back_up(server, tmp_path / "server.zip", NOW)
    restore(tmp_path / "server.zip", store_of(tmp_path / "new"))
    assert dump(store_of(tmp_path / "new")) == dump(store_of(centre))
    restore(tmp_path / "server.zip", server_at("other"))
    assert restore(tmp_path / "server.zip", server).entries == done.entries, "over itself it changes nothing"


@pytest.mark.parametrize("kind", ["file", "server"])
def test_a_backup_is_of_one_moment_while_others_write(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    address = store_of(tmp_path / "busy") if kind == "file" else request.getfixturevalue("server_at")("busy")
    store = wiring.open_store(address)
    open_log(store.ledger, store.payloads).append(make_statements(0, 300))
    ended, failed = threading.Event(), list[BaseException]()

    def write() -> None:
        try:
            own = wiring.open_store(address)
            log, n = open_log(own.ledger, own.payloads), 1000
            while not ended.is_set():
                log.append(make_statements(n, n + 3))
                n += 3
            own.close()
        except BaseException as error:  # noqa: BLE001 - told below
            failed.append(error)

    thread = threading.Thread(target=write)
    thread.start()
    try:
        done = [back_up(address, tmp_path / f"{n}.zip", NOW) for n in range(3)]
    finally:
        ended.set()
        thread.join()
    assert failed == []
    assert store.ledger.size() > done[0].entries
    for one in done:
        assert root_from_tiles(store.ledger.tile, one.entries).hex() == one.root
    back = store_of(tmp_path / "back")
    assert restore(tmp_path / "2.zip", back).root == done[2].root
    again = wiring.open_store(back)
    open_log(again.ledger, again.payloads).append(make_statements(0, 1))


def test_an_older_copy_never_takes_the_place_of_a_newer_record(
    centre: Path, inbox: Path, tmp_path: Path
) -> None:
    back_up(store_of(centre), tmp_path / "b.zip", NOW)
    (inbox / "sappers.txt").write_text(MORE, "utf-8")
    run(inbox, "--out", str(centre))
    before = dump(store_of(centre))
    refused = call("restore", str(tmp_path / "b.zip"), "--store", str(centre / "store.db"))
    assert isinstance(refused.exception, ConflictError)
    assert "nothing was changed" in str(refused.exception)
    assert "\n" not in str(refused.exception)
    assert dump(store_of(centre)) == before


def test_an_old_copy_in_the_place_of_a_lost_store_is_read_only_until_it_is_healed(
    centre: Path, inbox: Path, tmp_path: Path
) -> None:
    back_up(store_of(centre), tmp_path / "b.zip", NOW)
    (inbox / "sappers.txt").write_text(MORE, "utf-8")
    run(inbox, "--out", str(centre))
    whole = dump(store_of(centre))
    shutil.copytree(centre / "record", tmp_path / "mirror")
    for path in centre.glob("store.db*"):
        path.unlink()
    put_back = call("restore", str(tmp_path / "b.zip"), "--store", str(centre / "store.db"))
    assert put_back.exit_code == 0, put_back.output
    assert "read-only: " in put_back.output
    assert "an old copy was put back" in put_back.output
    refused = call("run", "--mission", "karabakh-2020", "--inbox", str(inbox), "--out", str(centre))
    assert isinstance(refused.exception, ConflictError)
    named = ("--store", str(centre / "store.db"))
    assert call("record", "heal", "--from", str(tmp_path / "mirror"), *named).exit_code == 0
    assert call("rebuild", *named).exit_code == 0
    assert dump(store_of(centre)) == whole


def test_a_witness_that_knows_more_makes_a_restored_store_read_only(centre: Path, tmp_path: Path) -> None:
    mission = wiring.load_mission("karabakh-2020")
    old = wiring.open_store(store_of(centre))
    back_up(store_of(centre), tmp_path / "b.zip", NOW)
    log = wiring.open_log(old, mission)
    gone = next(path for path in old.evidence.paths())
    evidence.redact_evidence(old, mission, gone.name, "law", NOW)
    assert log.size < old.ledger.size()
    restore(tmp_path / "b.zip", store_of(tmp_path / "new"))
    new = wiring.open_store(store_of(tmp_path / "new"))
    assert new.ledger.held() is None
    # the witnesses lie with the old store, as they would lie on machines of their own
    wiring.cosign_demo(replace(new, memory_of=old.memory_of), mission, NOW)
    assert "an old copy was put back" in (new.ledger.held() or "")
    assert new.evidence.get(gone.name) is not None
    call("record", "export", str(tmp_path / "mirror"), "--store", str(centre / "store.db"))
    healed = call(
        "record", "heal", "--store", str(tmp_path / "new" / "store.db"), "--from", str(tmp_path / "mirror")
    )
    assert healed.exit_code == 0, healed.output
    assert new.ledger.held() is None
    assert new.evidence.get(gone.name) is None, "what the record says is destroyed does not come back"


def test_another_record_is_no_backup_of_this_one(centre: Path, tmp_path: Path) -> None:
    for name, note in (("a", ""), ("b", "other")):
        store = wiring.open_store(store_of(tmp_path / name))
        open_log(store.ledger, store.payloads).append(make_statements(0, 3, note))
        back_up(store_of(tmp_path / name), tmp_path / f"{name}.zip", NOW)
    with pytest.raises(ConflictError, match="are not the store's: nothing was changed"):
        restore(tmp_path / "b.zip", store_of(tmp_path / "a"))
    with pytest.raises(ConflictError, match="this store holds the record"):
        restore(tmp_path / "b.zip", store_of(centre))


def test_a_copy_with_another_record_inside_is_refused_even_with_right_hashes(
    centre: Path, tmp_path: Path
) -> None:
    back_up(store_of(centre), tmp_path / "b", NOW)
    shutil.copytree(tmp_path / "b", tmp_path / "c")
    with sqlite3.connect(tmp_path / "c" / "record.db") as forged:
        forged.execute("UPDATE log_entries SET id = 'other' WHERE idx = 2")
    forged.close()
    manifest = json.loads((tmp_path / "c" / "manifest.json").read_text("utf-8"))
    for one in manifest["files"]:
        if one["path"] == "record.db":
            data = (tmp_path / "c" / "record.db").read_bytes()
            one |= {"size": len(data), "sha256": sha256(data).hexdigest()}
    (tmp_path / "c" / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    with pytest.raises(IntegrityError, match="entry 2 is not what its signed note says"):
        restore(tmp_path / "c", store_of(tmp_path / "new"))
    assert not (tmp_path / "new").exists()


def test_accounts_that_are_there_stay(centre: Path, tmp_path: Path) -> None:
    back_up(store_of(centre), tmp_path / "b.zip", NOW)
    before = (centre / "access.db").read_bytes()
    done = restore(tmp_path / "b.zip", store_of(centre))
    assert not done.has_accounts
    assert (centre / "access.db").read_bytes() == before


def test_whoever_asks_who_held_a_digest_is_told_of_backups(centre: Path, tmp_path: Path) -> None:
    back_up(store_of(centre), tmp_path / "b.zip", NOW)
    store = wiring.open_store(store_of(centre))
    report = next(entry.id for entry in store.ledger.typed({"report"}))
    assert "backup" in {one.recipient for one in evidence.holders(store, report)}


@pytest.mark.parametrize("target", ["there.zip", "there"])
def test_nothing_is_overwritten_by_a_backup(centre: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / target).write_text("mine", "utf-8")
    with pytest.raises(InputError, match="something is there already"):
        back_up(store_of(centre), tmp_path / target, NOW)
    assert (tmp_path / target).read_text("utf-8") == "mine"


def test_a_store_without_a_record_is_no_backup_and_leaves_none(tmp_path: Path) -> None:
    wiring.open_store(store_of(tmp_path / "empty")).close()
    with pytest.raises(InputError, match="nothing has been recorded"):
        back_up(store_of(tmp_path / "empty"), tmp_path / "b.zip", NOW)
    with pytest.raises(InputError, match="no store"):
        back_up(store_of(tmp_path / "none"), tmp_path / "b.zip", NOW)
    with pytest.raises(InputError, match="no such backup"):
        restore(tmp_path / "b.zip", store_of(tmp_path / "new"))
    assert [path.name for path in tmp_path.iterdir() if path.name != "empty"] == []


def turned(data: bytes, at: float) -> bytes:
    changed = bytearray(data)
    changed[int(len(data) * at)] ^= 1
    return bytes(changed)


@pytest.mark.parametrize("at", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9])
def test_a_turned_bit_is_found_before_anything_is_written(centre: Path, tmp_path: Path, at: float) -> None:
    back_up(store_of(centre), tmp_path / "b.zip", NOW)
    (tmp_path / "bad.zip").write_bytes(turned((tmp_path / "b.zip").read_bytes(), at))
    with pytest.raises(TrucelineError) as caught:
        restore(tmp_path / "bad.zip", store_of(tmp_path / "new"))
    assert caught.value.exit_code == 3
    assert "\n" not in str(caught.value)
    assert not (tmp_path / "new").exists()


def test_a_short_or_foreign_file_is_told_in_one_line(centre: Path, tmp_path: Path) -> None:
    back_up(store_of(centre), tmp_path / "b.zip", NOW)
    (tmp_path / "short.zip").write_bytes((tmp_path / "b.zip").read_bytes()[:-100])
    (tmp_path / "text.zip").write_text("no backup", "utf-8")
    with zipfile.ZipFile(tmp_path / "other.zip", "w") as other:
        other.writestr("letter.txt", "dear")
    (tmp_path / "folder").mkdir()
    for name in ("short.zip", "text.zip", "other.zip", "folder"):
        with pytest.raises(IntegrityError, match="the backup is broken"):
            restore(tmp_path / name, store_of(tmp_path / "new"))


def test_a_folder_with_more_or_less_than_its_manifest_is_broken(centre: Path, tmp_path: Path) -> None:
    back_up(store_of(centre), tmp_path / "b", NOW)
    for name, change in (
        ("more", lambda folder: (folder / "letter.txt").write_text("dear", "utf-8")),
        ("less", lambda folder: next((folder / "evidence").glob("*/*")).unlink()),
        ("bare", lambda folder: (folder / "manifest.json").unlink()),
    ):
        folder = Path(shutil.copytree(tmp_path / "b", tmp_path / name))
        change(folder)
        with pytest.raises(IntegrityError, match="the backup is broken"):
            restore(folder, store_of(tmp_path / "new"))


@pytest.mark.parametrize("path", ["../out.txt", "evidence/../../out", "/etc/out", "evidence/ab/" + "c" * 64])
def test_a_name_that_leads_elsewhere_is_refused(centre: Path, tmp_path: Path, path: str) -> None:
    back_up(store_of(centre), tmp_path / "b.zip", NOW)
    with zipfile.ZipFile(tmp_path / "b.zip") as whole, zipfile.ZipFile(tmp_path / "c.zip", "w") as bad:
        manifest = json.loads(whole.read("manifest.json"))
        for one in whole.namelist():
            if one != "manifest.json":
                bad.writestr(one, whole.read(one))
        empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        manifest["files"].append({"path": path, "size": 0, "sha256": empty})
        bad.writestr("manifest.json", json.dumps(manifest))
        bad.writestr(path, b"")
    with pytest.raises(IntegrityError, match="no backup holds a file"):
        restore(tmp_path / "c.zip", store_of(tmp_path / "new"))


def test_evidence_that_has_gone_bad_is_told_and_not_believed(centre: Path, tmp_path: Path) -> None:
    bad = next((centre / "evidence").glob("*/*"))
    bad.write_bytes(b"something else")
    done = call("backup", "--store", str(centre / "store.db"), "--to", str(tmp_path / "b.zip"))
    assert done.exit_code == 0, done.output
    assert f"gone bad before it was copied: evidence {bad.name}" in done.output
    found = restore(tmp_path / "b.zip", store_of(tmp_path / "new"))
    assert bad.name in {one.sha256 for one in found.missing}
