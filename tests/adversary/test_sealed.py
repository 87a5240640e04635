"""No set of dishonest parties knows a sealed position early, but those that the threat model names."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from truceline.app import bundles, determining, positions, wiring
from truceline.app.positions import Desk
from truceline.app.rounds import rounds_of_store
from truceline.app.wiring import Store
from truceline.core.errors import IntegrityError, TrucelineError
from truceline.core.mission import Mission
from truceline.determine.events import round_id, side_id
from truceline.ledger.commitment import Disclosure, read_disclosure
from truceline.ledger.keys import Signer, decode_base64, derive_demo_key, derive_demo_seed
from truceline.ledger.log import read_log
from truceline.ledger.signing import SignedStatement
from truceline.testing.dishonest import SUBSETS
from truceline.testing.rounds import SHELLING

NOW = datetime(2021, 12, 1, 8, tzinfo=UTC)
SUBJECT = round_id("incident_x", 0)
SAID = "ZEBRA-REASON"
HELD = {
    "operator": ("",),
    "A": ("A/duty", "A/head", "witness/A"),
    "B": ("B/duty", "B/head", "witness/B"),
    "observer": ("witness/observer", "escrow/observer"),
}
"""Whose keys are whose."""


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Store, Mission]:
    """A record in which A and B have sealed and nobody has opened."""
    folder = tmp_path_factory.mktemp("sealed")
    mission, store = wiring.load_mission("karabakh-2020"), wiring.open_store(folder / "store.db")
    wiring.open_log(store, mission)

    def hand_over(name: str, signed: SignedStatement) -> None:
        wiring.write_statements(folder / name, [signed])
        (taken,) = determining.take(store, mission, folder / name, NOW).taken
        assert taken.index is not None, taken.why

    words = {"question": "happening", "meeting": "apart", "level": "preliminary", "urgency": "routine"}
    hand_over(
        "1", positions.propose(desk(store, mission, "A"), "incident_x", matters=(), evidence=(), **words)
    )
    for letter in "AB":
        form = {**SHELLING, "reasons": f"{SAID} of {letter}"}
        hand_over(
            f"seal-{letter}",
            positions.seal(desk(store, mission, letter), SUBJECT, form, folder / letter, os.urandom),
        )
    return folder, store, mission


def signer(mission: Mission, letter: str) -> Signer:
    return derive_demo_key(mission.settings.realm, mission.settings.id, f"{letter}/duty")


def desk(store: Store, mission: Mission, letter: str) -> Desk:
    return Desk(rounds_of_store(store), (signer(mission, letter),), NOW)


def seal_of(store: Store, letter: str) -> dict[str, object]:
    """What the record holds of a seal."""
    (found,) = (
        item.payload["body"]
        for item in read_log(store.ledger, store.payloads)
        if item.payload and (item.type, item.id) == ("commitment", side_id(SUBJECT, letter))
    )
    return dict(found)


def openings(folder: Path, who: Iterable[str]) -> list[Disclosure]:
    """All that the members of a set keep of their own."""
    texts = [path.read_text(encoding="utf-8") for name in who for path in (folder / name).glob("*.opening")]
    return [read_disclosure(one) for text in texts for one in _disclosures(text)]


def _disclosures(text: str) -> list[str]:
    return list(json.loads(text)["disclosures"])


def knows(sealed: tuple[Path, Store, Mission], who: frozenset[str], letter: str) -> bool:
    """Whether a set of parties, with all their keys and files and the whole record, can read a side's seal."""
    folder, store, mission = sealed
    body = seal_of(store, letter)
    kept = openings(folder, who)
    if {one.digest() for one in kept} & set(body["digests"]):
        return True
    # A guess: every word of the form under every salt that any of them holds.
    form = {**SHELLING, "reasons": f"{SAID} of {letter}"}
    salts = {one.salt for one in kept} | {""}
    guesses = {Disclosure(salt, name, value).digest() for salt in salts for name, value in form.items()}
    bare = {hashlib.sha256(str(value).encode()).hexdigest() for value in form.values()}
    if (guesses | bare) & set(body["digests"]):
        return True
    for name in (name for one in who for name in HELD[one]):
        seed = derive_demo_seed(mission.settings.realm, mission.settings.id, name)
        try:
            data = decode_base64(str(body["escrow"]))
            text = wiring.decrypt_with(seed, data, side_id(SUBJECT, letter))
        except IntegrityError:
            continue
        return any(SAID in str(read_disclosure(one).value) for one in json.loads(text))
    return False


@pytest.mark.parametrize("who", SUBSETS, ids=lambda who: "+".join(sorted(who)) or "nobody")
def test_a_seal_is_read_early_by_its_own_side_and_the_escrow_alone(
    sealed: tuple[Path, Store, Mission], who: frozenset[str]
) -> None:
    for letter in "AB":
        assert knows(sealed, who, letter) == bool(who & {letter, "observer"})


def test_nothing_that_the_operator_keeps_or_gives_out_holds_a_word_of_it(
    sealed: tuple[Path, Store, Mission], tmp_path: Path
) -> None:
    folder, store, _ = sealed
    bundles.export(tmp_path / "copy", store, recipient="B")
    operators = [path for path in folder.iterdir() if path.name not in {"A", "B"}]
    files = [
        path
        for top in (*operators, tmp_path / "copy")
        for path in ([top] if top.is_file() else top.rglob("*"))
        if path.is_file()
    ]
    assert files
    assert not [path for path in files if SAID.encode() in path.read_bytes()]


@pytest.mark.parametrize("letter", ["A", "B"])
def test_an_escrow_that_opens_before_its_time_is_refused_by_the_record(tmp_path: Path, letter: str) -> None:
    mission, store = wiring.load_mission("karabakh-2020"), wiring.open_store(tmp_path / "store.db")
    wiring.open_log(store, mission)
    words = {"question": "happening", "meeting": "apart", "level": "preliminary", "urgency": "routine"}
    for name, make in (
        ("1", lambda d: positions.propose(d, "incident_x", matters=(), evidence=(), **words)),
        ("2", lambda d: positions.seal(d, SUBJECT, SHELLING, tmp_path / letter, os.urandom)),
    ):
        wiring.write_statements(tmp_path / name, [make(desk(store, mission, letter))])
        determining.take(store, mission, tmp_path / name, NOW)
    seed = derive_demo_seed(mission.settings.realm, mission.settings.id, "escrow/observer")
    with pytest.raises(TrucelineError, match="may still answer"):
        positions.open_by_escrow(rounds_of_store(store), SUBJECT, letter, seed, NOW)
    shown = [one.encode() for one in openings(tmp_path, letter)]
    wiring.write_shown(tmp_path / "3", "x", {"round": SUBJECT, "of": letter, "disclosures": shown})
    (taken,) = determining.take(store, mission, tmp_path / "3", NOW).taken
    assert taken.index is None
    assert "may still answer" in taken.why
