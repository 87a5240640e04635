"""Whose key may sign what, and from which entry on: read out of the record itself. Source: MODEL, The record.

The founding entry names the first keys, signed by all of them. From then on an owner's keys are changed by that owner:
a new key or an end is signed by a key that the owner has at that place, and where it is the key of a head by that of a head.
The operator's key opens no door here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from truceline.core.determinations import CONFIRMED
from truceline.core.errors import InputError, IntegrityError
from truceline.core.release import CENTRE
from truceline.ledger.keys import ED25519, Verifier, parse_vkey
from truceline.ledger.note import Note, verified_by

FOUNDING = "policy:record"
"""Id of the statement that founds a record, its first entry; a later round changes the policy."""

NEW, ROTATE, REVOKE = "new", "rotate", "revoke"

KEYED = frozenset({"policy", "key"})
"""Types that say whose keys count."""

AUTHORED = frozenset({"position", "commitment", "disclosure", "key", "redaction", "seen"})
"""Types that nobody can state for a delegation but itself: signed by a key of the owner, never by the log's alone."""


@dataclass(frozen=True, slots=True)
class AuthorKey:
    """A key with whose it is and where it counts.

    Args:
        key: The key.
        owner: A delegation's letter or another owner.
        role: What its holder may do, a word of the procedure (``duty``, ``head``, …).
        start: First entry that it may sign.
        end: First entry that it may not sign any more, or None.
    """

    key: Verifier
    owner: str
    role: str
    start: int
    end: int | None = None

    def holds_at(self, index: int) -> bool:
        """Say whether it may sign the entry at an index."""
        return self.start <= index and (self.end is None or index < self.end)


class Authors:
    """All keys of a record, kept up entry by entry."""

    def __init__(self, keys: Iterable[AuthorKey] = (), heads: Iterable[str] = ()) -> None:
        self._keys = {key.key.vkey: key for key in keys}
        self._heads = frozenset(heads)

    def copy(self) -> Authors:
        """Return the same keys, to try on them what comes next."""
        return Authors(self._keys.values(), self._heads)

    def all(self) -> tuple[AuthorKey, ...]:
        """Return every key there ever was, in the order of their coming."""
        return tuple(self._keys.values())

    def at(self, index: int) -> tuple[AuthorKey, ...]:
        """Return the keys that may sign the entry at an index."""
        return tuple(key for key in self._keys.values() if key.holds_at(index))

    def take(
        self, index: int, type_: str, note: Note, payload: Mapping[str, Any] | None, log: Sequence[Verifier]
    ) -> tuple[AuthorKey, ...]:
        """Check who signed an entry, and take up what it says about keys. Entries must be given in order.

        Args:
            index: Its place.
            type_: The entry's type.
            note: The entry with its signatures.
            payload: Its payload, or None where the reader does not have it.
            log: The log's own keys, which count for no author.

        Returns:
            The authors that signed, in the note's order; none where the log's key alone did.

        Raises:
            InputError: The payload is not in the form of its type.
            IntegrityError: A signature is wrong or missing, a key signed outside its interval or twice, or it was not
                for these signers to say.
        """
        named = named_keys(payload) if index == 0 and type_ == "policy" and payload is not None else ()
        return self.settle(index, type_, verified_by(note, [*self.known(log), *named]), payload, log)

    def known(self, log: Sequence[Verifier]) -> tuple[Verifier, ...]:
        """Return every key whose signature says something.

        Args:
            log: The log's own keys.

        Returns:
            These, then every author's key there ever was.
        """
        return (*log, *(key.key for key in self._keys.values()))

    def settle(
        self,
        index: int,
        type_: str,
        signed: Sequence[Verifier],
        payload: Mapping[str, Any] | None,
        log: Sequence[Verifier],
    ) -> tuple[AuthorKey, ...]:
        """Do what `take` does where the signatures have been checked already.

        Args:
            index: Its place.
            type_: The entry's type.
            signed: Whose signatures on it hold; keys that the record does not know there are passed over.
            payload: Its payload, or None.
            log: The log's own keys.

        Returns:
            The authors that signed.

        Raises:
            InputError: As `take`.
            IntegrityError: As `take`.
        """
        is_founding = index == 0 and type_ == "policy" and payload is not None
        if is_founding and payload is not None:
            self._found(payload["body"])
        by = self._signers(signed, index, log)
        if is_founding and len(by) != len(self._keys):
            raise IntegrityError("policy.signers", "a record is founded by all of its first keys together")
        if payload is not None:
            check_author(type_, payload["owner"], by, index)
            self._apply(index, type_, payload, by)
        return by

    def _signers(
        self, signed: Sequence[Verifier], index: int, log: Sequence[Verifier]
    ) -> tuple[AuthorKey, ...]:
        if len(set(signed)) != len(signed):
            raise IntegrityError("note.twice", "a key signed twice")
        authors = tuple(self._keys[key.vkey] for key in signed if key.vkey in self._keys)
        if not authors and not any(key in log for key in signed):
            raise IntegrityError("note.unsigned", "no known key signed the note")
        for author in authors:
            if not author.holds_at(index):
                raise IntegrityError(
                    "key.interval",
                    f"{author.key.name} may sign entries {author.start} to {_end(author)}, not {index}",
                )
        return authors

    def _apply(self, index: int, type_: str, payload: Mapping[str, Any], by: Sequence[AuthorKey]) -> None:
        try:
            if type_ == "policy" and index:
                owners = {key.owner for key in self.at(index)}
                if owners - {key.owner for key in by}:
                    raise IntegrityError("policy.signers", "a policy is changed by all owners together")
            elif type_ == "key":
                self._change(index, str(payload["owner"]), payload["body"], by)
        except (KeyError, TypeError) as error:
            raise _formless(type_, error) from error

    def _found(self, body: Mapping[str, Any]) -> None:
        try:
            self._heads = _heads_of(body)
            for item in body["keys"]:
                self._add(AuthorKey(author_key(item["vkey"]), item["owner"], item["role"], 0))
        except (KeyError, TypeError) as error:
            raise _formless("policy", error) from error

    def _change(self, index: int, owner: str, body: Mapping[str, Any], by: Sequence[AuthorKey]) -> None:
        if not by or any(key.owner != owner for key in by):
            raise IntegrityError("key.signer", f"a key of {owner} is changed by {owner} alone")
        action, touched = body["action"], {str(body.get("role", ""))}
        if action in {ROTATE, REVOKE}:
            old = self._keys.get(body["ends"])
            if old is None or old.owner != owner or not old.holds_at(index):
                raise IntegrityError("key.unknown", f"{owner} has no such key to end")
            touched.add(old.role)
            self._refuse_below(touched, by)
            self._keys[old.key.vkey] = replace(old, end=index + 1)
        if action in {NEW, ROTATE}:
            self._refuse_below(touched, by)
            self._add(AuthorKey(author_key(body["vkey"]), owner, body["role"], index + 1))
        elif action != REVOKE:
            raise InputError("key.action", f"'{action}' is nothing that happens to a key")

    def _refuse_below(self, roles: set[str], by: Sequence[AuthorKey]) -> None:
        """Stop where a watch officer's key would make, replace or end the key of a head."""
        if roles & self._heads and not any(key.role in self._heads for key in by):
            raise IntegrityError(
                "key.rank", f"a key of {' or '.join(sorted(self._heads))} is changed by such a key alone"
            )

    def _add(self, key: AuthorKey) -> None:
        if any(key.key.public_key == other.key.public_key for other in self._keys.values()):
            raise IntegrityError("key.twice", f"the key of {key.key.name} was there before")
        self._keys[key.key.vkey] = key


def _heads_of(body: Mapping[str, Any]) -> frozenset[str]:
    """Return the roles that the procedure of a founding sets above the others; none where it states none."""
    part: Any = body
    for name in ("procedure", "levels", CONFIRMED):
        part = part.get(name, {}) if isinstance(part, Mapping) else {}
    return frozenset(map(str, part))


def named_keys(payload: Mapping[str, Any]) -> list[Verifier]:
    """Return the keys that a ``policy`` or ``key`` statement brings in, whether it may or not.

    Args:
        payload: The statement's payload.

    Returns:
        Its keys; what is no key is passed over, for `Authors.take` to refuse.
    """
    body = payload["body"]
    items = body.get("keys")
    rows = [*(items if isinstance(items, list) else ()), body]
    found = []
    for row in rows:
        vkey = row.get("vkey") if isinstance(row, dict) else None
        try:
            found.append(author_key(str(vkey)))
        except InputError:
            continue
    return found


def author_key(vkey: str) -> Verifier:
    """Read an author's key.

    Args:
        vkey: Verifier key string of type 1.

    Returns:
        The key.

    Raises:
        InputError: It is none, or a witness's.
    """
    key = parse_vkey(vkey)
    if key.kind != ED25519:
        raise InputError("key.kind", "a witness's key signs no statements", where=vkey[:80])
    return key


def _formless(type_: str, error: Exception) -> InputError:
    return InputError("key.form", f"a {type_} statement lacks {error}")


def _end(author: AuthorKey) -> str:
    return "now" if author.end is None else str(author.end - 1)


def check_author(type_: str, owner: str, authors: Sequence[AuthorKey], index: int) -> None:
    """Stop where a statement stands under somebody else's name.

    Args:
        type_: The entry's type.
        owner: The payload's owner.
        authors: Who signed, besides the log.
        index: Its place.

    Raises:
        IntegrityError: Nobody of the owner signed what only the owner can say, or somebody else's author did.
    """
    owners = {author.owner for author in authors}
    if type_ == "policy":
        return
    # What the centre says, authors of either side may sign together.
    if owner != CENTRE and owners - {owner}:
        raise IntegrityError(
            "key.owner", f"signed by {', '.join(sorted(owners))}, stated as {owner}'s", where=f"entry {index}"
        )
    if type_ in AUTHORED and owner != CENTRE and not authors:
        raise IntegrityError("key.author", f"nobody of {owner} signed this {type_}", where=f"entry {index}")
