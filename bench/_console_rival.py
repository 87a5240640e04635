# ruff: noqa: S608 - tables and columns are names of our own
"""The rival: FastAPI on uvicorn over SQLite with the indexes that one would make, answering the addresses that we answer.

Runs in an environment of its own (.build/rival). It asks nobody to sign in and writes no audit; the release gate is part
of its questions as it is of ours. Usage: _console_rival.py fill STORE FILE, or _console_rival.py serve FILE PORT.
"""

import json
import sqlite3
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

MODELS = ("claims", "incidents")
_GATE = "(release = 'public' OR release = 'joint' OR owner = 'A')"
_FIELDS = "id, kind, known_at, start_at, end_at, lon, lat, zone, state, owner, release, value"


def fill(store: Path, file: Path) -> None:
    """Copy the rows of a store into a file of the rival's own."""
    database = sqlite3.connect(file)
    database.execute("ATTACH ? AS theirs", (str(store),))
    database.execute("PRAGMA journal_mode=WAL")
    for model in MODELS:
        database.execute(f"CREATE TABLE {model} AS SELECT place, {_FIELDS} FROM theirs.model_{model}")
        database.execute(f"CREATE UNIQUE INDEX {model}_id ON {model} (id)")
        for columns in ("known_at", "start_at", "kind, state, known_at", "state, known_at", "zone, start_at"):
            name = columns.replace(", ", "_")
            database.execute(f"CREATE INDEX {model}_{name} ON {model} ({columns})")
        database.execute(f"CREATE VIRTUAL TABLE {model}_box USING rtree(place, west, east, south, north)")
        database.execute(
            f"INSERT INTO {model}_box SELECT place, lon, lon, lat, lat FROM {model} WHERE lon IS NOT NULL"
        )
        database.execute(f"CREATE UNIQUE INDEX {model}_place ON {model} (place)")
        database.execute(
            f"CREATE VIRTUAL TABLE {model}_words USING fts5(words, tokenize = 'ascii', detail = 'none')"
        )
        database.execute(
            f"INSERT INTO {model}_words (rowid, words) SELECT rowid, words FROM theirs.model_{model}_words"
        )
        database.commit()
    database.execute("ANALYZE")
    database.commit()


def where_of(model: str, asked: dict[str, str]) -> tuple[str, list[Any]]:
    """Say in SQL what an address asks for."""
    parts, values = [_GATE], list[Any]()
    for name in ("kind", "state", "zone"):
        if name in asked:
            parts.append(f"{name} = ?")
            values.append(asked[name])
    for name, condition in (("since", "coalesce(end_at, start_at) >= ?"), ("until", "start_at < ?")):
        if name in asked:
            parts.append(condition)
            values.append(_sortable(asked[name]))
    if "known_at" in asked:
        parts.append("known_at <= ?")
        values.append(_sortable(asked["known_at"]))
    if "box" in asked:
        west, south, east, north = map(float, asked["box"].split(","))
        parts.append(
            f"place IN (SELECT place FROM {model}_box WHERE west >= ? AND east <= ? AND south >= ? AND north <= ?)"
        )
        values += [west, east, south, north]
    if "q" in asked:
        parts.append(f"place IN (SELECT rowid FROM {model}_words WHERE {model}_words MATCH ?)")
        values.append(" AND ".join(f'"{word}"*' for word in asked["q"].split()))
    return " AND ".join(parts), values


def _sortable(moment: str) -> str:
    return datetime.fromisoformat(moment).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def serve(file: Path, port: int) -> None:
    """Answer until ended."""
    import uvicorn  # noqa: PLC0415 - there where it serves
    from fastapi import FastAPI, Request  # noqa: PLC0415
    from fastapi import Path as InPath  # noqa: PLC0415
    from fastapi.responses import JSONResponse  # noqa: PLC0415

    database = sqlite3.connect(file, check_same_thread=False)
    database.execute("PRAGMA cache_size = -200000")
    app = FastAPI()
    entity_ = Annotated[str, InPath(pattern="^(claims|incidents)$")]

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {}

    @app.get("/api/v1/{entity}/tally")
    async def tally(entity: entity_, request: Request) -> JSONResponse:
        asked = dict(request.query_params)
        condition, values = where_of(entity, asked)
        by = asked.get("by", "kind")
        if by not in {"kind", "state", "zone"}:
            return JSONResponse({}, 400)
        rows = database.execute(
            f"SELECT {by}, count(*) FROM {entity} WHERE {condition} GROUP BY 1 ORDER BY 2 DESC", values
        )
        return JSONResponse({str(word): n for word, n in rows})

    @app.get("/api/v1/{entity}/{id_}")
    async def one(entity: entity_, id_: str) -> JSONResponse:
        row = database.execute(f"SELECT value FROM {entity} WHERE id = ? AND {_GATE}", (id_,)).fetchone()
        return JSONResponse(json.loads(row[0]) if row else None, 200 if row else 404)

    @app.get("/api/v1/{entity}")
    async def page(entity: entity_, request: Request) -> JSONResponse:
        asked = dict(request.query_params)
        condition, values = where_of(entity, asked)
        by = "start_at" if asked.get("order") == "happened" else "known_at"
        rows = database.execute(
            f"SELECT value FROM {entity} WHERE {condition} ORDER BY {by} DESC, place DESC LIMIT ?",
            (*values, int(asked.get("limit", "50"))),
        )
        return JSONResponse({"items": [json.loads(row[0]) for row in rows], "after": None})

    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        fill(Path(sys.argv[2]), Path(sys.argv[3]))
    else:
        serve(Path(sys.argv[2]), int(sys.argv[3]))
