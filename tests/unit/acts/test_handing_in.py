"""A file handed in: what an inbox takes is taken, what it refuses is refused with its reason, and nothing else is touched."""

from __future__ import annotations

import io
import zipfile

import pytest
from living import Living

ARTICLE = (
    b"BAKU, 27 November 2020. Azerbaijan's Defence Ministry said that 374 of its soldiers were killed in fighting "
    b"near Agdam on 26 November."
)


def reports(centre: Living) -> int:
    """How many entries of the record are reports."""
    return sum(entry.type == "report" for entry in centre.store.ledger.entries(0, centre.store.ledger.size()))


def packed(**members: bytes) -> bytes:
    """A zip archive of these members."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return held.getvalue()


def test_an_article_becomes_a_report_whose_claims_wait_for_review(centre: Living) -> None:
    answer = centre.hand_in("A:0001", "baku.txt", ARTICLE)
    assert answer.status_code == 201, answer.text
    (taken,), refused = answer.json()["taken"], answer.json()["refused"]
    assert refused == []
    report = centre.get("A:0001", f"reports/{taken['id']}").json()
    assert (report["doc"], report["kind"], report["known_basis"]) == ("baku.txt", "article", "received")
    assert "2020-11-27" in str(report), list(report)
    states = {centre.get("A:0001", f"claims/{one}").json()["review"]["state"] for one in report["claims"]}
    assert states == {"machine-read"}
    assert centre.get("B:0001", f"reports/{taken['id']}").status_code == 200, "what is joint is seen by both"


def test_its_bytes_are_kept_as_they_came(centre: Living) -> None:
    taken = centre.hand_in("A:0001", "baku.txt", ARTICLE).json()["taken"][0]
    report = centre.get("A:0001", f"reports/{taken['id']}").json()
    assert centre.store.evidence.get(report["sha256"]) == ARTICLE


def test_what_a_side_keeps_to_itself_the_other_does_not_see(centre: Living) -> None:
    taken = centre.hand_in("A:0001", "ours.txt", ARTICLE + b" Ours.", "owner").json()["taken"][0]
    assert centre.get("A:0001", f"reports/{taken['id']}").status_code == 200
    assert centre.get("B:0001", f"reports/{taken['id']}").status_code == 404


def test_every_item_of_an_archive_is_a_report_and_what_is_refused_is_named(centre: Living) -> None:
    data = packed(
        **{"one.txt": ARTICLE, "two.txt": ARTICLE + b" More.", "empty.txt": b"", "../../out.txt": ARTICLE}
    )
    told = centre.hand_in("A:0001", "many.zip", data).json()
    assert len(told["taken"]) == 2
    assert {one["file"] for one in told["refused"]} >= {"many.zip/empty.txt"}
    assert any("../../out.txt" in one["what"] for one in told["refused"]), told


def test_a_zip_bomb_is_refused_before_it_unpacks(centre: Living) -> None:
    before = reports(centre)
    answer = centre.hand_in("A:0001", "bomb.zip", packed(bomb=b"\0" * (80 << 20)))
    assert answer.status_code == 400, answer.text
    assert answer.json()["what"]
    assert reports(centre) == before


@pytest.mark.parametrize(
    "name", ["../../etc/passwd.txt", "C:\\temp\\baku.txt", ".hidden.txt", "مقال ١.txt", "a" * 400 + ".txt"]
)
def test_a_name_is_a_name_and_never_a_path(centre: Living, name: str) -> None:
    answer = centre.hand_in("A:0001", name, ARTICLE)
    assert answer.status_code == 201, answer.text
    doc = centre.get("A:0001", f"reports/{answer.json()['taken'][0]['id']}").json()["doc"]
    assert not {"/", "\\"} & set(doc)
    assert len(doc) <= 120
    assert doc.endswith(".txt")


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("empty.txt", b""),
        ("binary.txt", bytes(range(256)) * 8),
        ("torn.docx", b"PK\x03\x04torn"),
        ("what.xyz", b"\0\1\2"),
    ],
)
def test_what_cannot_be_read_is_refused_with_one_line_and_nothing_is_written(
    centre: Living, name: str, data: bytes
) -> None:
    before = reports(centre)
    answer = centre.hand_in("A:0001", name, data)
    assert answer.status_code == 400, answer.text
    assert answer.json()["what"]
    assert answer.json()["where"] == name
    assert reports(centre) == before


def test_hostile_markup_is_kept_as_evidence_and_its_words_alone_are_read(centre: Living) -> None:
    page = (
        b"<html><body><script>alert(1)</script><p onclick=x()>"
        + ARTICLE
        + b"</p><svg onload=y()></svg></body></html>"
    )
    taken = centre.hand_in("A:0001", "page.html", page).json()["taken"][0]
    shown = centre.get("A:0001", f"/review?report={taken['id']}", accept="text/html").text
    assert "alert(1)" not in shown
    assert "onclick=x()" not in shown


def test_the_same_file_twice_is_told_and_counts_once(centre: Living) -> None:
    first = centre.hand_in("A:0001", "baku.txt", ARTICLE)
    again = centre.hand_in("A:0001", "baku.txt", ARTICLE)
    assert (first.status_code, again.status_code) == (201, 400)
    assert again.json()["code"] == "enter.twice"


def test_a_request_that_comes_again_with_its_key_is_answered_the_same(centre: Living) -> None:
    first, again = (centre.hand_in("A:0001", "baku.txt", ARTICLE, key="one-key") for _ in range(2))
    assert again.status_code == 201, again.text
    assert first.json() == again.json()


def test_more_items_than_a_page_can_tell_of_are_for_an_inbox(centre: Living) -> None:
    rows = "text\n" + "".join(f"Shots were heard near Agdam on day {n}.\n" for n in range(501))
    answer = centre.hand_in("A:0001", "rows.csv", rows.encode())
    assert answer.status_code == 400
    assert answer.json()["code"] == "items.many"


def test_a_visitor_hands_in_nothing(centre: Living) -> None:
    answer = centre.client.post("/api/v1/items", files={"file": ("a.txt", ARTICLE)})
    assert answer.status_code in {401, 403}
