"""Duty numbers, passwords, waits and one-time codes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from truceline.app.wiring import load_rights, load_sign_in_rules
from truceline.core.accounts import Growth, agent_family, check_account, is_number, read_rules
from truceline.core.codes import code_at, secret_address, secret_text, step_of
from truceline.core.errors import ConfigError, InputError

RULES = load_sign_in_rules()
RIGHTS = load_rights()
RFC_6238 = [
    (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
    (2000000000, "69279037"), (20000000000, "65353130"),
]  # fmt: skip
SECRET = b"12345678901234567890"


@pytest.mark.parametrize(("now", "code"), RFC_6238)
def test_codes_are_those_of_the_standards_table(now: int, code: str) -> None:
    assert code_at(SECRET, now // 30, 8) == code


def test_a_code_works_once_and_only_near_its_time() -> None:
    def step(code: str, now: int, after: int = 0) -> int | None:
        return step_of(SECRET, code, now, step_s=30, digits=6, drift=1, after=after)

    now = 1_600_000_000
    right = code_at(SECRET, now // 30)
    assert step(right, now) == now // 30
    assert step(f"{right[:3]} {right[3:]}", now + 30) == now // 30, (
        "a space does not matter, nor a slow clock"
    )
    assert step(right, now, after=now // 30) is None, "used"
    assert step(right, now + 61) is None, "too old"
    assert step("", now) is None
    assert step("\ud800", now) is None
    assert step("٠" * 6, now) is None


def test_a_secret_is_shown_as_text_and_as_an_address() -> None:
    assert secret_text(b"\x00" * 20) == " ".join(["AAAA"] * 8)
    address = secret_address(SECRET, "Truceline demo", "A:0417", step_s=30, digits=6)
    assert address.startswith(
        "otpauth://totp/Truceline%20demo:A%3A0417?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&"
    )


@pytest.mark.parametrize("text", ["A:0417", "T:0001", "CIV:9999"])
def test_a_duty_number_is_letters_and_four_figures(text: str) -> None:
    assert is_number(text)


@pytest.mark.parametrize(
    "text", ["А:0417", "A:０４１７", "A:٠٤١٧", "A：0417", "a:0417", "A:417", "A:0417\n", " A:0417", "A:0417\u200b", "ABCD:0001", ""]
)  # fmt: skip
def test_what_only_looks_like_a_duty_number_is_none(text: str) -> None:
    assert not is_number(text)
    with pytest.raises(InputError, match="no duty number"):
        check_account(text, "duty", "A", RIGHTS)


@pytest.mark.parametrize(
    ("number", "role", "side"),
    [("A:0001", "duty", ""), ("A:0001", "duty", "B"), ("B:0001", "observer", ""), ("C:0001", "duty", "A"),
     ("C:0001", "observer", "A"), ("P:0001", "party", "A"), ("C:0001", "nobody", ""), ("C:0001", "public", "")],
)  # fmt: skip
def test_role_side_and_number_must_go_together(number: str, role: str, side: str) -> None:
    with pytest.raises(InputError):
        check_account(number, role, side, RIGHTS)


@pytest.mark.parametrize(
    ("number", "role", "side"),
    [("A:0001", "duty", "A"), ("B:0001", "head", "B"), ("P:0001", "party", "party:armenia"), ("T:0001", "technician", "")],
)  # fmt: skip
def test_accounts_that_fit_are_made(number: str, role: str, side: str) -> None:
    assert check_account(number, role, side, RIGHTS).role == role


@pytest.mark.parametrize(
    "password",
    ["green lamps eat slow trains", "مسطرة زرقاء تطير بعيدا", "жёлтый стол поёт тихо", "Xk29vLqp77Zm", "u q m   z j k w  ", "%^&*()_+{}|~", "🦩🪕🧲🪁🧊🪗🧵🪄🧿🪀🧭🪃"],
)  # fmt: skip
def test_any_composition_of_a_long_password_will_do(password: str) -> None:
    RULES.check_password(password, "A:0417")


@pytest.mark.parametrize(
    "password",
    ["password1234", "P@ssw0rd!2020", "qwertyuiop12", "123456789012", "987654321098", "aaaaaaaaaaaa", "abcabcabcabc",
     "1q2w3e4r5t6y", "qazwsxedcrfv", "trucelinetruceline", "ceasefire2020!", "A:0417A:0417A:0417", "letmeinletmein1",
     "karabakh-2020-2021", "iloveyou12345", "correct horse battery staple", "йцукенгшщзхъ", "Monday January 2021"],
)  # fmt: skip
def test_what_anybody_would_guess_first_is_refused(password: str) -> None:
    with pytest.raises(InputError) as told:
        RULES.check_password(password, "A:0417")
    assert told.value.code == "password.common"


@pytest.mark.parametrize(("password", "code"), [("short", "password.short"), ("x" * 129, "password.long")])
def test_a_password_has_a_length(password: str, code: str) -> None:
    with pytest.raises(InputError) as told:
        RULES.check_password(password, "A:0417")
    assert told.value.code == code


@given(st.integers(0, 10_000))
def test_waits_grow_and_are_bounded(n: int) -> None:
    growth = Growth(5, 2, 2.0, 300, 24)
    assert growth.wait(n) <= growth.wait(n + 1)
    assert (growth.wait(n).total_seconds() == 0) == (n < 5)
    assert growth.wait(n).total_seconds() <= 300


@given(st.text(max_size=300))
def test_a_browser_is_told_by_make_and_system_alone(agent: str) -> None:
    assert "/" in agent_family(agent)


def test_a_newer_version_is_the_same_browser() -> None:
    agent = "Mozilla/5.0 (X11; Linux x86_64; rv:{v}.0) Gecko/20100101 Firefox/{v}.0"
    assert (
        agent_family(agent.replace("{v}", "140"))
        == agent_family(agent.replace("{v}", "141"))
        == "firefox/linux"
    )
    assert agent_family("curl/8.5.0") == "curl/other"
    assert agent_family("") == "other/other"


@pytest.mark.parametrize("value", [{}, {"session": {"idle_min": 600}}, {"session": {"idle_min": True}}])
def test_rules_out_of_range_are_refused(value: dict[str, object]) -> None:
    with pytest.raises(ConfigError, match=r"session\.idle_min"):
        read_rules(value, [])
