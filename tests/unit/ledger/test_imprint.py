"""An imprint says which paper of which record, and nothing that is none is taken for one."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.core.errors import InputError
from truceline.ledger.imprint import Imprint, parse_imprint

HASH = st.binary(min_size=32, max_size=32)
IMPRINTS = st.builds(
    Imprint,
    st.from_regex(r"truceline/[a-z0-9-]{1,30}/(live|demo|exercise)", fullmatch=True),
    st.integers(0, 10**18),
    HASH,
    st.from_regex(r"report\.[a-z]{2,3}\.pdf", fullmatch=True),
    HASH,
)
ZERO = base64.b64encode(bytes(32)).decode()
GOOD = f"truceline/paper/1\ntruceline/m/demo\n3 {ZERO}\nreport.en.pdf {ZERO}\n"


@given(IMPRINTS)
def test_an_imprint_is_read_back_as_it_was_printed(imprint: Imprint) -> None:
    assert parse_imprint(imprint.text()) == imprint


@given(IMPRINTS)
def test_blanks_of_a_scanner_do_not_matter(imprint: Imprint) -> None:
    assert parse_imprint("\r\n " + imprint.text().replace("\n", " \r\n") + "\r\n") == imprint


def test_the_example_is_an_imprint() -> None:
    assert parse_imprint(GOOD).size == 3


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (GOOD, ""),
        ("paper/1", "paper/2"),
        ("truceline/m/demo", ""),
        ("\n3 ", "\n03 "),
        ("\n3 ", "\n-3 "),
        ("\n3 ", "\n٣ "),
        (f"3 {ZERO}", f"3 {ZERO} x"),
        (f"3 {ZERO}", "3 AAAA"),
        (f"3 {ZERO}", f"3 !{ZERO[1:]}"),
        (f"3 {ZERO}", f"3 \u00e9{ZERO[1:]}"),
        (f"3 {ZERO}", f"3 {ZERO[:-2]}B="),
        ("report.en.pdf ", "../report.en.pdf "),
        ("report.en.pdf ", ""),
        (f"report.en.pdf {ZERO}\n", f"report.en.pdf {ZERO}\nmore\n"),
    ],
)
def test_what_is_no_imprint_is_refused(old: str, new: str) -> None:
    assert old in GOOD
    with pytest.raises(InputError, match="no imprint"):
        parse_imprint(GOOD.replace(old, new))
