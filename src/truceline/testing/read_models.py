"""What every keeper of read models must do, as a suite to inherit from.

class TestMine(ReadModelsSuite):
    def open_models(self, folder: Path) -> ReadModels:
        return MyModels(folder / "mine")
"""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from truceline.core.errors import ConflictError, InputError
from truceline.core.filters import ORDERS, Filter
from truceline.core.release import JOINT, PUBLIC, Realm, may_receive
from truceline.core.rows import MODELS, ReadModels, Recipient, Row
from truceline.testing import rows as made
from truceline.testing.ledger_store import expect

NOON = datetime(2020, 11, 16, 12, tzinfo=UTC)
JUST_AFTER = NOON + timedelta(microseconds=500_000)
ANYBODY = Recipient(PUBLIC, Realm.DEMO)
COLUMNS = ("kind", "state", "zone")

_settings = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.differing_executors],
)


def plain(row_id: str, words: str = "", known_at: datetime | None = NOON) -> Row:
    """Make a public row."""
    return Row(row_id, "casualties", {"id": row_id, "p": 0.25}, known_at, words=words)


def walk(
    models: ReadModels, asked: Filter, recipient: Recipient = ANYBODY, limit: int = 50, model: str = "claims"
) -> list[str]:
    """Return the ids on all pages, in order."""
    ids: list[str] = []
    after: str | None = None
    while True:
        page = models.find(model, asked, recipient, after=after, limit=limit)
        expect(len(page.values) <= limit, "no page is longer than was asked for")
        ids += [str(value["id"]) for value in page.values]
        if page.after is None:
            return ids
        expect(len(page.values) == limit, "only the last page is short")
        after = page.after


def ids_of(rows: Sequence[Row]) -> list[str]:
    """Return the ids of rows."""
    return [row.id for row in rows]


class ReadModelsSuite(ABC):
    """The rules of ``core.rows.ReadModels``; inherit and give `open_models`."""

    @abstractmethod
    def open_models(self, folder: Path) -> ReadModels:
        """Open the read models that lie in a folder: new the first time, the same content ever after."""

    @_settings
    @given(st.lists(made.rows, max_size=40), made.filters, made.recipients, st.integers(1, 9))
    def test_what_is_found_is_what_every_row_by_itself_says(
        self, tmp_path: Path, several: list[Row], asked: Filter, recipient: Recipient, limit: int
    ) -> None:
        """What is found is what every row by itself says, on pages of any length, each row once, in order."""
        models, rows = self.open_models(tmp_path), made.distinct(several)
        models.replace_all({"claims": rows})
        wanted = ids_of(made.expected(rows, asked, recipient))
        expect(walk(models, asked, recipient, limit) == wanted, "find gives what was asked for, in order")
        for by in COLUMNS:
            counted = models.tally("claims", asked, recipient, by)
            expect(counted == made.expected_tally(rows, asked, recipient, by), f"tally by {by} equals find")

    @_settings
    @given(
        st.lists(
            st.tuples(
                st.lists(made.rows, max_size=12),
                st.lists(st.integers(0, 40).map("id_{:02d}".format), max_size=8),
            ),
            min_size=1,
            max_size=5,
        ),
        made.filters,
        made.recipients,
    )
    def test_whatever_was_put_and_dropped_is_found_as_it_is_now(
        self, tmp_path: Path, steps: list[tuple[list[Row], list[str]]], asked: Filter, recipient: Recipient
    ) -> None:
        """Whatever was put and dropped is found as it is now, by whoever had it open before too."""
        models, other = self.open_models(tmp_path), self.open_models(tmp_path)
        models.replace_all({"claims": []})
        kept: dict[str, Row] = {}
        for number, (put, drop) in enumerate(steps):
            for id_ in drop:
                kept.pop(id_, None)
            kept |= {row.id: row for row in put}
            models.change({"claims": put}, {"claims": drop}, number)
            rows = list(kept.values())
            wanted = ids_of(made.expected(rows, asked, recipient))
            for one in (models, other):
                expect(walk(one, asked, recipient, 7) == wanted, "a list shows the last change")
                counted = one.tally("claims", asked, recipient, "kind")
                expect(counted == made.expected_tally(rows, asked, recipient, "kind"), "so does a tally")
                expect([value["id"] for value in one.list("claims")] == list(kept), "rows keep their places")
                expect(one.count("claims") == len(kept), "rows are counted as they are")
                expect(one.upto() == number, "how far the models follow is seen by all")

    def test_the_gate_lets_out_what_may_be_received_and_nothing_else(self, tmp_path: Path) -> None:
        """The gate lets out what may be received and nothing else: every recipient, owner, mark and realm."""
        models = self.open_models(tmp_path)
        rows = [
            Row(f"{owner}/{mark}/{realm}", "k", {"id": f"{owner}/{mark}/{realm}"}, NOON, owner=owner,
                release=mark, realm=realm)
            for owner, mark, realm in itertools.product(made.OWNERS, made.MARKS, Realm)
        ]  # fmt: skip
        models.replace_all({"claims": rows})
        for word, realm in itertools.product(made.RECIPIENTS, Realm):
            recipient = Recipient(word, realm)
            allowed = {
                row.id
                for row in rows
                if may_receive(word, owner=row.owner, release=row.release, realm=row.realm, of_realm=realm)
            }
            expect(set(walk(models, Filter(), recipient, 500)) == allowed, f"lists for {word} in {realm}")
            got = {row.id for row in rows if models.get("claims", row.id, recipient) is not None}
            expect(got == allowed, f"single things for {word} in {realm}")
            n_counted = sum(models.tally("claims", Filter(), recipient).values())
            expect(n_counted == len(allowed), f"tallies for {word} in {realm}")

    def test_nobody_unknown_is_given_anything(self, tmp_path: Path) -> None:
        """Nobody unknown is given anything."""
        models = self.open_models(tmp_path)
        models.replace_all({"claims": [plain("c1")]})
        with pytest.raises(InputError):
            models.find("claims", Filter(), Recipient("everybody", Realm.DEMO))
        with pytest.raises(InputError):
            models.get("claims", "c1", Recipient("centre", Realm.DEMO))
        with pytest.raises(InputError):
            models.tally("claims", Filter(), Recipient("", Realm.DEMO))

    def test_whoever_is_told_late_is_told_late(self, tmp_path: Path) -> None:
        """Whoever is told late is told late, and never of what has no moment of knowledge."""
        models = self.open_models(tmp_path)
        models.replace_all(
            {"claims": [plain("old"), plain("new", "", JUST_AFTER), plain("undated", "", None)]}
        )
        late = Recipient(PUBLIC, Realm.DEMO, NOON)
        expect(walk(models, Filter(), late) == ["old"], "a list ends where the recipient's knowledge does")
        expect(models.get("claims", "new", late) is None, "nor is a single thing given early")
        expect(models.get("claims", "undated", late) is None, "nor one that nobody can date")
        expect(models.tally("claims", Filter(), late) == {"casualties": 1}, "nor counted")
        all_ = ["new", "old", "undated"]
        expect(
            walk(models, Filter(), Recipient(JOINT, Realm.DEMO)) == all_, "all else is held back from nobody"
        )

    def test_words_are_found_in_every_script_by_their_beginning(self, tmp_path: Path) -> None:
        """Words are found in every script, by their beginning, however they are spelt."""
        models = self.open_models(tmp_path)
        models.replace_all({"claims": [plain(f"s{at}", text) for at, text in enumerate(made.SENTENCES)]})
        for words, wanted in (
            ("FIRE vill", ["s0"]),
            ("qubadli", ["s0"]),
            ("النَّار", ["s1"]),
            ("كلبجر جنديان", ["s1"]),
            ("ОБСТРЕЛ раненых", ["s2"]),
            ("Մարտունիի", ["s3"]),
            ("մարտունիի կրակ", ["s3"]),
            ("kelbecer ATƏŞ", ["s4"]),
            ("Kəlbəcər", ["s4"]),
            ("reported", ["s5"]),
            ("13", ["s5"]),
            ("40z", ["s5"]),
            ("ire", []),
            ("fire обстрел", []),
        ):
            expect(walk(models, Filter(words=words)) == wanted, f"'{words}' finds {wanted}")
        expect(set(walk(models, Filter(words="fire"))) == {"s0", "s5"}, "'fire' finds both")

    @pytest.mark.parametrize(
        "odd", ['"', "NEAR(", "a AND", "*", "words:x", "\0", "  ", "'", "a' | 'b", ":*", "\\"]
    )
    def test_no_words_are_a_language_of_the_store(self, tmp_path: Path, odd: str) -> None:
        """No words are a language of the store: what holds no word finds nothing, and fails nobody."""
        models = self.open_models(tmp_path)
        models.replace_all({"claims": [plain("c1", 'two soldiers "killed"')]})
        expect(walk(models, Filter(words=odd)) == [], f"{odd!r} finds nothing")

    def test_words_of_a_changed_row_are_those_that_it_has_now(self, tmp_path: Path) -> None:
        """Words of a changed row are those that it has now."""
        models = self.open_models(tmp_path)
        models.replace_all({"claims": [plain("c1", "old words"), plain("c2", "x")]})
        models.put("claims", [plain("c1", "new words"), plain("c3", "y")])
        expect(walk(models, Filter(words="new")) == ["c1"], "the new words find it")
        expect(walk(models, Filter(words="old")) == [], "the old ones do not")
        models.change({}, {"claims": ["c1"]})
        expect(walk(models, Filter(words="new")) == [], "what is gone is found by nothing")

    def test_very_long_words_and_texts_are_kept(self, tmp_path: Path) -> None:
        """Very long words and texts are kept, and found by their beginning."""
        models = self.open_models(tmp_path)
        many = " ".join(f"слово{n}" for n in range(60_000))
        models.replace_all(
            {"reports": [Row("r1", "article", {"id": "r1"}, NOON, words="я" * 5000 + " " + many)]}
        )
        for words in ("я" * 90, "я" * 4000, "слово17"):
            expect(walk(models, Filter(words=words), model="reports") == ["r1"], words[:20])

    def test_values_come_back_as_they_were_in_the_order_in_which_they_were_put(self, tmp_path: Path) -> None:
        """Values come back as they were, in the order in which they were put."""
        odd = {
            "id": "c1",
            "p": 0.1,
            "big": 9007199254740991,
            "text": "نص \u0000 \U0001f600",
            "deep": [{}, None],
        }
        models = self.open_models(tmp_path)
        models.replace_all({"claims": [plain("c2"), Row("c1", "k", odd, NOON)], "rejected": []})
        expect([value["id"] for value in models.list("claims")] == ["c2", "c1"], "in order")
        again = self.open_models(tmp_path)
        expect(again.get("claims", "c1") == odd, "as they were, after opening again")
        expect(again.get("claims", "c3") is None, "what is not there is None")
        expect((again.count("claims"), again.count("rejected")) == (2, 0), "counted")

    def test_as_known_at_leaves_out_what_was_not_known(self, tmp_path: Path) -> None:
        """As known at leaves out what was not known, and what has no moment of knowledge."""
        models = self.open_models(tmp_path)
        models.replace_all(
            {"claims": [plain("now"), plain("later", "", JUST_AFTER), plain("never", "", None)]}
        )
        expect([value["id"] for value in models.list("claims", known_at=NOON)] == ["now"], "at noon")
        at = [value["id"] for value in models.list("claims", known_at=JUST_AFTER)]
        expect(at == ["now", "later"], "just after")
        expect(len(list(models.list("claims"))) == 3, "all of them")
        expect(len(list(models.list("claims", kind="casualties"))) == 3, "all of a kind")
        expect(list(models.list("claims", kind="attack")) == [], "none of another")

    def test_a_replacement_that_fails_leaves_the_old_rows(self, tmp_path: Path) -> None:
        """A replacement that fails leaves the old rows, however far it came."""
        models = self.open_models(tmp_path)
        models.replace_all({"claims": [plain("c1", "kept")], "reports": [Row("r1", "article", {})]}, 5)
        with pytest.raises(ConflictError):
            models.replace_all({"reports": [], "claims": [plain("c2"), plain("c2")]}, 6)

        def breaks() -> Iterator[Row]:
            yield plain("c3")
            raise InputError("suite.stop", "the rows end too early")

        with pytest.raises(InputError):
            models.replace_all({"claims": breaks()}, 7)
        with pytest.raises(InputError):
            models.replace_all({"claims": [plain("c4")], "nothing": []}, 8)
        for one in (models, self.open_models(tmp_path)):
            expect([value["id"] for value in one.list("claims")] == ["c1"], "the old rows are there")
            expect((one.count("claims"), one.count("reports"), one.upto()) == (1, 1, 5), "all of them")
            expect(walk(one, Filter(words="kept")) == ["c1"], "and are found")

    def test_put_replaces_by_id_and_keeps_the_place(self, tmp_path: Path) -> None:
        """Put replaces by id and keeps the place."""
        models = self.open_models(tmp_path)
        models.replace_all({"claims": [plain("c1"), plain("c2")]})
        models.put("claims", [plain("c1", "again"), plain("c3")])
        expect([value["id"] for value in models.list("claims")] == ["c1", "c2", "c3"], "c1 stays first")
        expect(walk(models, Filter()) == ["c3", "c2", "c1"], "and last among those of one moment")

    def test_a_change_takes_away_adds_and_says_how_far_the_models_follow(self, tmp_path: Path) -> None:
        """A change takes away, adds, and says how far the models follow; all of it or nothing."""
        models = self.open_models(tmp_path)
        expect(models.upto() == 0, "models that nobody filled follow nothing")
        models.replace_all({"claims": [plain("c1"), plain("c2")]}, 7)
        models.change({"claims": [plain("c1"), plain("c3")]}, {"claims": ["c2", "never"]}, 9)
        expect([value["id"] for value in models.list("claims")] == ["c1", "c3"], "changed")
        expect(models.upto() == 9, "and said so")
        with pytest.raises(InputError):
            models.change({"claims": [plain("c4")], "nothing": []}, {"claims": ["c1"]}, 10)
        models.change({}, {"reports": ["r1"]})
        expect([value["id"] for value in models.list("claims")] == ["c1", "c3"], "nothing by halves")
        expect(models.upto() == 9, "where nothing is said of it, it stays")

    def test_rows_of_one_model_are_none_of_another(self, tmp_path: Path) -> None:
        """Rows of one model are none of another."""
        models = self.open_models(tmp_path)
        models.replace_all({name: [Row(f"{name}-1", "k", {"id": f"{name}-1"}, NOON)] for name in MODELS})
        for name in MODELS:
            expect(walk(models, Filter(), model=name) == [f"{name}-1"], name)
        models.replace_all({"claims": []})
        expect([models.count(name) for name in MODELS].count(0) == 1, "only one was emptied")

    @pytest.mark.parametrize("order", ORDERS)
    def test_a_place_that_no_page_gave_is_refused(self, tmp_path: Path, order: str) -> None:
        """A place that no page gave is refused."""
        models = self.open_models(tmp_path)
        models.replace_all({"claims": [plain("c1"), plain("c2")]})
        for after in ("", "x", "~", "1~x", "x~1", "~1~", "9" * 40 + "~1", "1~" + "9" * 40, "1~-1", "1~١"):
            with pytest.raises(InputError):
                models.find("claims", Filter(order=order), ANYBODY, after=after)

    def test_what_does_not_exist_is_refused_by_name(self, tmp_path: Path) -> None:
        """What does not exist is refused by name."""
        models = self.open_models(tmp_path)
        with pytest.raises(InputError, match="no read model"):
            models.count("claims; DROP TABLE model_claims")
        with pytest.raises(InputError, match="no read model"):
            models.find("nothing", Filter(), ANYBODY)
        with pytest.raises(InputError, match="searched"):
            models.find("counters", Filter(words="x"), ANYBODY)
        with pytest.raises(InputError, match="counted"):
            models.tally("claims", Filter(), ANYBODY, "id")

    def test_lines_are_the_same_whatever_the_order_of_writing(self, tmp_path: Path) -> None:
        """Lines are the same whatever the order of writing."""
        lines: list[list[bytes]] = []
        for step in (1, -1):
            models = self.open_models(tmp_path)
            models.replace_all({name: [] for name in MODELS})
            kept: dict[str, list[Any]] = {
                name: [Row(f"{name}-é", "k", {"lon": 46.5}, JUST_AFTER)] for name in MODELS[::step]
            }
            models.replace_all(kept)
            models.put("claims", [plain("c1", "ا", None), plain("Z", "b")][::step])
            lines.append(list(models.lines()))
        expect(lines[0] == lines[1], "the same lines")
        expect(len(lines[0]) == len(MODELS) + 2 and lines[0] == sorted(lines[0]), "by model and id")
        moment = b'"known_at":"2020-11-16T12:00:00.500000Z"'
        expect(moment in lines[0][2], "moments are written in one way")
