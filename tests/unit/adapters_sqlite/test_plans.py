"""What is asked of the record at every act is looked up: a record of a million entries answers as one of ten."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore


def test_no_question_of_an_act_reads_the_record_through(tmp_path: Path) -> None:
    connection = connect(tmp_path / "store.db")
    store, blobs = SqliteLedgerStore(connection), SqliteBlobs(connection)
    asked = list[str]()
    connection.set_trace_callback(asked.append)
    store.rounds([("report", f"report_{n}") for n in range(300)])
    blobs.put([b"one", b"two"])
    blobs.get("0" * 64)
    connection.set_trace_callback(None)
    plans = [
        str(step[3])
        for question in asked
        if question.lstrip().startswith(("SELECT", "WITH", "INSERT"))
        for step in sqlite3.Connection.execute(connection, f"EXPLAIN QUERY PLAN {question}").fetchall()
    ]
    assert any("SEARCH log_entries" in plan for plan in plans)
    assert [plan for plan in plans if plan.startswith("SCAN log_")] == []
