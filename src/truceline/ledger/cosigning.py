"""Getting a checkpoint cosigned, and saying who has not. A missing cosignature stops nothing; it shows, with its age."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from truceline.core.errors import ConflictError, IntegrityError, TrucelineError, UnavailableError
from truceline.ledger.authors import FOUNDING
from truceline.ledger.checkpoint import open_checkpoint, parse_checkpoint
from truceline.ledger.entry import parse_payload
from truceline.ledger.keys import Verifier, cosigned_at, parse_vkey
from truceline.ledger.note import Note, NoteSignature, format_note, parse_note
from truceline.ledger.policy import Policy, PolicyWitness, parse_policy
from truceline.ledger.store import BlobStore, LedgerStore
from truceline.ledger.tiles import node_reader, root_from_tiles
from truceline.ledger.tree import consistency_proof
from truceline.ledger.witness import WitnessLink, ask


@dataclass(frozen=True, slots=True)
class Standing:
    """How a witness stands to the last checkpoint.

    Args:
        name: Its name in the policy.
        size: Entries of the last checkpoint that it cosigned; 0 for none.
        n_behind: Entries that it has not cosigned yet.
        cosigned_at_s: When it cosigned, in seconds since 1970; None where never.
        problem: Why it did not cosign just now; empty where it did or was not asked.
    """

    name: str
    size: int
    n_behind: int
    cosigned_at_s: int | None
    problem: str = ""


def recorded_policy(store: LedgerStore, payloads: BlobStore) -> Policy:
    """Return the trust policy that a record itself states last.

    Args:
        store: Where the entries lie.
        payloads: Where the payloads lie.

    Returns:
        The policy; one of the log's key alone, ``quorum none``, where the record was founded without.

    Raises:
        IntegrityError: The statement's payload is gone.
    """
    identity = store.identity()
    policy = Policy((parse_vkey(identity[1]),)) if identity else Policy(())
    for entry in store.typed({"policy"}):
        if entry.id != FOUNDING:
            continue
        blob = payloads.get(entry.payload_sha256)
        if blob is None:
            raise IntegrityError(
                "record.policy", "the payload that states the policy is gone", where=f"entry {entry.index}"
            )
        policy = parse_policy(parse_payload(blob)["body"]["policy"].encode("utf-8"))
    return policy


def cosigned_checkpoint(store: LedgerStore, policy: Policy) -> bytes:
    """Return the last checkpoint with the cosignatures of the policy's witnesses that there are.

    Args:
        store: Where checkpoint and cosignatures lie.
        policy: The policy.

    Returns:
        A signed note: the log's line, then the witnesses' in the policy's order; empty where nothing is signed yet.
    """
    note = store.checkpoint()
    if note is None:
        return b""
    opened = parse_note(note)
    lines = {
        (line.name, line.key_id): line for line in store.cosignatures(parse_checkpoint(opened.text).size)
    }
    wanted = [(one.key.name, one.key.key_id) for one in policy.witnesses]
    return format_note(
        Note(opened.text, (*opened.signatures, *(lines[key] for key in wanted if key in lines)))
    )


def collect_cosignatures(
    store: LedgerStore, policy: Policy, links: Mapping[str, WitnessLink]
) -> tuple[Standing, ...]:
    """Ask every witness that can be asked to cosign the last checkpoint, and keep what comes.

    Args:
        store: Where checkpoint, tiles and cosignatures lie.
        policy: Whose cosignatures count.
        links: Name in the policy -> how it is reached; who is not named is not asked.

    Returns:
        How each of the policy's witnesses stands now. One that can not be reached, answers nonsense or says that it has
        seen more, or another history, is told here. Its word alone stops nobody; a checkpoint that this log signed and
        that the store does not reach holds the store (see `LedgerStore.hold`).
    """
    note = parse_note(store.checkpoint() or b"")
    problems: dict[str, str] = {}
    for one in policy.witnesses:
        link = links.get(one.name)
        if link is not None:
            try:
                _ask(store, note, one, link)
            except ConflictError as error:
                problems[one.name] = error.what
                hold_to(store, policy.logs, [_latest(link, note)])
            except (UnavailableError, IntegrityError) as error:
                problems[one.name] = error.what
    return standings(store, policy, problems)


def _latest(link: WitnessLink, note: Note) -> bytes:
    try:
        return link.latest(parse_checkpoint(note.text).origin) or b""
    except UnavailableError:
        return b""


def hold_to(store: LedgerStore, logs: Sequence[Verifier], seen: Iterable[bytes]) -> None:
    """Hold a store where a checkpoint from outside shows that it is behind what was signed, or another history.

    Args:
        store: Where entries and tiles lie.
        logs: The log's keys.
        seen: Checkpoints; what these keys did not sign, or not for this log, says nothing.
    """
    identity = store.identity()
    for note in seen:
        try:
            head = open_checkpoint(note, logs)
        except TrucelineError:
            continue
        if identity is None or head.origin != identity[0]:
            continue
        ours = store.size()
        if head.size > ours:
            store.hold(f"{head.size} entries were signed for, the store has {ours}: an old copy was put back")
        elif root_from_tiles(store.tile, head.size) != head.root:
            store.hold(f"a checkpoint of {head.size} entries was signed over another history")


def _ask(store: LedgerStore, note: Note, one: PolicyWitness, link: WitnessLink) -> None:
    node = node_reader(store.tile)
    size = parse_checkpoint(note.text).size
    line = ask(
        link,
        one.key,
        note,
        prove=lambda old, new: consistency_proof(node, old, new),
        old_size=store.cosigned_size(one.key),
    )
    store.put_cosignature(size, line)


def standings(
    store: LedgerStore, policy: Policy, problems: Mapping[str, str] | None = None
) -> tuple[Standing, ...]:
    """Say how each witness of a policy stands to the last checkpoint.

    Args:
        store: Where checkpoints and cosignatures lie.
        policy: The policy.
        problems: Name -> why it did not cosign just now.

    Returns:
        One a witness, in the policy's order.
    """
    told = problems or {}
    end = parse_checkpoint(parse_note(store.checkpoint() or b"").text).size
    rows = []
    for one in policy.witnesses:
        size = store.cosigned_size(one.key)
        line = _line_of(store.cosignatures(size), one)
        at_s = None if line is None else cosigned_at(line.signature)
        rows.append(Standing(one.name, size, end - size, at_s, told.get(one.name, "")))
    return tuple(rows)


def _line_of(lines: Iterable[NoteSignature], one: PolicyWitness) -> NoteSignature | None:
    own = (line for line in lines if (line.name, line.key_id) == (one.key.name, one.key.key_id))
    return next(own, None)
