"""Status, proofs and forks of a record from the command line."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from truceline.cli import truceline
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.core.release import Realm
from truceline.ledger.checkpoint import Checkpoint, sign_checkpoint
from truceline.ledger.keys import derive_demo_key


def call(*words: object) -> Result:
    return CliRunner().invoke(truceline, [str(word) for word in words])


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("run")
    inbox = folder / "in"
    inbox.mkdir()
    (inbox / "a.txt").write_text(
        "Moscow, 3 March 2021\n\nRussia set up 27 observation posts in Nagorno-Karabakh, its Defence Ministry said.\n",
        encoding="utf-8",
    )
    done = call("run", "--mission", "karabakh-2020", "--inbox", inbox, "--out", folder / "out")
    assert done.exit_code == 0, done.output
    return folder / "out"


def test_the_demo_record_is_cosigned_by_all_three(out: Path) -> None:
    told = json.loads(call("record", "status", "--store", out / "store.db", "--json").output)
    assert told["is_quorum_met"] is True
    assert [(row["name"], row["n_behind"]) for row in told["witnesses"]] == [
        ("A", 0),
        ("B", 0),
        ("observer", 0),
    ]
    checkpoint = (out / "record" / "checkpoint").read_text(encoding="utf-8")
    assert checkpoint.split("\n")[0] == told["origin"] == "truceline/karabakh-2020/demo"
    assert checkpoint.count("\n\u2014 ") == 4
    policy = (out / "record" / "policy").read_text(encoding="utf-8")
    assert policy.count("\nwitness ") == 3
    assert policy.endswith("group everyone all A B observer\nquorum everyone\n")


def test_a_witness_of_another_name_is_refused(out: Path) -> None:
    done = call("record", "status", "--store", out / "store.db", "--witness", "C=http://localhost:1")
    assert isinstance(done.exception, InputError)
    assert "names no witness 'C'" in str(done.exception)


def test_a_witness_that_is_away_stops_nobody(out: Path) -> None:
    done = call("record", "status", "--store", out / "store.db", "--witness", "A=http://localhost:9")
    assert done.exit_code == 0
    assert "does not answer" in done.output


def test_an_entry_is_proven_and_checked(out: Path, tmp_path: Path) -> None:
    proof, policy = tmp_path / "p.tlog-proof", out / "record" / "policy"
    assert call("record", "prove", "batch:claims", "--store", out / "store.db", "--out", proof).exit_code == 0
    told = json.loads(call("record", "check-proof", proof, "--policy", policy, "--json").output)
    assert (told["leaf"]["type"], told["leaf"]["id"]) == ("batch", "batch:claims")
    sha256 = told["leaf"]["payload_sha256"]
    payload = out / "record" / "payloads" / sha256[:2] / sha256
    done = call("record", "check-proof", proof, "--policy", policy, "--payload", payload)
    assert "cosigned by A, B, observer" in done.output
    wrong = call("record", "check-proof", proof, "--policy", policy, "--payload", policy)
    assert isinstance(wrong.exception, IntegrityError)


def test_an_entry_that_is_not_there_is_told_so(out: Path) -> None:
    for entry in ("999", "report_none"):
        assert isinstance(call("record", "prove", entry, "--store", out / "store.db").exception, InputError)


def test_a_fork_is_proven_and_checked(out: Path, tmp_path: Path) -> None:
    policy, ours = out / "record" / "policy", out / "record" / "checkpoint"
    log = derive_demo_key(Realm.DEMO, "karabakh-2020")
    theirs, proof = tmp_path / "theirs", tmp_path / "fork.json"
    theirs.write_bytes(sign_checkpoint(Checkpoint(log.name, 3, bytes(32)), log))
    without = call("record", "prove-fork", theirs, ours, "--policy", policy)
    assert isinstance(without.exception, InputError)
    made = call(
        "record", "prove-fork", theirs, ours, "--policy", policy, "--bundle", out / "record", "--out", proof
    )
    assert made.exit_code == 0, made.exception
    done = call("record", "check-fork", proof, "--policy", policy)
    assert "do not continue the 3 it had signed" in done.output
    same = call("record", "prove-fork", ours, ours, "--policy", policy)
    assert isinstance(same.exception, InputError)


def test_a_key_is_made_and_printed(tmp_path: Path) -> None:
    words = tmp_path / "words"
    words.write_text("a passphrase\n")
    path = tmp_path / "a.key"
    done = call(
        "key",
        "new",
        "A",
        "--witness",
        "--mission",
        "karabakh-2020",
        "--out",
        path,
        "--passphrase-file",
        words,
    )
    assert done.exit_code == 0, done.exception
    assert done.output.startswith("truceline/karabakh-2020/live/witness/A+")


def test_a_witness_without_a_key_says_what_is_missing(tmp_path: Path) -> None:
    done = call("witness", "serve", "--store", tmp_path / "w.db")
    assert isinstance(done.exception, InputError)
    named = call(
        "witness", "serve", "--store", tmp_path / "w.db", "--demo", "C", "--mission", "karabakh-2020"
    )
    assert "no witness 'C'" in str(named.exception)


def run_with(folder: Path, *names: str) -> None:
    inbox = folder / "in"
    inbox.mkdir(parents=True, exist_ok=True)
    for name in names:
        (inbox / f"{name}.txt").write_text(
            f"Moscow, 3 March 2021\n\nRussia set up 27 posts near {name}, its Defence Ministry said.\n",
            encoding="utf-8",
        )
    done = call("run", "--mission", "karabakh-2020", "--inbox", inbox, "--out", folder / "out")
    if done.exception:
        raise done.exception


def copy_store(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(source)) as read, closing(sqlite3.connect(target)) as write:
        read.backup(write)


def test_a_backup_that_was_put_back_is_read_only_and_healed_from_what_was_given_out(tmp_path: Path) -> None:
    store, backup = tmp_path / "out" / "store.db", tmp_path / "backup.db"
    run_with(tmp_path, "Shusha")
    copy_store(store, backup)
    run_with(tmp_path, "Lachin")
    head = json.loads(call("record", "status", "--store", store, "--json").output)
    for path in store.parent.glob("store.db*"):
        path.unlink()
    copy_store(backup, store)
    assert "read-only" in call("record", "status", "--store", store).output
    with pytest.raises(ConflictError, match="an old copy was put back"):
        run_with(tmp_path, "Agdam")
    mirror = shutil.copytree(tmp_path / "out" / "record", tmp_path / "mirror")
    done = call("record", "heal", "--store", store, "--from", mirror)
    assert done.exit_code == 0, done.exception
    assert head["root_hex"] in done.output
    healed = json.loads(call("record", "status", "--store", store, "--json").output)
    assert (healed["held"], healed["root_hex"]) == (None, head["root_hex"])
    run_with(tmp_path, "Agdam")


def test_healing_wants_one_thing_to_heal(out: Path) -> None:
    nothing = call("record", "heal", "--from", out / "record")
    both = call("record", "heal", out / "record", "--store", out / "store.db", "--from", out / "record")
    assert isinstance(nothing.exception, InputError)
    assert isinstance(both.exception, InputError)
