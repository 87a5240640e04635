"""Sessions, tokens of programs, and failures to sign in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from truceline.adapters.accounts.database import AccessDatabase, moment, stamp
from truceline.core.accounts import Session


@dataclass(frozen=True, slots=True)
class KeptToken:
    """A token of a program, as far as it is kept.

    Args:
        id: By which it is listed and taken away.
        number: In whose name it acts.
        reads: The entities that it reads at most.
        does: The acts that it does at most.
        until: When it ends.
    """

    id: str
    number: str
    reads: frozenset[str]
    does: frozenset[str]
    until: datetime


class SessionStore:
    """Keeps sessions, tokens and failures.

    Args:
        database: The open file.
    """

    def __init__(self, database: AccessDatabase) -> None:
        self._database = database

    def begin(self, session: Session) -> None:
        """Keep a new session."""
        self._database.do(
            "INSERT INTO sessions VALUES (?, ?, ?, ?, ?)",
            session.key, session.number, session.agent, stamp(session.begun_at), stamp(session.seen_at),
        )  # fmt: skip

    def find(self, key: str) -> Session | None:
        """Return a session by the hash of its token, ended or not; None where there is none."""
        row = self._database.one(
            "SELECT hash, number, agent, begun_at, seen_at FROM sessions WHERE hash = ?", key
        )
        return None if row is None else _session(row)

    def see(self, key: str, at: datetime) -> None:
        """Write down that a session was used."""
        self._database.do("UPDATE sessions SET seen_at = ? WHERE hash = ?", stamp(at), key)

    def end(self, key: str) -> None:
        """End a session."""
        self._database.do("DELETE FROM sessions WHERE hash = ?", key)

    def end_all(self, number: str, but: str = "") -> None:
        """End all sessions of a number but one."""
        self._database.do("DELETE FROM sessions WHERE number = ? AND hash <> ?", number, but)

    def end_old(self, idle_before: datetime, begun_before: datetime) -> None:
        """Clear away sessions that ended by themselves."""
        self._database.do(
            "DELETE FROM sessions WHERE seen_at < ? OR begun_at < ?", stamp(idle_before), stamp(begun_before)
        )

    def of(self, number: str) -> list[Session]:
        """Return the sessions of a number, the newest first."""
        rows = self._database.all(
            "SELECT hash, number, agent, begun_at, seen_at FROM sessions WHERE number = ? ORDER BY begun_at DESC",
            number,
        )
        return [_session(row) for row in rows]

    def put_token(self, hash_: str, token: KeptToken, at: datetime) -> None:
        """Keep a token's hash and what it may."""
        self._database.do(
            "INSERT INTO tokens VALUES (?, ?, ?, ?, ?, ?, ?)", hash_, token.id, token.number,
            " ".join(sorted(token.reads)), " ".join(sorted(token.does)), stamp(at), stamp(token.until),
        )  # fmt: skip

    def token(self, hash_: str, at: datetime) -> KeptToken | None:
        """Return a token that has not ended; None where there is none."""
        row = self._database.one(
            "SELECT id, number, reads, does, until FROM tokens WHERE hash = ? AND until > ?", hash_, stamp(at)
        )
        return None if row is None else _token(row)

    def tokens(self, number: str) -> list[KeptToken]:
        """Return the tokens of a number."""
        rows = self._database.all(
            "SELECT id, number, reads, does, until FROM tokens WHERE number = ? ORDER BY made_at", number
        )
        return [_token(row) for row in rows]

    def drop_token(self, number: str, id_: str) -> None:
        """Take a token away."""
        self._database.do("DELETE FROM tokens WHERE number = ? AND id = ?", number, id_)

    def failures(self, who: str) -> tuple[int, datetime | None]:
        """Return how often somebody failed, and when last."""
        row = self._database.one("SELECT n, last_at FROM failures WHERE who = ?", who)
        return (0, None) if row is None else (int(row[0]), moment(row[1]))

    def fail(self, who: str, at: datetime, forgotten: timedelta) -> None:
        """Count a failure; those that are long ago are forgotten, so that the file does not grow."""
        with self._database.writing():
            self._database.do("DELETE FROM failures WHERE last_at < ?", stamp(at - forgotten))
            self._database.do(
                "INSERT INTO failures VALUES (?, 1, ?) ON CONFLICT (who) DO UPDATE SET n = n + 1, last_at = excluded.last_at",
                who, stamp(at),
            )  # fmt: skip

    def unfail(self, who: str) -> None:
        """Take back the count of a try that was right."""
        self._database.do("UPDATE failures SET n = n - 1 WHERE who = ? AND n > 0", who)

    def forgive(self, who: str) -> None:
        """Forget somebody's failures."""
        self._database.do("DELETE FROM failures WHERE who = ?", who)


def _session(row: tuple[object, ...]) -> Session:
    key, number, agent, begun_at, seen_at = row
    return Session(str(key), str(number), str(agent), moment(int(str(begun_at))), moment(int(str(seen_at))))


def _token(row: tuple[object, ...]) -> KeptToken:
    id_, number, reads, does, until = row
    words = frozenset(str(reads).split()), frozenset(str(does).split())
    return KeptToken(str(id_), str(number), *words, moment(int(str(until))))
