from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest

from truceline.core.claims import Ref
from truceline.core.statements import statement, told_actors

LEFT_OUT = Ref(None, "implicit: Birchland")


@pytest.mark.parametrize(
    ("type_", "modality", "is_told"),
    [
        ("casualties", "admitted", False),
        ("casualties", "asserted", False),
        ("casualties", "accused", True),
        ("attack", "alleged", True),
        ("prisoners", "admitted", True),
        ("position_lost", "admitted", True),
        ("territorial_control", "asserted", True),
    ],
)
def test_somebody_whom_the_text_leaves_out_is_not_told_as_the_one_who_did_it(
    make: SimpleNamespace, type_: str, modality: str, is_told: bool
) -> None:
    bare = make.claim(type_, modality=modality, targets=("party:a",), figure=("1", "killed"))
    claim = replace(bare, actors=(LEFT_OUT,))
    assert (LEFT_OUT in told_actors(claim)) == is_told
    assert ("Birchland" in statement(claim)) == is_told


def test_somebody_whom_the_text_names_is_told_beside_one_left_out(make: SimpleNamespace) -> None:
    named = make.ref("party:a")
    claim = replace(make.claim("casualties"), actors=(named, LEFT_OUT))
    assert told_actors(claim) == (named,)
