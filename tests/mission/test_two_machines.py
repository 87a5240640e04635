"""Two folders stand for two machines, a third for the operator's; between them only files go back and forth."""

from __future__ import annotations

import base64
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from truceline.adapters.keyring import encrypt_to
from truceline.cli import truceline
from truceline.core.errors import ConflictError, InputError, IntegrityError, TrucelineError
from truceline.ledger.entry import open_leaf
from truceline.testing.rounds import SHELLING

INCIDENT = "incident_shelling"
MORNING = "2021-12-01T08:00:00Z"
MISSION = "karabakh-2020"


def call(*words: object) -> str:
    """Call the command line; its errors are raised."""
    done = CliRunner().invoke(truceline, [str(word) for word in words])
    if isinstance(done.exception, TrucelineError):
        raise done.exception
    assert done.exit_code == 0, (done.output, done.exception)
    return done.output


def first_note(stick: Path) -> Path:
    """The statement that a stick was filled for; the head of its side's list goes along."""
    (found,) = (path for path in stick.glob("*.note") if "-seen-" not in path.name)
    return found


class Place:
    """The operator's machine, and one of each delegation."""

    def __init__(self, folder: Path, store: Path) -> None:
        self.folder, self.store = folder, store
        self.n_sticks = 0

    def copy(self, letter: str) -> Path:
        """Give a delegation a copy of the record."""
        target = self.folder / letter / "copy"
        call("record", "export", target, "--for", letter, "--store", self.store)
        call("record", "verify", target)
        return target

    def sign(self, letter: str, *words: object, role: str = "duty", at: str = MORNING) -> Path:
        """Have a delegation sign something on its machine: the stick with it."""
        self.n_sticks += 1
        stick = self.folder / f"stick-{self.n_sticks}"
        call(
            "determine", *words, "--record", self.copy(letter), "--demo-key", f"{letter}/{role}", "--at", at,
            "--out", stick, *(() if "--keep" in words else ("--keep", self.folder / letter / "keep")),
        )  # fmt: skip
        return stick

    def take(self, stick: Path, at: str = MORNING) -> str:
        """Take a stick in."""
        return call("record", "take", stick, "--mission", MISSION, "--store", self.store, "--at", at)

    def do(self, letter: str, *words: object, role: str = "duty", at: str = MORNING) -> str:
        """Sign and take in."""
        return self.take(self.sign(letter, *words, role=role, at=at), at)

    def propose(self, **changes: object) -> str:
        """Have A's head propose a round, and return its id."""
        words = [word for name, value in changes.items() for word in (f"--{name}", value)]
        stick = self.sign("A", "propose", INCIDENT, *words, role="head")
        self.take(stick)
        return open_leaf(first_note(stick).read_bytes())[0].id

    def form(self, letter: str, **says: Any) -> Path:
        """Write a delegation's form."""
        path = self.folder / letter / "position.json"
        path.parent.mkdir(exist_ok=True)
        path.write_text(json.dumps({**SHELLING, **says}), encoding="utf-8")
        return path

    def seal(self, letter: str, subject: str, role: str = "duty", at: str = MORNING, **says: Any) -> None:
        """Seal a position and take it in."""
        form, keep = self.form(letter, **says), self.folder / letter / "keep"
        self.do(letter, "seal", subject, "--form", form, "--keep", keep, role=role, at=at)

    def open(self, letter: str, subject: str, role: str = "duty", at: str = MORNING) -> str:
        """Open a seal and take it in."""
        return self.do(letter, "open", subject, "--keep", self.folder / letter / "keep", role=role, at=at)

    def status(self, subject: str, at: str = MORNING) -> dict[str, Any]:
        """How a round stands, as B sees it on its own copy."""
        words = ("determine", "status", subject, "--record", self.copy("B"), "--at", at, "--json")
        (found,) = json.loads(call(*words))
        return dict(found)


@pytest.fixture(scope="module")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The store of a record that holds a report."""
    folder = tmp_path_factory.mktemp("operator")
    inbox = folder / "in"
    inbox.mkdir()
    (inbox / "a.txt").write_text(
        "Moscow, 16 November 2020\n\nRussia set up 27 posts near Shusha, its Defence Ministry said.\n",
        encoding="utf-8",
    )
    call("run", "--mission", MISSION, "--inbox", inbox, "--out", folder / "out")
    return folder / "out"


@pytest.fixture
def place(founded: Path, tmp_path: Path) -> Place:
    operator = Path(shutil.copytree(founded, tmp_path / "operator"))
    return Place(tmp_path, operator / "store.db")


def test_they_agree(place: Place) -> None:
    subject = place.propose()
    place.seal("A", subject)
    place.seal("B", subject, reasons="Our post saw the flashes.", basis=["report_two"])
    place.open("A", subject)
    assert f"ended: {subject}" in place.open("B", subject)
    found = place.status(subject)
    assert (found["end"], found["is_recorded"]) == ("agreed", True)
    told = call("determine", "status", subject, "--store", place.store, "--at", MORNING)
    assert "agreed" in told
    assert "place:hadrut" in told
    call("record", "verify", place.copy("A"))


def test_nothing_of_a_position_is_in_any_copy_before_it_is_opened(place: Place) -> None:
    subject = place.propose()
    place.seal("A", subject, reasons="ZEBRA-REASON")
    copy = place.copy("B")
    assert not [path for path in copy.rglob("*") if path.is_file() and b"ZEBRA" in path.read_bytes()]
    place.seal("B", subject)
    place.open("A", subject)
    (position,) = [
        payload
        for path in place.copy("B").glob("payloads/*/*")
        if (payload := json.loads(path.read_bytes()))["schema"] == "position/1"
    ]
    shown = [base64.urlsafe_b64decode(text + "==") for text in position["body"]["disclosures"]]
    assert any(b"ZEBRA-REASON" in one for one in shown)


def test_they_differ_and_both_texts_stand(place: Place) -> None:
    subject = place.propose()
    place.seal("A", subject)
    place.seal("B", subject, happened="no", breach="no")
    place.open("B", subject)
    place.open("A", subject)
    found = place.status(subject)
    assert found["end"] == "differing"
    happened = next(field for field in found["outcomes"] if field["name"] == "happened")
    assert happened["says"] == {"A": "yes", "B": "no"}


def test_one_does_not_answer(place: Place) -> None:
    subject = place.propose(urgency="urgent")
    place.seal("A", subject)
    with pytest.raises(ConflictError, match="B may still answer"):
        place.sign("A", "open", subject, "--keep", place.folder / "A" / "keep")
    place.open("A", subject, at="2021-12-01T10:00:00Z")
    found = place.status(subject, "2021-12-01T10:00:00Z")
    assert (found["end"], found["sides"][1]["absence"]) == ("one_side_only", "no_response")


def test_one_recalls_and_seals_again(place: Place) -> None:
    subject = place.propose()
    place.seal("A", subject, happened="unable")
    place.do("A", "recall", subject, "--reason", "a new report came in")
    place.seal("A", subject)
    place.seal("B", subject)
    with pytest.raises(ConflictError, match="the round has opened"):
        place.sign("A", "recall", subject, "--reason", "too late")
    place.open("A", subject)
    place.open("B", subject)
    found = place.status(subject)
    assert (found["end"], found["sides"][0]["n_recalled"]) == ("agreed", 1)


def test_one_departs(place: Place) -> None:
    subject = place.propose()
    place.seal("A", subject)
    place.do("B", "presence", "left", "--reason", "by order", role="head", at="2021-12-01T09:00:00Z")
    place.open("A", subject, at="2021-12-01T09:30:00Z")
    side = place.status(subject)["sides"][1]
    assert (side["absence"], side["since"]) == ("left", "2021-12-01T09:00:00Z")


def test_one_hinders_opening_and_the_escrow_opens(place: Place) -> None:
    subject = place.propose()
    place.seal("A", subject)
    place.seal("B", subject, breach="no")
    place.open("A", subject)
    assert "B: sealed, hinders opening" in call(
        "determine", "status", "--store", place.store, "--at", MORNING
    )
    stick = place.folder / "escrow"
    words = ("determine", "escrow", subject, "--of", "B", "--record", place.copy("A"), "--at", MORNING)
    with pytest.raises(IntegrityError, match="does not open with this key"):
        call(*words, "--demo", "somebody", "--mission", MISSION, "--out", stick)
    call(*words, "--demo", "observer", "--mission", MISSION, "--out", stick)
    assert "ended" in place.take(stick)
    found = place.status(subject)
    assert (found["end"], found["sides"][1]["by_escrow"]) == ("agreed_in_part", True)


@pytest.mark.parametrize("hidden", [b"[]", b"no json", b"7"])
def test_an_escrow_is_told_where_something_else_was_encrypted_than_sealed(
    place: Place, monkeypatch: pytest.MonkeyPatch, hidden: bytes
) -> None:
    subject = place.propose()
    place.seal("A", subject)
    monkeypatch.setattr(
        "truceline.app.positions.encrypt_to", lambda key, _, what: encrypt_to(key, hidden, what)
    )
    place.seal("B", subject)
    with pytest.raises((IntegrityError, InputError), match=r"opens nothing|as a whole"):
        call(
            "determine", "escrow", subject, "--of", "B", "--record", place.copy("A"), "--at", MORNING,
            "--demo", "observer", "--mission", MISSION, "--out", place.folder / "escrow",
        )  # fmt: skip


def test_what_an_escrow_shows_must_be_what_was_sealed(place: Place) -> None:
    subject = place.propose()
    place.seal("A", subject)
    place.seal("B", subject)
    stick = place.folder / "escrow"
    stick.mkdir()
    kept = json.loads(next((place.folder / "A" / "keep").glob("*.opening")).read_text(encoding="utf-8"))
    (stick / "x.shown").write_text(
        json.dumps({"round": subject, "of": "B", "disclosures": kept["disclosures"]}), encoding="utf-8"
    )
    (stick / "y.shown").write_text("no json", encoding="utf-8")
    with pytest.raises(InputError, match="2 of 2 were refused"):
        place.take(stick)
    assert place.status(subject)["sides"][1]["opened"] is None


def test_a_shift_changes_between_seal_and_opening(place: Place) -> None:
    subject = place.propose()
    place.seal("A", subject, role="duty")
    place.seal("B", subject)
    place.open("A", subject, role="head")
    place.open("B", subject)
    assert place.status(subject)["end"] == "agreed"


def test_a_meeting_ends_by_a_text_that_both_sign(place: Place) -> None:
    subject = place.propose(meeting="together")
    stick = place.sign(
        "A", "meet", subject, "--form", place.form("A"), "--attended", "A:0417", "--attended", "B:0032",
        "--text", "en=We agree.", "--text", "ar=اتفقنا.",
    )  # fmt: skip
    with pytest.raises(InputError, match="refused"):
        place.take(stick)
    note = first_note(stick)
    both = place.sign("B", "cosign", note)
    assert "ended" in place.take(both)
    found = place.status(subject)
    assert (found["end"], found["attended"]) == ("agreed", ["A:0417", "B:0032"])
    assert found["joint_text"]["ar"] == "اتفقنا."


def test_a_statement_that_is_taken_in_again_stands_once(place: Place) -> None:
    subject = place.propose()
    stick = place.sign("A", "answer", subject, "--abstain")
    first = place.take(stick)
    assert place.take(stick) == first


def test_two_answers_of_one_signer_in_one_round_are_found_out(place: Place, tmp_path: Path) -> None:
    subject = place.propose()
    one = place.sign("A", "seal", subject, "--form", place.form("A"), "--keep", tmp_path / "k1")
    other = place.sign(
        "A", "seal", subject, "--form", place.form("A", happened="no"), "--keep", tmp_path / "k2"
    )
    place.take(one)
    with pytest.raises(InputError, match="of 2 were refused"):
        place.take(other)
    vkey = json.loads(_founding(place))["body"]["keys"][0]["vkey"]
    first, second = first_note(one), first_note(other)
    proof = tmp_path / "equivocation.json"
    policy = place.copy("B") / "policy"
    call("record", "prove-fork", first, second, "--policy", policy, "--author", vkey, "--out", proof)
    assert "A/duty" in call("record", "check-fork", proof, "--policy", policy, "--author", vkey)


def test_the_operator_is_told_who_signed_two_things(place: Place, tmp_path: Path) -> None:
    subject = place.propose()
    sticks = [
        place.sign("A", "seal", subject, "--form", place.form("A", happened=says), "--keep", tmp_path / says)
        for says in ("yes", "no")
    ]
    place.take(sticks[0])
    done = CliRunner().invoke(
        truceline,
        [
            "record",
            "take",
            str(sticks[1]),
            "--mission",
            MISSION,
            "--store",
            str(place.store),
            "--at",
            MORNING,
        ],
    )
    assert "A/duty signed entry" in done.output
    assert "prove-fork makes a proof" in done.output


def test_a_statement_from_the_future_is_not_taken_in_yet(place: Place) -> None:
    subject = place.propose(urgency="urgent")
    place.seal("A", subject)
    later = "2021-12-01T10:30:00Z"
    early = place.sign("A", "open", subject, "--keep", place.folder / "A" / "keep", at=later)
    with pytest.raises(InputError, match="refused"):
        place.take(early, at=MORNING)
    place.seal("B", subject)
    assert place.status(subject)["sides"][0]["opened"] is None


def test_a_proposal_that_lay_on_a_stick_for_a_day_leaves_the_whole_clock(place: Place) -> None:
    stick = place.sign(
        "A", "propose", INCIDENT, "--urgency", "urgent", role="head", at="2021-11-30T08:00:00Z"
    )
    place.take(stick)
    subject = open_leaf(first_note(stick).read_bytes())[0].id
    found = place.status(subject)
    assert (found["due_at"], found["started_at"]) == ("2021-12-01T10:00:00Z", MORNING)
    place.seal("A", subject)
    with pytest.raises(ConflictError, match="B may still answer"):
        place.sign("A", "open", subject, "--keep", place.folder / "A" / "keep")


def test_a_watch_officer_neither_ends_the_heads_key_nor_speaks_for_the_delegation(place: Place) -> None:
    vkeys = [one["vkey"] for one in json.loads(_founding(place))["body"]["keys"]]
    head = next(vkey for vkey in vkeys if "/A/head+" in vkey)
    with pytest.raises(IntegrityError, match="changed by such a key alone"):
        call(
            "key", "revoke", head, "--reason", "x", "--record", place.copy("A"), "--demo-key", "A/duty",
            "--at", MORNING, "--out", place.folder / "s", "--keep", place.folder / "k",
        )  # fmt: skip
    with pytest.raises(ConflictError, match="deputy or head"):
        place.sign("A", "presence", "left", "--reason", "x")


def _founding(place: Place) -> str:
    copy = place.copy("B")
    entry = (copy / "tile" / "entries").rglob("*")
    first = next(path for path in entry if path.is_file())
    data = first.read_bytes()
    leaf, _ = open_leaf(data[2 : 2 + int.from_bytes(data[:2], "big")])
    return (copy / "payloads" / leaf.payload_sha256[:2] / leaf.payload_sha256).read_text(encoding="utf-8")


def test_another_sides_key_signs_nothing_of_ours(place: Place) -> None:
    subject = place.propose()
    stick = place.sign("B", "answer", subject, "--abstain")
    payload = first_note(stick).with_suffix(".payload")
    payload.write_bytes(payload.read_bytes().replace(b'"owner":"B"', b'"owner":"A"'))
    with pytest.raises(InputError, match="refused"):
        place.take(stick)


@pytest.mark.parametrize(
    ("says", "match"),
    [
        ({"happened": "perhaps"}, "is no answer"),
        ({"where": {"place": None}}, "neither a place nor a point"),
        ({"where": {"lon_e7": 1.5, "lat_e7": 1}}, "out of range"),
        ({"when": {"start": "2020-11-15", "end": "x"}}, "instants as"),
        ({"weapon_coordinates": "x"}, "there is no field"),
    ],
)
def test_a_form_that_cannot_be_read_is_told_by_its_field(
    place: Place, says: dict[str, Any], match: str
) -> None:
    subject = place.propose()
    with pytest.raises(InputError, match=match):
        place.sign("A", "seal", subject, "--form", place.form("A", **says), "--keep", place.folder / "k")


def new_key(place: Place, name: str) -> tuple[Path, str]:
    """Make a key on a side's machine: its file and its public half."""
    words, path = place.folder / "words", place.folder / f"{name.replace('/', '-')}.key"
    words.write_text("a passphrase\n", encoding="utf-8")
    told = call(
        "key", "new", name, "--mission", MISSION, "--realm", "demo", "--out", path, "--passphrase-file", words
    )
    return path, told.strip()


def test_a_key_is_brought_in_replaced_and_ended_by_its_owner(place: Place) -> None:
    subject = place.propose()
    path, vkey = new_key(place, "A/duty-0417")
    _, later = new_key(place, "A/duty-0418")

    def with_file(stick: str, *words: object) -> Path:
        call(
            *words, "--record", place.copy("A"), "--key", path, "--passphrase-file", place.folder / "words",
            "--at", MORNING, "--out", place.folder / stick, "--keep", place.folder / "A" / "keep",
        )  # fmt: skip
        return place.folder / stick

    abstain = ("determine", "answer", subject, "--abstain")
    with pytest.raises(InputError, match="no right to sign"):
        with_file("early", *abstain)
    place.take(key_stick(place, "add", vkey, "--role", "duty"))
    place.take(with_file("counts", *abstain))
    place.take(with_file("rotate", "key", "rotate", vkey, later))
    with pytest.raises(InputError, match="no right to sign"):
        with_file("ended", *abstain)
    place.take(key_stick(place, "revoke", later, "--reason", "left the service"))
    with pytest.raises(IntegrityError, match="has no such key to end"):
        key_stick(place, "revoke", later, "--reason", "again")
    call("record", "verify", place.copy("B"))


def key_stick(place: Place, *words: object) -> Path:
    """Change a key of A by A's head."""
    stick = place.folder / f"keys-{words[0]}"
    call(
        "key", *words, "--record", place.copy("A"), "--demo-key", "A/head", "--at", MORNING, "--out", stick,
        "--keep", place.folder / "A" / "keep",
    )  # fmt: skip
    return stick


def test_nobody_changes_another_sides_keys(place: Place) -> None:
    _, vkey = new_key(place, "A/duty-0419")
    stick = key_stick(place, "add", vkey, "--role", "duty")
    payload = first_note(stick).with_suffix(".payload")
    payload.write_bytes(payload.read_bytes().replace(b'"owner":"A"', b'"owner":"B"'))
    with pytest.raises(InputError, match="refused"):
        place.take(stick)


def test_what_the_operator_left_out_is_shown_by_the_sides_own_list(place: Place) -> None:
    subject = place.propose()
    keep = place.folder / "B" / "keep"
    dropped = place.sign("B", "answer", subject, "--abstain")
    first_note(dropped).unlink()
    place.take(dropped)
    told = call("determine", "omitted", "--record", place.copy("B"), "--keep", keep)
    assert f"left out: position {subject}:b round 0, number 0 of outbox-" in told
    call("record", "export", place.folder / "list", "--store", next(keep.glob("outbox-*.db")), "--for", "B")
    call("record", "verify", place.folder / "list")
    acknowledged = json.loads(
        call("determine", "omitted", "--record", place.copy("B"), "--keep", keep, "--json")
    )
    entry = acknowledged[0]["acknowledged_by"]
    proof = place.folder / "seen.tlog-proof"
    call("record", "prove", entry, "--store", place.store, "--out", proof)
    assert "seen outbox:b:" in call("record", "check-proof", proof, "--policy", place.copy("B") / "policy")


def test_where_all_was_taken_in_nothing_is_left_out(place: Place) -> None:
    subject = place.propose()
    place.do("B", "answer", subject, "--abstain")
    told = call("determine", "omitted", "--record", place.copy("B"), "--keep", place.folder / "B" / "keep")
    assert "everything that the record acknowledges is in it" in told


def test_a_side_is_kept_from_contradicting_itself(place: Place) -> None:
    subject = place.propose()
    copy = place.copy("B")
    place.sign("B", "answer", subject, "--abstain")
    with pytest.raises(ConflictError, match="another statement of this round was handed over"):
        place.sign("B", "answer", subject, "--await-until", "2021-12-05")
    assert copy.is_dir()
