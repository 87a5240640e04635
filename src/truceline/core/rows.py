"""Rows of the read models, and the port by which every store keeps and finds them: made from the record, thrown away at will."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, overload

import msgspec

from truceline.core.errors import InputError
from truceline.core.filters import Filter
from truceline.core.release import CENTRE, PUBLIC, Realm

MODELS = (
    "reports",
    "claims",
    "incidents",
    "obligations",
    "counters",
    "features",
    "rejected",
    "notices",
    "watches",
)
"""The read models, each a table ``model_<name>``."""

SEARCHED = ("reports", "claims", "incidents", "notices")
"""The models whose words can be searched."""


def check_model(name: str) -> str:
    """Return the name of a read model, or say that it is none.

    Args:
        name: The name.

    Returns:
        The name.

    Raises:
        InputError: There is no such model.
    """
    if name not in MODELS:
        raise InputError(
            "model.unknown", f"there is no read model '{name}'", todo="one of " + ", ".join(MODELS)
        )
    return name


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a read model: the thing itself, and the columns by which it is found and released.

    Args:
        id: Unique within its model.
        kind: What it is within its model, for example a claim's type.
        value: The thing itself as JSON values.
        known_at: When the mission could know it; None where nothing says.
        start_at: When it was so, from; None open or unknown.
        end_at: When it was so, to (exclusive); None open or unknown.
        lon: Degrees east (WGS 84), or None.
        lat: Degrees north, or None.
        zone: Slug of the zone it lies in, or None.
        state: Where it is in its life: a claim's review, an incident's state, an obligation's status; or None.
        owner: Whose it is.
        release: How far it may travel; see `core.release.check_release`.
        realm: The world that it belongs to.
        words: What a search looks through; folded by the store.
    """

    id: str
    kind: str
    value: Mapping[str, Any]
    known_at: datetime | None = None
    start_at: datetime | None = None
    end_at: datetime | None = None
    lon: float | None = None
    lat: float | None = None
    zone: str | None = None
    state: str | None = None
    owner: str = CENTRE
    release: str = PUBLIC
    realm: Realm = Realm.DEMO
    words: str = ""


_DECODER: msgspec.json.Decoder[Any] = msgspec.json.Decoder()


def encode_value(value: Mapping[str, Any]) -> str:
    """Write a row's value as JSON, keys in order, as stores keep it.

    Args:
        value: The value.

    Returns:
        The text.

    Raises:
        InputError: The value has no JSON form.
    """
    try:
        text = json.dumps(
            dict(value), ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":")
        )
        text.encode("utf-8")
    except (TypeError, ValueError) as error:
        raise InputError("model.value", f"a value has no JSON form: {error}") from error
    return text


def decode_value(text: str | bytes) -> dict[str, Any]:
    """Read what `encode_value` wrote."""
    # nine times as fast as the standard library's, and a page of the map is five hundred values
    value: dict[str, Any] = _DECODER.decode(text)
    return value


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who rows are put before: the one predicate that every store asks of every row (MISSION rules 19 to 21).

    Args:
        word: See `core.release.check_recipient`.
        realm: The world that is asked from.
        known_by: Nothing that became known later is put before this recipient; None holds nothing back. Whoever
            stands outside receives late (MISSION rule 20).
    """

    word: str
    realm: Realm
    known_by: datetime | None = None


class Written(Sequence[Mapping[str, Any]]):
    """Values as a store wrote them, each read when it is looked at: most pages are handed on without looking.

    Args:
        texts: What `encode_value` wrote, in order; as text, or as its bytes in UTF-8, so that they need not be made again.
    """

    def __init__(self, texts: Iterable[str | bytes]) -> None:
        self.texts = tuple(texts)

    def __len__(self) -> int:
        return len(self.texts)

    @overload
    def __getitem__(self, at: int) -> Mapping[str, Any]: ...

    @overload
    def __getitem__(self, at: slice) -> Written: ...

    def __getitem__(self, at: int | slice) -> Mapping[str, Any] | Written:
        return Written(self.texts[at]) if isinstance(at, slice) else decode_value(self.texts[at])


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a list.

    Args:
        values: The things, in order.
        after: Where the next page begins; None where this is the last one.
    """

    values: Sequence[Mapping[str, Any]]
    after: str | None = None


class ReadModels(Protocol):
    """What keeps and finds rows. Every implementation passes ``truceline.testing.read_models``."""

    def replace_all(self, models: Mapping[str, Iterable[Row]], upto: int | None = None) -> None:
        """Put new rows in place of all rows of some models, and keep how far they follow, in one transaction."""

    def change(
        self, put: Mapping[str, Iterable[Row]], drop: Mapping[str, Collection[str]], upto: int | None = None
    ) -> None:
        """Take rows away and add or replace rows of some models, and keep how far they follow, in one transaction."""

    def upto(self) -> int:
        """Return how many entries of the record the models follow; 0 where that was never said."""

    def put(self, model: str, rows: Iterable[Row]) -> None:
        """Add rows to a model; a row whose id is there takes the old one's place."""

    def get(self, model: str, row_id: str, recipient: Recipient | None = None) -> dict[str, Any] | None:
        """Return one value; None where there is none, or none that the recipient may have."""

    def texts(
        self, model: str, *, kind: str | None = None, known_at: datetime | None = None
    ) -> Iterator[str]:
        """Give all values of a model as the JSON that is kept, in the order in which they were put there."""

    def list(
        self, model: str, *, kind: str | None = None, known_at: datetime | None = None
    ) -> Iterator[dict[str, Any]]:
        """Give all values of a model in the order in which they were put there."""

    def find(
        self, model: str, asked: Filter, recipient: Recipient, *, after: str | None = None, limit: int = 50
    ) -> Page:
        """Give a page of what was asked for and may be put before the recipient, newest first."""

    def tally(self, model: str, asked: Filter, recipient: Recipient, by: str = "kind") -> dict[str, int]:
        """Count what `find` would give, by a column (``kind``, ``state``, ``zone``); None counts under ``""``."""

    def count(self, model: str) -> int:
        """Return how many rows a model has."""

    def let_out(self, delay_h: int, coarse_m: int) -> None:
        """Keep how late (hours) and how coarse (metres) other programs are shown what is public, where they read the store."""

    def lines(self) -> Iterator[bytes]:
        """Give every row as a line of canonical JSON, by model and then by id."""
