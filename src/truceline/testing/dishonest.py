"""A centre whose operator, delegations and observer may each be dishonest: what they try, and what comes of it.

Every run follows from a seed and the set of the dishonest: the same seed gives the same trace. Keys of the dishonest are
one another's to use. The rules that each run is held to stand in `Outcome.broken`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import combinations
from typing import TypeVar

from truceline.core.errors import TrucelineError
from truceline.core.release import CENTRE, PUBLIC, Realm
from truceline.ledger.authors import AuthorKey
from truceline.ledger.checkpoint import Checkpoint, open_checkpoint, sign_checkpoint
from truceline.ledger.cosigning import collect_cosignatures, cosigned_checkpoint
from truceline.ledger.entry import Leaf, Statement, open_leaf, payload_bytes, sha256_hex, sign_leaf
from truceline.ledger.export import bundle_files
from truceline.ledger.fork import check_fork, prove_equivocation, prove_fork
from truceline.ledger.keys import Signer, derive_demo_cosigner, derive_demo_key
from truceline.ledger.log import Log
from truceline.ledger.policy import PolicyWitness, require_all
from truceline.ledger.signing import SignedStatement, founding_statement, sign_statement
from truceline.ledger.store import Entry
from truceline.ledger.tiles import TileTree, node_reader
from truceline.ledger.tree import EMPTY_ROOT, leaf_hash, prefix_steps
from truceline.ledger.verify import verify
from truceline.ledger.witness import Answer, Witness
from truceline.testing.ledger_store import MemoryBlobs, MemoryLedgerStore, MemoryWitnessStore

OPERATOR, COSIGNERS = "operator", ("A", "B", "observer")
EVERYONE = (OPERATOR, *COSIGNERS)
SUBSETS = tuple(
    frozenset(names) for size in range(len(EVERYONE) + 1) for names in combinations(EVERYONE, size)
)
"""All sixteen sets of dishonest parties."""

_T = TypeVar("_T")

ATTACKS = ("fork", "rewrite", "roll back", "forge", "add a key", "equivocate")
MISSION = "simulated"

_LOG = derive_demo_key(Realm.DEMO, MISSION)
_AUTHORS = {owner: derive_demo_key(Realm.DEMO, MISSION, f"{owner}/duty") for owner in "AB"}
_WITNESSES = {name: derive_demo_cosigner(Realm.DEMO, MISSION, name) for name in COSIGNERS}
POLICY = require_all(_LOG.verifier, [PolicyWitness(name, key.verifier) for name, key in _WITNESSES.items()])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of an attack.

    Args:
        attack: A word of `ATTACKS`.
        was_tried: Whether those who would have to be dishonest for it are.
        passes: Whether a reader who trusts the policy believes what must not be believed.
        has_proof: Whether a stranger can be shown, from what lies outside, who contradicted themselves.
    """

    attack: str
    was_tried: bool
    passes: bool
    has_proof: bool


@dataclass
class _History:
    """A record under construction, and the files that a reader gets of it."""

    store: MemoryLedgerStore = field(default_factory=MemoryLedgerStore)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)

    def open(self) -> Log:
        return Log.open(self.store, self.blobs, _LOG, mission=MISSION, realm=Realm.DEMO)

    def files(self) -> dict[str, bytes]:
        return dict(bundle_files(self.store, self.blobs))


class _Files:
    def __init__(self, files: dict[str, bytes]) -> None:
        self._files = files

    def read(self, path: str, limit: int) -> bytes | None:
        data = self._files.get(path)
        return None if data is None else data[: limit + 1]

    def paths(self) -> Iterable[str]:
        return self._files


class _Forgetful:
    """A dishonest witness: it cosigns whatever it is asked, and remembers nothing."""

    def __init__(self, name: str, at_s: int) -> None:
        self._name, self._at_s = name, at_s

    def add_checkpoint(self, body: bytes) -> Answer:
        _, _, note = body.partition(b"\n\n")
        fresh = MemoryWitnessStore()
        witness = Witness(_WITNESSES[self._name], {_LOG.name: [_LOG.verifier]}, fresh, lambda: self._at_s)
        return witness.add_checkpoint(b"old 0\n\n" + note)

    def latest(self, origin: str) -> bytes | None:
        """Have nothing to show: what it cosigned is forgotten."""
        return MemoryWitnessStore().note(origin)


class _Chance:
    """Chance that follows from a text: the same on every machine and in every version."""

    def __init__(self, text: str) -> None:
        self._text, self._n = text, 0

    def randbytes(self, size: int) -> bytes:
        self._n += 1
        return hashlib.sha256(f"{self._text} {self._n}".encode()).digest()[:size]

    def randint(self, low: int, high: int) -> int:
        return low + int.from_bytes(self.randbytes(8), "big") % (high - low + 1)

    def choice(self, things: Sequence[_T]) -> _T:
        return things[self.randint(0, len(things) - 1)]


class Centre:
    """One simulated centre.

    Args:
        seed: Decides everything that is left to chance.
        dishonest: Names out of `EVERYONE`.

    Attributes:
        trace: What happened, in order.
    """

    def __init__(self, seed: int, dishonest: frozenset[str]) -> None:
        self.trace: list[str] = []
        self._chance = _Chance(f"{seed} {sorted(dishonest)}")
        self._dishonest = dishonest
        self._memories = {name: MemoryWitnessStore() for name in COSIGNERS}
        self._time_s = 1_600_000_000
        self._true = _History()
        self._outside: list[bytes] = []
        self._live()

    def run(self) -> list[Outcome]:
        """Try every attack and return what came of each, in the order of `ATTACKS`."""
        tries = (self._fork, self._rewrite, self._roll_back, self._forge, self._add_key, self._equivocate)
        outcomes = [attempt() for attempt in tries]
        self.trace += [f"{one.attack}: {one.was_tried} {one.passes} {one.has_proof}" for one in outcomes]
        return outcomes

    # ---- an ordinary life

    def _live(self) -> None:
        log = self._true.open()
        keys = [AuthorKey(key.verifier, owner, "duty", 0) for owner, key in _AUTHORS.items()]
        founding = founding_statement(MISSION, Realm.DEMO, POLICY, keys, {"kind": "two-key"})
        empty = Checkpoint(_LOG.name, 0, EMPTY_ROOT)
        log.append_signed([sign_statement(founding, [_LOG, *_AUTHORS.values()], empty)])
        for step in range(self._chance.randint(3, 6)):
            log.append(_reports(f"s{step}", self._chance.randint(1, 4)))
            owner = self._chance.choice("AB")
            log.append_signed([self._position(owner, f"position_{step}", self._head(self._true))])
            self._cosign(self._true)
            self._outside.append(cosigned_checkpoint(self._true.store, POLICY))
        self.trace.append(f"lived to {log.size} entries, root {self._head(self._true).root.hex()}")

    def _head(self, history: _History) -> Checkpoint:
        return open_checkpoint(history.store.checkpoint() or b"", [_LOG.verifier])

    def _position(self, owner: str, id_: str, seen: Checkpoint, word: str = "yes") -> SignedStatement:
        statement = Statement(
            "position", id_, MISSION, Realm.DEMO, {"happened": word}, owner=owner, release=PUBLIC, round=0
        )
        return sign_statement(statement, [_AUTHORS[owner]], seen)

    def _cosign(self, history: _History) -> None:
        """Ask all witnesses: honest ones remember, dishonest ones do as they are told."""
        self._time_s += 60
        for name in COSIGNERS:
            link = _Forgetful(name, self._time_s) if name in self._dishonest else self._honest(name)
            try:
                collect_cosignatures(history.store, POLICY, {name: link})
            except TrucelineError as error:
                self.trace.append(f"{name} refuses: {error.code}")

    def _honest(self, name: str) -> Witness:
        at_s = self._time_s
        return Witness(_WITNESSES[name], {_LOG.name: [_LOG.verifier]}, self._memories[name], lambda: at_s)

    # ---- attacks on history

    def _other(self, kept: int, entries: Sequence[tuple[str, str, Signer]]) -> _History:
        """A second history out of the operator's own hand: the first ``kept`` entries, then others."""
        made = _History(blobs=MemoryBlobs())
        made.blobs.kept.update(self._true.blobs.kept)
        made.store.bind(_LOG.name, _LOG.verifier.vkey)
        own = list(self._true.store.entries(0, kept))
        _, tiles = TileTree().grow(leaf_hash(entry.leaf) for entry in own)
        made.store.append(0, own, tiles)
        _sign(made)
        for at, (type_, id_, signer) in enumerate(entries):
            _put(made, type_, id_, signer, {"n": at, "text": "another word"})
        return made

    def _judge(self, attack: str, made: _History) -> Outcome:
        """Give the other history to a second reader, and look for what a stranger can be shown."""
        self._cosign(made)
        believed = self._is_believed(self._true) and self._is_believed(made)
        old, new = self._chance.choice(self._outside), cosigned_checkpoint(made.store, POLICY)
        return Outcome(attack, was_tried=True, passes=believed, has_proof=self._shows_fork(old, new, made))

    def _is_believed(self, history: _History) -> bool:
        try:
            return verify(_Files(history.files()), trusted=POLICY).ok
        except TrucelineError:
            return False

    def _shows_fork(self, old: bytes, new: bytes, made: _History) -> bool:
        """From any one outside checkpoint that the other history does not continue."""
        known = [_LOG.verifier]
        for note in (old, *self._outside):
            sizes = {self._size(note): self._true, self._size(new): made}
            history = sizes[max(sizes)]
            try:
                proof = prove_fork(note, new, known, partial(prefix_steps, node_reader(history.store.tile)))
            except TrucelineError:
                continue
            return check_fork(proof, known).signer == _LOG.name
        return False

    @staticmethod
    def _size(note: bytes) -> int:
        return open_checkpoint(note, [_LOG.verifier]).size

    def _fork(self) -> Outcome:
        if OPERATOR not in self._dishonest:
            return _not_tried("fork")
        kept = self._chance.randint(1, self._size(self._outside[0]) - 1)
        n_more = self._true.store.size() - kept + self._chance.randint(0, 3)
        return self._judge("fork", self._other(kept, [("report", f"other_{n}", _LOG) for n in range(n_more)]))

    def _rewrite(self) -> Outcome:
        if OPERATOR not in self._dishonest:
            return _not_tried("rewrite")
        size = self._true.store.size()
        victim = self._chance.choice(
            [e.index for e in self._true.store.entries(1, size) if e.type == "report"]
        )
        made = self._other(victim, [])
        for entry in self._true.store.entries(victim, size):
            if entry.index == victim:
                _put(made, entry.type, entry.id, _LOG, {"n": 0, "text": "rewritten"})
            else:
                _copy(made, entry)
        return self._judge("rewrite", made)

    def _roll_back(self) -> Outcome:
        if OPERATOR not in self._dishonest:
            return _not_tried("roll back")
        kept = self._chance.randint(1, self._size(self._outside[-1]) - 1)
        return self._judge("roll back", self._other(kept, [("report", "after", _LOG)]))

    # ---- attacks in somebody's name

    def _forge(self) -> Outcome:
        """A position of A that A never signed, by all keys that the dishonest have."""
        return self._in_the_name_of("forge", "position", {"happened": "no"})

    def _add_key(self) -> Outcome:
        mine = Signer(f"{_LOG.name}/A/other", self._chance.randbytes(32))
        return self._in_the_name_of(
            "add a key", "key", {"action": "new", "vkey": mine.verifier.vkey, "role": "duty"}
        )

    def _in_the_name_of(self, attack: str, type_: str, body: dict[str, str]) -> Outcome:
        if OPERATOR not in self._dishonest or "A" in self._dishonest:
            return _not_tried(attack)
        signers = [_LOG, *([_AUTHORS["B"]] if "B" in self._dishonest else [])]
        believed = False
        for signer in signers:
            made = self._other(self._true.store.size(), [])
            _put(made, type_, f"{type_}_forged", signer, body, owner="A")
            for name in COSIGNERS:  # even where every witness looks away
                collect_cosignatures(made.store, POLICY, {name: _Forgetful(name, self._time_s)})
            believed = believed or self._is_believed(made)
        return Outcome(attack, was_tried=True, passes=believed, has_proof=False)

    def _equivocate(self) -> Outcome:
        """A says yes to the operator and no to B, in the same round."""
        if "A" not in self._dishonest:
            return _not_tried("equivocate")
        seen = self._head(self._true)
        yes, no = (self._position("A", "position_double", seen, word) for word in ("yes", "no"))
        known = [_AUTHORS["A"].verifier]
        proof = prove_equivocation(yes.note, no.note, known)
        made = self._other(self._true.store.size(), [])
        log = made.open()
        log.append_signed([yes])
        passes = True
        try:
            log.append_signed([no])
        except TrucelineError as error:
            passes = error.code != "record.round"
        return Outcome("equivocate", True, passes, check_fork(proof, known).signer == known[0].name)


def _not_tried(attack: str) -> Outcome:
    return Outcome(attack, was_tried=False, passes=False, has_proof=False)


def _reports(stem: str, count: int) -> list[Statement]:
    return [
        Statement("report", f"report_{stem}_{n}", MISSION, Realm.DEMO, {"n": n}, release=PUBLIC)
        for n in range(count)
    ]


def _put(
    history: _History, type_: str, id_: str, signer: Signer, body: Mapping[str, object], owner: str = CENTRE
) -> None:
    """Write an entry past every check, as an operator with the database in hand can."""
    statement = Statement(type_, id_, MISSION, Realm.DEMO, body, owner=owner, release=PUBLIC)
    blob = payload_bytes(statement)
    (sha,) = history.blobs.put([blob])
    size = history.store.size()
    tree = TileTree.load(history.store.tile, size)
    leaf = Leaf(_LOG.name, type_, id_, 0, sha, len(blob), size, tree.root())
    _append(history, Entry(size, type_, id_, 0, sha256_hex(blob), len(blob), sign_leaf(leaf, (signer,))))


def _copy(history: _History, entry: Entry) -> None:
    """Take an entry over; one of the operator's own is signed anew, as it has seen another record now."""
    leaf, note = open_leaf(entry.leaf)
    if [line.name for line in note.signatures] == [_LOG.name]:
        size = history.store.size()
        root = TileTree.load(history.store.tile, size).root()
        entry = replace(entry, leaf=sign_leaf(replace(leaf, seen_size=size, seen_root=root), (_LOG,)))
    _append(history, entry)


def _append(history: _History, entry: Entry) -> None:
    size = history.store.size()
    _, tiles = TileTree.load(history.store.tile, size).grow([leaf_hash(entry.leaf)])
    history.store.append(size, [entry], tiles)
    _sign(history)


def _sign(history: _History) -> None:
    size = history.store.size()
    head = Checkpoint(_LOG.name, size, TileTree.load(history.store.tile, size).root())
    history.store.put_checkpoint(size, sign_checkpoint(head, _LOG))


def broken(dishonest: frozenset[str], outcomes: Sequence[Outcome]) -> list[str]:
    """Say which rules a run broke.

    Args:
        dishonest: Who was.
        outcomes: As `Centre.run` gave them.

    Returns:
        One sentence a broken rule: an attack on history passes only where operator and all cosigners are dishonest; one
        in an honest delegation's name never; and whoever signed two histories, or two positions, is shown to a stranger.
    """
    told = []
    for one in outcomes:
        may_pass = one.attack in ATTACKS[:3] and dishonest == frozenset(EVERYONE)
        if one.passes and not may_pass:
            told.append(f"{one.attack} passes although {sorted(set(EVERYONE) - dishonest)} are honest")
        needs_proof = one.was_tried and one.attack not in {"forge", "add a key"}
        if needs_proof and not one.has_proof:
            told.append(f"{one.attack} leaves no proof")
    return told
