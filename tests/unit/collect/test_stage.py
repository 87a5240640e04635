"""What comes in becomes a report with its origin and its moment, or a line that says why not."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from truceline.adapters.files.chrome import read_chrome
from truceline.collect import collect
from truceline.collect.ports import CollectKnowledge, Item
from truceline.core.ids import identify
from truceline.core.names import Name
from truceline.core.parties import Source
from truceline.core.release import Realm
from truceline.core.reports import Rejection, Report

CHROME = read_chrome()
AGENCY = Source(
    "src:agency", {"en": (Name("Hill Agency"),), "ar": (Name("وكالة التل"),)}, "agency", "read in", wire=True
)
KNOWLEDGE = CollectKnowledge(CHROME, sources={"src:agency": AGENCY})
TEXT = "The road was open all day, the centre said on Monday, and no shots were counted."


def item(file: str = "a.txt", text: str = TEXT, **fields: str) -> Item:
    return Item(file, data=text.encode(), media_type="text/plain", text=text, encoding="utf-8", fields=fields)


def one(given_item: Item, knowledge: CollectKnowledge = KNOWLEDGE) -> Report:
    found = collect([given_item], knowledge)
    assert found.rejected == ()
    (report,) = found.reports
    return report


def refusal(given_item: Item, knowledge: CollectKnowledge = KNOWLEDGE) -> Rejection:
    found = collect([given_item], knowledge)
    assert found.reports == ()
    assert found.evidence == {}
    (rejection,) = found.rejected
    return rejection


def test_an_id_is_made_of_the_bytes_and_the_source() -> None:
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    assert one(item()).id == identify("report", {"sha256": digest, "source": None})
    assert one(item(source="src:agency")).id == identify("report", {"sha256": digest, "source": "src:agency"})


def test_evidence_holds_the_bytes_by_their_hash() -> None:
    found = collect([item()], KNOWLEDGE)
    assert found.evidence == {hashlib.sha256(TEXT.encode()).hexdigest(): TEXT.encode()}


def test_a_bare_day_is_known_at_its_last_second() -> None:
    report = one(item(published="2020-11-16"))
    assert report.known_at == datetime(2020, 11, 16, 23, 59, 59, tzinfo=UTC)
    assert report.known_basis == "published"


def test_an_instant_without_a_zone_counts_as_its_day() -> None:
    report = one(item(published="2020-11-16T08:00"))
    assert report.publication is not None
    assert report.publication.value == "2020-11-16"
    assert report.publication.text == "2020-11-16T08:00"


def test_a_readable_text_without_a_date_waits_for_what_its_words_say() -> None:
    report = one(item(received="2020-11-20"))
    assert report.known_at is None
    assert report.received == "2020-11-20"


def test_a_text_that_cannot_be_read_is_known_when_it_was_received() -> None:
    report = one(item(text="Миротворцы открыли ещё один пост на дороге.", received="2020-11-20"))
    assert report.read_state == "not read yet"
    assert report.language == "ru"
    assert report.known_basis == "received"


def test_a_live_item_is_known_at_receipt_whatever_its_date() -> None:
    live = CollectKnowledge(CHROME, realm=Realm.LIVE)
    report = one(item(published="2020-11-16", received="2020-11-18T06:00:00Z"), live)
    assert report.known_at == datetime(2020, 11, 18, 6, tzinfo=UTC)
    assert report.known_basis == "received"


def test_a_date_that_has_not_come_is_refused() -> None:
    now = CollectKnowledge(CHROME, now=datetime(2020, 11, 16, 12, tzinfo=UTC))
    assert refusal(item(published="2031-01-01"), now).code == "input.future"
    assert refusal(item(received="2020-11-16T13:00:00Z"), now).code == "input.future"
    assert one(item(published="2020-11-17"), now).publication is not None, "the day has begun further east"


def test_without_a_moment_to_compare_no_date_is_in_the_future() -> None:
    assert one(item(published="2031-01-01")).publication is not None


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"published": "16/11/2020"}, "input.date"),
        ({"received": "yesterday"}, "input.date"),
        ({"release": "everyone"}, "input.release"),
        ({"realm": "live"}, "realm.differs"),
        ({"realm": "dream"}, "input.realm"),
        ({"language": "arabic"}, "input.field"),
        ({"source": "Some Paper"}, "input.field"),
    ],
)
def test_a_wrong_field_refuses_the_item_and_is_named(fields: dict[str, str], code: str) -> None:
    rejection = refusal(item(**fields))
    assert rejection.code == code
    assert rejection.where == f"field '{next(iter(fields))}'"
    assert rejection.why
    assert rejection.todo


def test_an_agency_in_the_dateline_is_the_wire() -> None:
    text = f"A short title\n(Hill Agency - 17 November 2021) {TEXT}"
    assert one(item(text=text)).wire == "src:agency"
    assert one(item(text=f"A short title\n{TEXT} Hill Agency had it too.")).wire is None


def test_the_publisher_follows_from_the_source() -> None:
    assert one(item(source="src:agency")).publisher == "Hill Agency"
    assert one(item(source="src:agency", publisher="Hill Desk")).publisher == "Hill Desk"


def test_the_same_file_twice_is_taken_once() -> None:
    found = collect([item("b.txt"), item("a.txt")], KNOWLEDGE)
    assert [report.doc for report in found.reports] == ["a.txt"]
    assert [(one.file, one.code) for one in found.rejected] == [("b.txt", "input.duplicate")]


def test_the_same_bytes_from_two_sources_are_original_and_copy() -> None:
    found = collect([item("a.txt", source="src:one"), item("b.txt", source="src:two")], KNOWLEDGE)
    assert len(found.reports) == 2
    assert sorted(str(report.copy_kind) for report in found.reports) == ["None", "exact"]


def test_a_scan_is_set_aside_with_its_bytes_and_said_so() -> None:
    problem = Rejection("s.pdf", "input.needs_reading", "is a scan", "read it")
    scan = Item("s.pdf", state="needs reading", data=b"%PDF", problem=problem)
    found = collect([scan], KNOWLEDGE)
    assert found.rejected == (problem,)
    assert [report.read_state for report in found.reports] == ["needs reading"]
    assert list(found.evidence.values()) == [b"%PDF"]


@settings(max_examples=40, deadline=None)
@given(st.permutations(range(7)))
def test_the_order_of_items_changes_nothing(order: list[int]) -> None:
    pool = [
        item("a.txt", published="2020-11-16"),
        item("b.txt"),
        item("c/d.txt", TEXT + "\n", published="2020-11-15", source="src:one"),
        item("e.txt", TEXT + " It will stay so.", published="never"),
        item("f.txt", "Another text with words of its own.", release="joint"),
        item("g.txt", "Another text with words of its own.", release="public"),
        Item("h.zip", state="container", data=b"PK"),
    ]
    assert collect([pool[index] for index in order], KNOWLEDGE) == collect(pool, KNOWLEDGE)
