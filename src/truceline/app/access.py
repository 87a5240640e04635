"""Who is there: sessions, tokens of programs and the audit. Everything is asked anew at each request, so that a change counts at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from truceline.app import wiring
from truceline.app.wiring import (
    AccessDatabase,
    Ceremony,
    Deed,
    Hashing,
    KeptToken,
    NoteStore,
    PeopleStore,
    SessionStore,
    TrailStore,
)
from truceline.core.access import ACTS, ENTITIES, Rights, Viewer, lessened
from truceline.core.accounts import Account, Session, SignInRules, agent_family
from truceline.core.errors import InputError
from truceline.core.release import Realm

FILE = "access.db"
"""The file's name, beside the store."""
_TOKEN_MARK = "tl_"  # noqa: S105 - by it a leaked token is found
"""How a program's token begins, so that one that leaked is found."""
_TOKEN_ID = 8


@dataclass
class Access:
    """The accounts of one centre.

    Args:
        database: The open file.
        rights: The policy of roles.
        watched: Entities whose reading is written down.
        rules: The rules of signing in.
        hashing: Hashes passwords.
        ceremony: Asks for passkeys and checks them.
        realm: The world that the centre belongs to.
        clock: Tells the time.
    """

    database: AccessDatabase
    rights: Rights
    watched: frozenset[str]
    rules: SignInRules
    hashing: Hashing
    ceremony: Ceremony
    realm: Realm
    clock: Callable[[], datetime]
    keys: dict[str, bytes] = field(default_factory=dict)
    """Hash of a session's token -> its owner's private key, as long as this process lives."""
    demo_links: dict[str, str] = field(default_factory=dict)
    """Hash of a demo link's word -> whom it signs in; no other realm has any."""
    demo_keys: dict[str, bytes] = field(default_factory=dict)
    """Officer of a demo -> the private key, opened once: the password that opens it is published."""
    people: PeopleStore = field(init=False)
    sessions: SessionStore = field(init=False)
    trail: TrailStore = field(init=False)
    notes: NoteStore = field(init=False)

    def __post_init__(self) -> None:
        self.people = PeopleStore(self.database)
        self.sessions = SessionStore(self.database)
        self.trail = TrailStore(self.database)
        self.notes = NoteStore(self.database)

    def begin(self, number: str, agent: str, private: bytes | None, *, old: str = "") -> str:
        """Begin a session; every one begins with a new token.

        Args:
            number: Whose it is.
            agent: The header ``User-Agent``.
            private: The owner's private key, kept in memory alone; None where there is none.
            old: The token of the session that it takes the place of, or empty.

        Returns:
            The token.
        """
        now = self.clock()
        token = wiring.token_text()
        key = wiring.token_hash(token)
        with self.database.writing():
            self.sessions.end_old(now - self.rules.idle, now - self.rules.longest)
            if old:
                self.end(wiring.token_hash(old))
            self.sessions.begin(Session(key, number, agent_family(agent), now, now))
        if private is not None:
            self.keys[key] = private
        return token

    def session(self, token: str, agent: str) -> Session | None:
        """Return the session of a token, and let it go on; None where it ended or another browser bears it.

        Args:
            token: What the cookie holds.
            agent: The header ``User-Agent``.

        Returns:
            The session.
        """
        if not token:
            return None
        found = self.sessions.find(wiring.token_hash(token))
        if found is None:
            return None
        now = self.clock()
        is_over = now - found.seen_at > self.rules.idle or now - found.begun_at > self.rules.longest
        if is_over or agent_family(agent) != found.agent:
            self.end(found.key)
            return None
        if now - found.seen_at >= self.rules.seen_every:
            self.sessions.see(found.key, now)
        return found

    def viewer(self, number: str) -> Viewer | None:
        """Return who a number is now; None where the account is shut, gone, or its role is."""
        account = self.people.find(number)
        if account is None or account.is_disabled or account.role not in self.rights:
            return None
        return self.viewer_of(account)

    def viewer_of(self, account: Account) -> Viewer:
        """Return an account as the rights know it."""
        languages = (account.language,) if account.language else ()
        return Viewer(account.number, self.rights[account.role], account.side, languages)

    def end(self, key: str) -> None:
        """End a session by the hash of its token."""
        self.keys.pop(key, None)
        self.sessions.end(key)

    def end_all(self, number: str, but: str = "") -> None:
        """End all sessions of a number but one."""
        for one in self.sessions.of(number):
            if one.key != but:
                self.end(one.key)

    def make_token(
        self, viewer: Viewer, reads: frozenset[str], does: frozenset[str], days: int
    ) -> tuple[str, KeptToken]:
        """Make a token by which a program asks in somebody's name, for less than they may.

        Args:
            viewer: In whose name.
            reads: The entities that it reads.
            does: The acts that it does.
            days: How long it lives.

        Returns:
            The token, which is shown once and kept nowhere, and what is kept of it.

        Raises:
            InputError: It would be worth nothing or more than its owner, or live too long.
        """
        most = self.rules.token_longest.days
        if not 1 <= days <= most:
            raise InputError("token.days", f"a token lives 1 to {most} days", where=str(days))
        unknown = sorted((reads - set(ENTITIES)) | (does - set(ACTS)))
        beyond = sorted((reads - viewer.role.reads) | (does - viewer.role.does))
        if unknown or beyond or not (reads or does):
            what = (
                f"the role '{viewer.role.name}' does not reach {', '.join(beyond)}"
                if beyond
                else "a token needs a scope"
            )
            raise InputError("token.scope", what, todo="name entities and acts of the role")
        token = _TOKEN_MARK + wiring.token_text()
        hash_ = wiring.token_hash(token)
        now = self.clock()
        kept = KeptToken(
            hash_[:_TOKEN_ID], viewer.number, reads, does, now + days * (self.rules.token_longest / most)
        )
        self.sessions.put_token(hash_, kept, now)
        return token, kept

    def by_token(self, token: str) -> Viewer | None:
        """Return in whose name a token asks, lessened to its scope; None where it ended or its owner is shut out."""
        kept = self.sessions.token(wiring.token_hash(token), self.clock())
        viewer = self.viewer(kept.number) if kept else None
        return lessened(viewer, kept.reads, kept.does) if kept and viewer else None

    def note(
        self,
        viewer: Viewer | None,
        deed: str,
        *,
        entity: str = "",
        thing: str = "",
        came: str = "page",
        side: str = "",
    ) -> None:
        """Write a line of the audit: who did what to which thing, never what stood there.

        Args:
            viewer: Who; None for nobody in particular.
            deed: What, a word of the catalogue's ``console.deed``.
            entity: What was read, or empty.
            thing: Id of the thing or number of the account that it was done to, or empty.
            came: ``page``, ``token`` or ``command``.
            side: Whose heads see the line; else the viewer's side.
        """
        number, own = (viewer.number, viewer.side) if viewer else ("", "")
        side = side or own
        self.trail.add(Deed(self.clock(), number, side, deed, entity, thing[:120], came))

    def note_read(self, viewer: Viewer, entity: str, thing: str, came: str) -> None:
        """Write down that somebody read something, where that entity is watched."""
        if entity in self.watched:
            self.note(viewer, "read", entity=entity, thing=thing, came=came)

    def audit(self, viewer: Viewer, before: int, limit: int) -> list[tuple[int, Deed]]:
        """Give the audit as far as a viewer may see it: heads see their own side, the protection officer all but workspaces.

        Args:
            viewer: Who asks.
            before: Only lines before this one; 0 for all.
            limit: How many at most.

        Returns:
            Number and line, the newest first.
        """
        if viewer.side:
            return self.trail.newest(limit, before=before, side=viewer.side)
        return self.trail.newest(limit, before=before, without=("workspace",))


def open_access(
    file: Path, realm: Realm, clock: Callable[[], datetime], origins: tuple[str, ...] = ()
) -> Access:
    """Open the accounts of a centre.

    Args:
        file: ``access.db``.
        realm: The world that the centre belongs to.
        clock: Tells the time.
        origins: Addresses under which people reach the service; passkeys are bound to them.

    Returns:
        The accounts.
    """
    rules = wiring.load_sign_in_rules()
    return Access(
        wiring.open_access_database(file), wiring.load_rights(), wiring.load_watched(), rules, Hashing(rules),
        Ceremony(origins), realm, clock,
    )  # fmt: skip
