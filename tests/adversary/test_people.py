"""Values of people leave no trace once they are destroyed; the record stays whole; nobody but their side shows them."""

from __future__ import annotations

import base64
import json
import shutil
import sqlite3
import zipfile
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from truceline.adapters.vault import Vault, find_value
from truceline.adapters.vault.search import shapes_of
from truceline.adapters.vault.store import key_path
from truceline.cli import truceline
from truceline.core.errors import ConflictError, InputError, IntegrityError, TrucelineError

NAME = "Ani Example-Petrosyan"
MISSION, AT = "karabakh-2020", "2021-12-01T08:00:00Z"


def call(*words: object) -> str:
    done = CliRunner().invoke(truceline, [str(word) for word in words])
    if isinstance(done.exception, TrucelineError):
        raise done.exception
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


class Side:
    """Delegation A's machine beside the operator's."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.keep, self.store = folder, folder / "keep", folder / "out" / "store.db"
        self.n = 0

    def copy(self, letter: str = "A") -> Path:
        call("record", "export", self.folder / "copies" / letter, "--for", letter, "--store", self.store)
        return self.folder / "copies" / letter

    def do(self, *words: object, key: str = "A/duty", keep: Path | None = None) -> str:
        """Sign something and have it taken in; what the command said."""
        self.n += 1
        stick = self.folder / f"stick-{self.n}"
        told = call(
            *words, "--record", self.copy(key[0]), "--demo-key", key, "--at", AT, "--out", stick,
            "--keep", keep or self.keep,
        )  # fmt: skip
        call("record", "take", stick, "--mission", MISSION, "--store", self.store, "--at", AT)
        return told

    def put(self, value: str = NAME) -> str:
        """Take a person down; the person's number."""
        (self.folder / "name.txt").write_text(value, encoding="utf-8")
        told = self.do(
            "vault", "put", "--field", f"name=@{self.folder / 'name.txt'}", "--field", "phone=37499111222"
        )
        (self.folder / "name.txt").unlink()
        return told.split()[-1]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("centre")
    (folder / "in").mkdir()
    (folder / "in" / "a.txt").write_text(
        "Moscow, 16 November 2020\n\nRussia set up 27 posts near Shusha, its Defence Ministry said.\n",
        encoding="utf-8",
    )
    call("run", "--mission", MISSION, "--inbox", folder / "in", "--out", folder / "out")
    return folder / "out"


@pytest.fixture
def side(run: Path, tmp_path: Path) -> Side:
    shutil.copytree(run, tmp_path / "out")
    return Side(tmp_path)


def test_a_value_is_in_no_file_but_never_in_clear(side: Side) -> None:
    side.put()
    assert list(find_value(NAME, [side.folder])) == []
    assert list(find_value("37499111222", [side.folder])) == []


def test_what_is_destroyed_is_gone_and_the_record_stays_whole(side: Side) -> None:
    person = side.put()
    before = (side.copy() / "checkpoint").read_bytes()
    told = side.do("redact", "person", person, "--reason", "safety", "--search", side.folder)
    assert "destroyed: name" in told
    assert "nothing is left" in told
    old = side.folder / "old"
    old.write_bytes(before)
    assert "verified" in call("record", "verify", side.copy(), "--against", old)
    vault = Vault(side.keep / "vault.db")
    assert [one.is_readable for one in vault.held(person)] == [False, False]
    with pytest.raises(InputError, match="was destroyed"):
        vault.get(person, "name")


def test_after_that_nobody_can_test_a_guess_against_the_digest(side: Side) -> None:
    person = side.put()
    salt = json.loads(base64.urlsafe_b64decode(Vault(side.keep / "vault.db").get(person, "name") + "=="))[0]
    side.do("redact", "person", person, "--reason", "safety")
    assert list(find_value(salt, [side.folder])) == []


def test_one_field_is_destroyed_alone(side: Side) -> None:
    person = side.put()
    side.do("redact", "person", person, "--field", "phone", "--reason", "purpose_ended")
    held = {one.field: one.is_readable for one in Vault(side.keep / "vault.db").held(person)}
    assert held == {"name": True, "phone": False}


PLANTS: dict[str, Callable[[Path], None]] = {
    "a log": lambda at: (at / "x.log").write_text(f"ok {NAME} ok", encoding="utf-8"),
    "small letters": lambda at: (at / "x.txt").write_text(NAME.lower(), encoding="utf-8"),
    "UTF-16": lambda at: (at / "x.csv").write_bytes(b"\xff\xfe" + NAME.encode("utf-16-le")),
    "base64, one letter before": lambda at: (at / "x.eml").write_bytes(
        base64.b64encode(b"x" + NAME.encode())
    ),
    "base64, two letters before": lambda at: (at / "x.eml").write_bytes(
        base64.b64encode(b"xy" + NAME.encode())
    ),
    "a zip": lambda at: zip_with(at / "x.zip"),
    "a database": lambda at: database_with(at / "x.db", keep_wal=False),
    "a write-ahead log": lambda at: database_with(at / "x.db", keep_wal=True),
    "the name of a file": lambda at: (at / f"{NAME}.txt").write_text("", encoding="utf-8"),
}


def zip_with(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("word/document.xml", f"<t>{NAME}</t>" * 50)


def database_with(path: Path, *, keep_wal: bool) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("PRAGMA journal_mode=WAL")
        database.execute("CREATE TABLE t (v TEXT)")
        database.execute("INSERT INTO t VALUES (?)", (NAME,))
        database.commit()
        if keep_wal:
            shutil.copy(f"{path}-wal", path.with_name("copy-wal"))


@pytest.mark.parametrize("plant", PLANTS, ids=str)
def test_a_trace_is_found_wherever_it_was_left(side: Side, plant: str) -> None:
    person = side.put()
    left = side.folder / "left"
    left.mkdir()
    PLANTS[plant](left)
    with pytest.raises(IntegrityError, match="is still in"):
        side.do("redact", "person", person, "--reason", "safety", "--search", left)
    assert not any(one.is_readable for one in Vault(side.keep / "vault.db").held(person)), (
        "destroyed all the same"
    )


def test_a_trace_in_a_report_on_paper_is_found(run: Path) -> None:
    assert [trace.path.name for trace in find_value("Root hash", [run / "report.en.pdf"])] == [
        "report.en.pdf"
    ]


@given(st.text(min_size=3), st.binary(max_size=5), st.binary(max_size=5))
def test_every_shape_is_found_whatever_stands_around_it(value: str, before: bytes, after: bytes) -> None:
    try:
        raw = value.encode("utf-8")
    except UnicodeEncodeError:
        return
    shapes = shapes_of(value)
    for data in (
        before + raw + after,
        base64.b64encode(before + raw + after),
        base64.urlsafe_b64encode(before + raw + after),
        json.dumps(value).encode(),
    ):
        assert any(shape in data for shape in shapes.values())


def test_showing_needs_the_persons_consent_for_just_that(side: Side) -> None:
    person = side.put()
    show = ("vault", "show", person, "name", "--purpose", "reunion", "--to", "icrc")
    with pytest.raises(ConflictError, match="has not agreed"):
        side.do(*show)
    form = side.folder / "form.txt"
    form.write_text("signed", encoding="utf-8")
    side.do("vault", "consent", person, "--purpose", "reunion", "--to", "icrc", "--document", form)
    with pytest.raises(ConflictError, match="for medical"):
        side.do("vault", "show", person, "name", "--purpose", "medical", "--to", "icrc")
    shown = side.do(*show).split()[-1]
    assert NAME in base64.urlsafe_b64decode(shown + "==").decode("utf-8")
    assert list(find_value(NAME, [side.folder])) == []


def test_the_receivers_key_shows_and_destroys_nothing(side: Side) -> None:
    person = side.put()
    theirs = side.folder / "theirs"
    with pytest.raises(ConflictError, match="has not agreed"):
        side.do(
            "vault", "show", person, "name", "--purpose", "reunion", "--to", "b", key="B/head", keep=theirs
        )
    with pytest.raises(InputError, match="is kept here, or it was destroyed"):
        side.do("redact", "person", person, "--reason", "safety", key="B/head", keep=theirs)


def test_a_value_in_clear_does_not_enter_the_record(side: Side) -> None:
    person = side.put()
    stick = side.folder / "stick-1"
    payload = next(path for path in stick.glob("*commitment*.payload"))
    value = json.loads(payload.read_bytes())
    assert set(value["body"]) == {"step", "digests"}
    assert value["id"] == person
    assert value["owner"] == "A"


def test_who_held_the_digest_is_named(side: Side) -> None:
    person = side.put()
    side.copy("A")
    side.copy("B")
    call("record", "export", side.folder / "public", "--for", "public", "--store", side.store)
    told = call("redact", "holders", person, "--store", side.store)
    assert "A: " in told
    assert "B: " in told
    assert "public" not in told


def test_a_report_is_destroyed_by_its_hash_and_its_entry_stays(side: Side) -> None:
    lines = [
        json.loads(line) for line in call("record", "list", "--store", side.store, "--json").splitlines()
    ]
    sha256 = next(line["payload"]["body"]["sha256"] for line in lines if line["type"] == "report")
    assert "entry" in call(
        "redact",
        "evidence",
        sha256,
        "--reason",
        "law",
        "--mission",
        MISSION,
        "--store",
        side.store,
        "--at",
        AT,
    )
    assert "verified" in call("record", "verify", side.copy())
    assert not (side.store.parent / "evidence" / sha256[:2] / sha256).exists()


def test_an_evacuation_leaves_the_record_and_nothing_of_people(side: Side) -> None:
    side.put()
    name = side.folder / "n.txt"
    name.write_text(NAME, encoding="utf-8")
    call("roll", "add", "0417", "--name-file", name, "--keep", side.keep)
    name.unlink()
    assert call("roll", "show", "0417", "--keep", side.keep).strip() == NAME
    secret = key_path(side.keep / "vault.db").read_bytes()
    (side.keep / "duty.key").write_text("{}", encoding="utf-8")
    told = call("evacuate", "--keep", side.keep, "--yes")
    assert "destroyed: vault.db.key" in told
    assert "destroyed: roll.db" in told
    assert [path.name for path in side.keep.iterdir() if not path.name.startswith("outbox-")] == []
    assert not [path for path in side.folder.rglob("*") if path.is_file() and secret in path.read_bytes()]
    assert "verified" in call("record", "verify", side.copy())
    assert "kept: outbox-" in call("evacuate", "--keep", side.keep, "--yes"), "it can be run again"


def test_one_number_of_the_roll_is_destroyed_alone(tmp_path: Path) -> None:
    for number in ("0417", "0418"):
        name = tmp_path / "n.txt"
        name.write_text(f"Somebody {number}", encoding="utf-8")
        call("roll", "add", number, "--name-file", name, "--keep", tmp_path / "keep")
        name.unlink()
    call("roll", "destroy", "0417", "--keep", tmp_path / "keep")
    assert call("roll", "show", "0418", "--keep", tmp_path / "keep").strip() == "Somebody 0418"
    with pytest.raises(InputError, match="was destroyed"):
        call("roll", "show", "0417", "--keep", tmp_path / "keep")
    assert list(find_value("Somebody 0417", [tmp_path])) == []


def test_another_key_opens_no_vault(tmp_path: Path) -> None:
    vault = Vault(tmp_path / "vault.db")
    vault.put("person:x", "name", "text", "digest")
    key = key_path(tmp_path / "vault.db")
    key.write_bytes(bytes(32))
    with pytest.raises(IntegrityError, match="does not open this"):
        Vault(tmp_path / "vault.db").get("person:x", "name")
    key.chmod(0o644)
    with pytest.raises(InputError, match="others may read it"):
        Vault(tmp_path / "vault.db")
    key.chmod(0o600)
    again = Vault(tmp_path / "vault.db")
    with pytest.raises(InputError, match="is kept already"):
        again.put("person:x", "name", "text", "digest")
