"""The read models: replaced whole, read as known at a moment, dumped the same whoever wrote them in what order."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.adapters.sqlite.read_models import SqliteReadModels
from truceline.app.dumping import dump
from truceline.core.errors import ConflictError, InputError
from truceline.core.filters import Filter
from truceline.core.release import Realm
from truceline.core.rows import MODELS, Recipient, Row
from truceline.testing.ledger_store import make_statements, open_log

NOON = datetime(2020, 11, 16, 12, tzinfo=UTC)
JUST_AFTER = datetime(2020, 11, 16, 12, 0, 0, 500_000, tzinfo=UTC)


def claim(row_id: str, text: str, known_at: datetime | None = NOON) -> Row:
    return Row(
        row_id, "casualties", {"id": row_id, "evidence": {"text": text}, "p": 0.25}, known_at, words=text
    )


def found(models: SqliteReadModels, words: str) -> list[Any]:
    return list(models.find("claims", Filter(words=words), Recipient("public", Realm.DEMO)).values)


@pytest.fixture
def models(tmp_path: Path) -> SqliteReadModels:
    return SqliteReadModels(connect(tmp_path / "store.db"))


def test_values_come_back_in_the_order_in_which_they_were_put(models: SqliteReadModels) -> None:
    models.replace_all({"claims": [claim("c2", "two"), claim("c1", "one")], "rejected": []})
    assert [value["id"] for value in models.list("claims")] == ["c2", "c1"]
    assert models.get("claims", "c1") == {"id": "c1", "evidence": {"text": "one"}, "p": 0.25}
    assert models.get("claims", "c3") is None
    assert (models.count("claims"), models.count("rejected")) == (2, 0)


def test_as_known_at_leaves_out_what_was_not_known_and_what_has_no_moment(models: SqliteReadModels) -> None:
    rows = [claim("now", "x"), claim("later", "x", JUST_AFTER), claim("never", "x", None)]
    models.replace_all({"claims": rows})
    assert [value["id"] for value in models.list("claims", known_at=NOON)] == ["now"]
    assert [value["id"] for value in models.list("claims", known_at=JUST_AFTER)] == ["now", "later"]
    assert len(list(models.list("claims"))) == 3
    assert list(models.list("claims", kind="attack")) == []


def test_put_replaces_by_id_and_keeps_the_place(models: SqliteReadModels) -> None:
    models.replace_all({"claims": [claim("c1", "old words"), claim("c2", "x")]})
    models.put("claims", [claim("c1", "new words"), claim("c3", "y")])
    assert [value["id"] for value in models.list("claims")] == ["c1", "c2", "c3"]
    assert [value["id"] for value in found(models, "words")] == ["c1"]
    assert list(found(models, "old")) == []


def test_a_replacement_that_fails_leaves_the_old_rows(models: SqliteReadModels) -> None:
    models.replace_all({"claims": [claim("c1", "kept")], "reports": [Row("r1", "article", {})]})
    with pytest.raises(ConflictError):
        models.replace_all({"reports": [], "claims": [claim("c2", "a"), claim("c2", "b")]})
    assert [value["id"] for value in models.list("claims")] == ["c1"]
    assert models.count("reports") == 1
    assert [value["id"] for value in found(models, "kept")] == ["c1"]


def test_claims_are_found_by_the_words_of_their_evidence(models: SqliteReadModels) -> None:
    models.replace_all(
        {"claims": [claim("ar", "مقتل جنديين في كلبجار"), claim("en", 'two soldiers "killed"')]}
    )
    assert [value["id"] for value in found(models, "كلبجار")] == ["ar"]
    assert [value["id"] for value in found(models, "Soldiers killed")] == ["en"]
    for odd in ('"', "NEAR(", "a AND", "*", "words:x", "\0", "  "):
        assert list(found(models, odd)) == []


def test_an_unknown_model_is_refused_by_name(models: SqliteReadModels) -> None:
    with pytest.raises(InputError, match="no read model"):
        models.count("claims; DROP TABLE model_claims")


def test_the_dump_is_the_same_whatever_the_order_of_writing(tmp_path: Path) -> None:
    dumps = []
    for name, order in (("a", 1), ("b", -1)):
        connection = connect(tmp_path / name / "store.db")
        models = SqliteReadModels(connection)
        models.replace_all(
            {model: [Row(f"{model}-1", "k", {"lon": 46.5}, NOON)] for model in MODELS[::order]}
        )
        models.put("claims", [claim("c1", "ا"), claim("c2", "b")][::order])
        log = open_log(SqliteLedgerStore(connection), SqliteBlobs(connection))
        log.append(make_statements(0, 3))
        dumps.append(list(dump(SqliteReadModels(connection), SqliteLedgerStore(connection))))
    assert dumps[0] == dumps[1]
    assert len(dumps[0]) == len(MODELS) + 2 + 3 + 1
    assert all(b"\n" not in line for line in dumps[0])


def test_a_change_takes_away_adds_and_says_how_far_the_models_follow(models: SqliteReadModels) -> None:
    models.replace_all({"claims": [claim("c1", "old words"), claim("c2", "x")]}, 7)
    assert models.upto() == 7
    models.change({"claims": [claim("c1", "new words"), claim("c3", "y")]}, {"claims": ["c2", "never"]}, 9)
    assert [value["id"] for value in models.list("claims")] == ["c1", "c3"]
    assert [value["id"] for value in found(models, "words")] == ["c1"]
    assert found(models, "x") == []
    assert models.upto() == 9
    models.change({}, {"claims": ["c1"]})
    assert (models.count("claims"), models.upto(), found(models, "new")) == (1, 9, [])


def test_a_change_that_fails_changes_nothing(models: SqliteReadModels) -> None:
    models.replace_all({"claims": [claim("c1", "kept")]}, 3)
    with pytest.raises(InputError):
        models.change({"claims": [claim("c2", "x")], "nothing": []}, {"claims": ["c1"]}, 4)
    assert [value["id"] for value in models.list("claims")] == ["c1"]
    assert models.upto() == 3


def test_models_that_nobody_filled_follow_nothing(models: SqliteReadModels) -> None:
    assert models.upto() == 0
