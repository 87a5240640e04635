"""What the description of the API says beside the routes' own signatures: the one filter, pages, keys and versions."""

from __future__ import annotations

from dataclasses import dataclass

from litestar.openapi.spec import OpenAPIType, Operation, Parameter, Schema

_ASKED = {
    "kind": "Only these kinds, with commas between them.",
    "state": "Only these states, with commas between them.",
    "zone": "Only in these zones, with commas between them.",
    "since": "Only what was so at or after it: 2020-11-16T09:30:00Z.",
    "until": "Only what was so before it.",
    "known_at": "As known then: an instant, or a day.",
    "box": "West,south,east,north in degrees (WGS 84).",
    "q": "All of these words, in any script.",
    "order": "happened or entered; the newest first.",
}
_PAGED = {
    "after": "Where the page begins: what the page before gave.",
    "limit": "How many things at most, 1 to 500.",
    "format": "All of it as a file: geojson, csv, xlsx or gpkg.",
}
_KEY = "Makes the request count once, however often it comes within 24 hours."
_MATCH = "The version of the thing that was seen, as its ETag gave it."


def _text(name: str, where: str, says: str) -> Parameter:
    return Parameter(
        name=name, param_in=where, description=says, required=False, schema=Schema(type=OpenAPIType.STRING)
    )


@dataclass
class Filtered(Operation):
    """An operation that takes the filter."""

    def __post_init__(self) -> None:
        asked = [_text(name, "query", says) for name, says in _ASKED.items()]
        self.parameters = [*(self.parameters or []), *asked]


@dataclass
class Listed(Filtered):
    """An operation that gives pages of what the filter finds, or a file."""

    def __post_init__(self) -> None:
        super().__post_init__()
        paged = [_text(name, "query", says) for name, says in _PAGED.items()]
        self.parameters = [*(self.parameters or []), *paged]


@dataclass
class Acted(Operation):
    """An operation by which people act."""

    def __post_init__(self) -> None:
        headers = [_text("Idempotency-Key", "header", _KEY), _text("If-Match", "header", _MATCH)]
        self.parameters = [*(self.parameters or []), *headers]
