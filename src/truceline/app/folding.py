"""From acts in the record to rows: the one function by which a running service and a rebuild alike make them.

A thing is made anew from what it was before anybody acted on it and from every entry about it, in order. So it does not
matter whether its entries come one by one or all at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from truceline.app.rowing import batch_row, report_row, report_value
from truceline.app.wiring import Store
from truceline.core.errors import IntegrityError
from truceline.core.lives import Forms
from truceline.core.release import DELEGATIONS, Realm
from truceline.core.rows import Row
from truceline.ledger.entry import parse_payload
from truceline.ledger.log import RecordItem

CONSOLE = "console"
"""The stage whose entries are acts of people."""
UNDO, IN_ERROR, RELEASE = "undo", "error", "release"
ENTER, WATCH = "enter", "watch"

_OVERLAID = ("version", "history", "struck")
_MODEL_OF = {"claim": "claims", "report": "reports", "notice": "notices"}
_TYPE_OF = {"claims": "claim", "reports": "report", "notices": "notice", "watches": "report"}

Thing = tuple[str, str]
"""Read model and id."""
Values = Callable[[str, str], Mapping[str, Any] | None]


@dataclass
class Change:
    """Rows that take the place of others, and ids that are there no more."""

    put: dict[str, dict[str, Row]] = field(default_factory=dict)
    drop: dict[str, dict[str, None]] = field(default_factory=dict)

    def set(self, model: str, row: Row) -> None:
        """Put a row."""
        self.put.setdefault(model, {})[row.id] = row
        self.drop.get(model, {}).pop(row.id, None)

    def remove(self, model: str, id_: str) -> None:
        """Take a row away."""
        self.drop.setdefault(model, {})[id_] = None
        self.put.get(model, {}).pop(id_, None)


def is_act(item: RecordItem) -> bool:
    """Say whether an entry is an act of a person at the console."""
    by = (item.payload or {}).get("by")
    return isinstance(by, dict) and by.get("stage") == CONSOLE


def thing_of(item: RecordItem) -> Thing | None:
    """Return what an act is about; None where the entry is no act."""
    if not is_act(item) or item.payload is None:
        return None
    body = item.payload["body"]
    if item.type in {"correction", "disclosure"}:
        return str(body["model"]), item.id
    if item.type == "report" and body.get("kind") == WATCH:
        return "watches", item.id
    return (_MODEL_OF[item.type], item.id) if item.type in _MODEL_OF else None


def claims_batch(report: str) -> str:
    """Return the name of the batch that holds the claims of one entered report."""
    return f"claims/{report}"


def voided(acts: Sequence[RecordItem]) -> tuple[set[int], dict[int, RecordItem]]:
    """Work out which acts of a thing count no more.

    Args:
        acts: The entries about it, in order.

    Returns:
        Places of those that were undone, which are shown as never on screen; and of those that were entered in error,
        with the correction that says so, which stay in sight struck through.
    """
    gone: set[int] = set()
    struck: dict[int, RecordItem] = {}
    for item in reversed(acts):
        if item.type != "correction" or item.index in gone or item.index in struck or item.payload is None:
            continue
        body = item.payload["body"]
        if body["step"] == UNDO:
            gone.add(body["of"])
            struck.pop(body["of"], None)
        elif body["of"] not in gone:
            struck[body["of"]] = item
    return gone, struck


def telling(item: RecordItem) -> dict[str, Any]:
    """Return what the history of a thing says of an act."""
    payload = item.payload or {}
    body = payload.get("body", {})
    told = {
        "entry": item.index,
        "act": body.get("step"),
        "by": (payload.get("by") or {}).get("officer"),
        "owner": payload.get("owner"),
        "at": payload.get("known_at"),
    }
    return told | {key: body[key] for key in ("reason", "to", "of") if key in body}


class Folder:
    """Makes rows of acts from a store's record and evidence.

    Args:
        store: The open store.
        forms: The tables of states.
        values: Gives the value that a read model holds now, or None.
        realm: The world of the store.
        read: Entries that were read already, so that they are not read again.
    """

    def __init__(
        self, store: Store, forms: Forms, values: Values, realm: Realm, read: Iterable[RecordItem] = ()
    ) -> None:
        self._store = store
        self._forms = forms
        self._values = values
        self._realm = realm
        self._read = {item.index: item for item in read}
        self.change = Change()

    def fold(self, things: Iterable[Thing]) -> Change:
        """Make things anew.

        Args:
            things: Which.

        Returns:
            What changes in the read models.
        """
        work = {
            "reports": self._report, "claims": self._claim_by_id, "notices": self._notice, "watches": self._watch,
        }  # fmt: skip
        for model, id_ in dict.fromkeys(things):
            work[model](id_)
        return self.change

    def about(self, id_: str, model: str) -> list[RecordItem]:
        """Return the acts about a thing, in order."""
        names = [(word, id_) for word in (_TYPE_OF[model], "correction", "disclosure")]
        rounds = self._store.ledger.rounds(names)
        places = sorted(index for found in rounds.values() for _, index in found.values())
        found = [self._item(index) for index in places]
        return [item for item in found if is_act(item)]

    def _item(self, index: int) -> RecordItem:
        if index in self._read:
            return self._read[index]
        entry = self._store.ledger.entry(index)
        blob = self._store.payloads.get(entry.payload_sha256)
        return RecordItem(
            index, entry.type, entry.id, entry.round, None if blob is None else parse_payload(blob)
        )

    def _value(self, model: str, id_: str) -> Mapping[str, Any] | None:
        row = self.change.put.get(model, {}).get(id_)
        if row is not None:
            return row.value
        return None if id_ in self.change.drop.get(model, {}) else self._values(model, id_)

    def _evidence(self, sha256: str) -> bytes | None:
        try:
            return self._store.evidence.get(sha256)
        except IntegrityError:
            return None

    def _report(self, id_: str) -> None:
        acts = self.about(id_, "reports")
        gone, struck = voided(acts)
        # words that were undone may be entered again, and are the same report
        came = [item for item in acts if item.type == "report"]
        entered = next((item for item in came if item.index not in gone), came[0] if came else None)
        held = self._value("reports", id_)
        if entered is not None and entered.payload is not None:
            value = report_value(entered.payload)
            form = self._evidence(value["sha256"]) if value["kind"] == "observation" else None
            if form is not None:
                value["entered"] = json.loads(form)
            value["state"] = self._forms.lives["observation"].start
            claims = self._claims_of(id_)
        elif held is not None:
            value = _before(held)
            claims = {
                one: _before(old) for one in value.get("claims", ()) if (old := self._value("claims", one))
            }
        else:
            return
        if entered is not None and entered.index in gone:
            self.change.remove("reports", id_)
            for one in claims:
                self._remove_claim(one)
            return
        history = [_origin(value)] if entered is None else []
        for item in acts:
            if item.index in gone or item.type == "correction":
                continue
            history.append(_told(item, struck))
            if item.type == "disclosure" and item.index not in struck and item.payload is not None:
                value["release"] = item.payload["body"]["to"]
        value |= {"history": history, "version": acts[-1].index, "claims": list(claims)}
        if entered is not None and entered.index in struck:
            value |= {"struck": telling(struck[entered.index])["at"], "state": "in_error"}
        self.change.set("reports", report_row(value))
        for base in claims.values():
            self._claim(base, value)

    def _claims_of(self, report: str) -> dict[str, Mapping[str, Any]]:
        """Return the claims of an entered report as they were before anybody acted on them."""
        rounds = self._store.ledger.rounds([("batch", f"batch:{claims_batch(report)}")])
        places = sorted(index for found in rounds.values() for _, index in found.values())
        payload = self._item(places[-1]).payload if places else None
        data = self._evidence(payload["body"]["sha256"]) if payload else None
        return {str(one["id"]): one for one in map(json.loads, (data or b"").splitlines())}

    def _claim_by_id(self, id_: str) -> None:
        value = self._value("claims", id_)
        while value is not None and "mends" in value:
            value = self._value("claims", str(value["mends"]))
        if value is None:
            return  # its report was undone
        self._claim(_before(value), self._value("reports", str(value["report"])))

    def _claim(
        self, base: Mapping[str, Any], report: Mapping[str, Any] | None, struck_at: str | None = None
    ) -> None:
        """Make a claim anew, and the mended copies that came of it."""
        value = dict(base)
        acts = self.about(str(base["id"]), "claims")
        gone, struck = voided(acts)
        history: list[dict[str, Any]] = [_origin(base)]
        life = self._forms.lives["claim"]
        for item in acts:
            if item.type != "claim" or item.payload is None:
                continue
            body, is_gone, is_struck = item.payload["body"], item.index in gone, item.index in struck
            if not is_gone:
                history.append(_told(item, struck))
            if not (is_gone or is_struck):
                state = life.steps.get((body["step"], value["review"]["state"]))
                if state is not None:
                    by = item.payload["by"]["officer"]
                    value["review"] = {"state": state, "by": by, "known_at": item.payload["known_at"]}
            if "mended_sha256" in body:
                mended = self._evidence(body["mended_sha256"])
                if is_gone:
                    self._remove_claim(str(body["mended"]))
                elif mended is not None:
                    at = str(telling(struck[item.index])["at"]) if is_struck else struck_at
                    self._claim(json.loads(mended), report, at)
        struck_at = struck_at or (report or {}).get("struck")
        if struck_at:
            value["review"] = {**value["review"], "state": "rejected", "known_at": struck_at}
            value["struck"] = struck_at
        if report is not None:
            value["release"] = report["release"]
        if acts or struck_at or value["release"] != base["release"]:
            value |= {"history": history}
        if acts:
            value["version"] = acts[-1].index
        self.change.set("claims", batch_row("claims", 0, value, self._realm))

    def _remove_claim(self, id_: str) -> None:
        for item in self.about(id_, "claims"):
            mended = (item.payload or {}).get("body", {}).get("mended")
            if mended:
                self._remove_claim(str(mended))
        self.change.remove("claims", id_)

    def _notice(self, id_: str) -> None:
        acts = self.about(id_, "notices")
        gone, struck = voided(acts)
        issued = next((item for item in acts if (item.payload or {})["body"].get("step") == "issue"), None)
        if issued is None or issued.payload is None or issued.index in gone:
            self.change.remove("notices", id_)
            return
        payload, body = issued.payload, issued.payload["body"]
        life = self._forms.lives["notice"]
        value: dict[str, Any] = {
            "id": id_, "kind": body["phrase"], "phrase": body["phrase"], "place": body["place"],
            "since": body["since"], "words": body["words"], "by": payload["by"]["officer"],
            "state": life.start, "read_back": {}, "stood_down": None,
        }  # fmt: skip
        value |= {key: payload[key] for key in ("owner", "release", "realm", "known_at", "valid_at")}
        history = []
        for item in acts:
            if item.type != "notice" or item.index in gone or item.payload is None:
                continue
            told = _told(item, struck)
            history.append(told)
            step = item.payload["body"]["step"]
            if item.index in struck or step == "issue":
                continue
            if step == "read_back":
                own = {"by": told["by"], "at": told["at"]}
                value["read_back"] = {**value["read_back"], str(told["owner"]): own}
            if step != "read_back" or set(value["read_back"]) >= set(DELEGATIONS):
                value["state"] = life.steps.get((step, value["state"]), value["state"])
            if step == "stand_down":
                value["stood_down"] = {key: told.get(key) for key in ("by", "owner", "at", "reason")}
        if issued.index in struck:
            value |= {"state": "in_error", "struck": telling(struck[issued.index])["at"]}
        self.change.set("notices", report_row({**value, "history": history, "version": acts[-1].index}))

    def _watch(self, id_: str) -> None:
        acts = self.about(id_, "watches")
        gone, struck = voided(acts)
        taken = next((item for item in acts if (item.payload or {})["body"].get("step") == "take"), None)
        if taken is None or taken.payload is None or taken.index in gone:
            self.change.remove("watches", id_)
            return
        life = self._forms.lives["watch"]
        body = taken.payload["body"]
        value = report_value(taken.payload) | {
            "by": taken.payload["by"]["officer"], "state": life.start, "until": None,
            "lines": json.loads(self._evidence(body["sha256"]) or b'{"lines": []}')["lines"],
        }  # fmt: skip
        history = []
        for item in acts:
            if item.type != "report" or item.index in gone or item.payload is None:
                continue
            told = _told(item, struck)
            history.append(told)
            step = item.payload["body"]["step"]
            if item.index in struck or step == "take":
                continue
            value["state"] = life.steps.get((step, value["state"]), value["state"])
            if step == "end":
                value["until"] = told["at"]
            else:
                handed = self._evidence(item.payload["body"]["sha256"]) or b'{"lines": []}'
                value["handed_over"] = {"at": told["at"], "lines": json.loads(handed)["lines"]}
        if taken.index in struck:
            value |= {"state": "in_error", "struck": telling(struck[taken.index])["at"]}
        self.change.set("watches", report_row({**value, "history": history, "version": acts[-1].index}))


def _told(item: RecordItem, struck: Mapping[int, RecordItem]) -> dict[str, Any]:
    told = telling(item)
    if item.index in struck:
        told["in_error"] = telling(struck[item.index])
    return told


def _origin(value: Mapping[str, Any]) -> dict[str, Any]:
    """Keep of a thing what acts may change, so that what it was before can be told from it."""
    return {"entry": None, "act": "read", "review": value.get("review"), "release": value["release"]}


def _before(value: Mapping[str, Any]) -> dict[str, Any]:
    """Return a thing as it was before anybody acted on it."""
    before = {key: item for key, item in value.items() if key not in _OVERLAID}
    for line in value.get("history", ())[:1]:
        if line["entry"] is None:
            before["release"] = line["release"]
            if line["review"] is not None:
                before["review"] = line["review"]
    return before
