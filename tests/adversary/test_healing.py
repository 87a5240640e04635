"""Whatever is broken in a bundle, a mirror heals it; what is no damage is not healed away."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from truceline.adapters.files.bundle import verify_bundle, write_bundle
from truceline.adapters.files.healing import heal_bundle
from truceline.core.errors import ConflictError, InputError, IntegrityError
from truceline.testing.ledger_store import MemoryBlobs, MemoryLedgerStore, make_statements, open_log

N = 300


@pytest.fixture(scope="module")
def mirror(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return bundle(tmp_path_factory.mktemp("mirror") / "record", N)


def bundle(folder: Path, size: int, note: str = "") -> Path:
    store, blobs = MemoryLedgerStore(), MemoryBlobs()
    log = open_log(store, blobs)
    for start in range(0, size, 100):
        log.append(make_statements(start, min(size, start + 100), note))
    write_bundle(folder, store, blobs)
    return folder


@pytest.fixture
def ours(mirror: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(mirror, tmp_path / "ours"))


def turn(folder: Path, path: str) -> None:
    data = bytearray((folder / path).read_bytes())
    data[len(data) // 2] ^= 1
    (folder / path).write_bytes(bytes(data))


KINDS = (
    "checkpoint",
    "policy",
    "tile/0/000",
    "tile/0/001.p/44",
    "tile/1/000.p/1",
    "tile/entries/000",
    "tile/entries/001.p/44",
)
DAMAGES: dict[str, Callable[[Path], object]] = {
    "turned": lambda path: turn(path.parent, path.name),
    "gone": Path.unlink,
    "empty": lambda path: path.write_bytes(b""),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"x"),
}


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("kind", [*KINDS, "payload"])
def test_every_damage_is_healed(ours: Path, mirror: Path, kind: str, damage: str) -> None:
    path = min((ours / "payloads").glob("*/*")) if kind == "payload" else ours / kind
    DAMAGES[damage](path)
    if not (kind == "payload" and damage == "gone"):
        assert not verify_bundle(ours).ok
    healed = heal_bundle(ours, mirror)
    assert healed.replaced == (path.relative_to(ours).as_posix(),)
    assert (verify_bundle(ours).ok, healed.size, healed.removed) == (True, N, ())


def test_all_damages_at_once_are_healed(ours: Path, mirror: Path) -> None:
    for path in KINDS:
        turn(ours, path)
    (ours / "tile" / "0" / "777").write_bytes(b"what nobody knows")
    healed = heal_bundle(ours, mirror)
    assert set(healed.replaced) == set(KINDS)
    assert healed.removed == ("tile/0/777",)


def test_an_older_bundle_is_brought_up_to_the_mirror(mirror: Path, tmp_path: Path) -> None:
    ours = bundle(tmp_path / "ours", 200)
    assert heal_bundle(ours, mirror).size == N
    assert verify_bundle(ours).ok


def test_a_longer_bundle_takes_whole_tiles_and_stays_longer(mirror: Path, tmp_path: Path) -> None:
    ours = bundle(tmp_path / "ours", 400)
    turn(ours, "tile/entries/000")
    healed = heal_bundle(ours, mirror)
    assert (healed.replaced, healed.size) == (("tile/entries/000",), 400)
    turn(ours, "tile/entries/001.p/144")
    with pytest.raises(IntegrityError, match="problems are left"):
        heal_bundle(ours, mirror)


def test_a_mirror_that_does_not_verify_heals_nothing(ours: Path, mirror: Path, tmp_path: Path) -> None:
    bad = Path(shutil.copytree(mirror, tmp_path / "bad"))
    turn(bad, "tile/entries/000")
    turn(ours, "checkpoint")
    with pytest.raises(IntegrityError, match="mirror does not verify"):
        heal_bundle(ours, bad)


def test_another_history_is_a_fork_and_no_mirror(mirror: Path, tmp_path: Path) -> None:
    other = bundle(tmp_path / "other", N, note="another")
    with pytest.raises(ConflictError, match="does not continue"):
        heal_bundle(other, mirror)
    assert verify_bundle(other).ok, "nothing was overwritten"


def test_a_bundle_does_not_heal_itself(mirror: Path) -> None:
    with pytest.raises(InputError, match="can not heal itself"):
        heal_bundle(mirror, mirror)
