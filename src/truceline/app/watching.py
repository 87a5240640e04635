"""Taking and handing over the watch: a list made by the machine, confirmed line by line by whoever takes it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from truceline.app.acts import Desk, Plan, recipient_of
from truceline.app.folding import WATCH
from truceline.app.rounds import rounds_of_store
from truceline.core.errors import ConflictError, InputError, TrucelineError
from truceline.core.filters import Filter
from truceline.core.ids import identify
from truceline.core.release import OWNER_ONLY
from truceline.core.times import day_end, format_instant
from truceline.ledger.canonical import jcs_bytes
from truceline.ledger.entry import Statement, sha256_hex

TAKE, HAND_OVER, END = "take", "hand_over", "end"
STANDING = ("standing", "handing_over")
SOON = timedelta(days=7)
"""How far ahead obligations are looked for."""

_MOST = 500


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the list.

    Args:
        key: Names the line; what is confirmed is a key.
        theme: What it is about: ``round``, ``notice``, ``obligation``, ``intake``, or a later register's word.
        id: The thing, or a read model.
        due: When it is due, or None.
        n: How many there are, of what is told as a number.
    """

    key: str
    theme: str
    id: str
    due: str | None = None
    n: int | None = None


Theme = Callable[[Desk], Iterable[Line]]
"""What gives lines for the list: the port through which later registers and feeds add theirs."""


def open_rounds(desk: Desk) -> Iterator[Line]:
    """Give the rounds that have not ended, with the end of their clocks."""
    try:
        found = rounds_of_store(desk.store).at(desk.now)
    except TrucelineError:
        return  # a record without a procedure has no rounds
    for one in found:
        if one.end is None:
            yield Line(f"round:{one.id}", "round", one.id, format_instant(one.due_at))


def unread_notices(desk: Desk) -> Iterator[Line]:
    """Give the notices that stand and that somebody has not read back."""
    recipient = recipient_of(desk.viewer, desk.settings, desk.now)
    asked = Filter(states=("issued",))
    for value in desk.store.models.find("notices", asked, recipient, limit=_MOST).values:
        yield Line(f"notice:{value['id']}", "notice", str(value["id"]))


def obligations_due(desk: Desk) -> Iterator[Line]:
    """Give the obligations that fall due within `SOON`."""
    zone = desk.world.mission.zone
    for value in desk.store.models.list("obligations"):
        due = value.get("due")
        if due and desk.now <= day_end(date.fromisoformat(due), zone) <= desk.now + SOON:
            yield Line(f"obligation:{value['id']}:{due}", "obligation", str(value["id"]), due)


def intake(desk: Desk) -> Iterator[Line]:
    """Tell how many claims nobody has reviewed."""
    recipient = recipient_of(desk.viewer, desk.settings, desk.now)
    n = desk.store.models.tally("claims", Filter(), recipient, by="state").get("machine-read", 0)
    if n:
        yield Line("intake", "intake", "claims", None, n)


THEMES: tuple[Theme, ...] = (open_rounds, unread_notices, obligations_due, intake)
"""Every theme of the list, in its order."""


def hand_over_list(desk: Desk) -> tuple[Line, ...]:
    """Make the list for the viewer's side, as things are now."""
    return tuple(line for theme in THEMES for line in theme(desk))


def standing_watch(desk: Desk) -> Mapping[str, Any] | None:
    """Return the watch that the viewer's side stands now, or None."""
    held = [value for value in desk.store.models.list("watches") if value["owner"] == desk.viewer.owner]
    return next((value for value in reversed(held) if value["state"] in STANDING), None)


@dataclass(frozen=True)
class Take:
    """Taking the watch.

    Args:
        confirmed: Keys of the lines that were confirmed.
        follows: Id of the watch that it follows, or None where the side stands none.
        seen: The version of that watch that was seen.
    """

    confirmed: Sequence[str]
    follows: str | None = None
    seen: int | None = None
    right = "watch"

    @property
    def touches(self) -> frozenset[str]:
        """Everything: the list may hold anything."""
        return frozenset({"*"})

    def plan(self, desk: Desk) -> Plan:
        """Write the list with the act, and the end of the watch before."""
        before = standing_watch(desk)
        if (before["id"] if before else None) != self.follows:
            raise ConflictError(
                "watch.follows", "another watch stands than the one named", where=self.follows or "",
                todo="look at who stands the watch now, and name that watch in 'follows'",
                theirs=None if before is None else {"version": before["version"], "value": before},
            )  # fmt: skip
        if before is not None and before["by"] == desk.viewer.number:
            raise ConflictError("watch.own", "this officer stands the watch already", where=str(before["id"]))
        lines = _confirmed(desk, self.confirmed)
        form = {"lines": [asdict(line) for line in lines]}
        data = jcs_bytes(form)
        identity = {"owner": desk.viewer.owner, "officer": desk.viewer.number, "at": format_instant(desk.now)}
        id_ = identify("report", identity)
        statements: list[Statement] = [_state(desk, id_, TAKE, data, {"follows": self.follows})]
        if before is not None and self.follows is not None:
            desk.fresh("watches", self.follows, self.seen, {"step": TAKE})
            statements.append(_state(desk, self.follows, END, b"", {"by_watch": id_}))
        return Plan(tuple(statements), (data,))


@dataclass(frozen=True)
class HandOver:
    """Handing over the watch, by whoever stands it.

    Args:
        watch: Its id.
        confirmed: Keys of the lines that were confirmed.
        seen: The version that was seen.
    """

    watch: str
    confirmed: Sequence[str]
    seen: int | None
    right = "watch"

    @property
    def touches(self) -> frozenset[str]:
        """Everything: the list may hold anything."""
        return frozenset({"*"})

    def plan(self, desk: Desk) -> Plan:
        """Write the list with the act."""
        value = desk.fresh("watches", self.watch, self.seen, {"step": HAND_OVER})
        if value["by"] != desk.viewer.number:
            raise InputError("watch.other", "somebody else stands this watch", where=self.watch)
        desk.forms.lives["watch"].after(value["state"], HAND_OVER)
        data = jcs_bytes({"lines": [asdict(line) for line in _confirmed(desk, self.confirmed)]})
        return Plan((_state(desk, self.watch, HAND_OVER, data, {}),), (data,))


def _state(desk: Desk, id_: str, step: str, data: bytes, more: Mapping[str, Any]) -> Statement:
    body: dict[str, Any] = {"kind": WATCH, "step": step, **more}
    if data:
        body |= {
            "doc": f"watch-{format_instant(desk.now)}", "sha256": sha256_hex(data), "size": len(data),
            "media_type": "application/json",
        }  # fmt: skip
    return desk.state("report", id_, body, release=OWNER_ONLY)


def _confirmed(desk: Desk, keys: Sequence[str]) -> tuple[Line, ...]:
    lines = hand_over_list(desk)
    open_ = [line for line in lines if line.key not in keys]
    if open_:
        raise ConflictError(
            "watch.lines", f"{len(open_)} of {len(lines)} lines are not confirmed",
            todo="confirm each line of the list as it is now", lines=[asdict(line) for line in lines],
            open=[line.key for line in open_],
        )  # fmt: skip
    return lines
