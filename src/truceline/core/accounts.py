"""People of the centre as it knows them: duty numbers, what they signed in with, and the rules of signing in.

Nobody's name is known (MISSION rule 17). Source of the one-time codes: RFC 6238; of the rules: NIST SP 800-63B-4.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from truceline.core.access import VISITOR, Rights
from truceline.core.errors import ConfigError, InputError
from truceline.core.passwords import check_password, fold_password
from truceline.core.release import DELEGATIONS

_NUMBER = re.compile(r"[A-Z]{1,3}:[0-9]{4}")
_PARTY = re.compile(r"party:[a-z0-9]+(-[a-z0-9]+)*")


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who may sign in.

    Args:
        number: Duty number, for example ``A:0417``.
        role: The role's word.
        side: A delegation's letter, ``party:<slug>``, or empty.
        language: The language of the interface; empty leaves it to the browser.
        is_ready: Whether a password and a second step are set up.
        is_disabled: Whether the account is shut.
        has_code: Whether one-time codes are a second step.
        n_passkeys: How many passkeys are.
    """

    number: str
    role: str
    side: str = ""
    language: str = ""
    is_ready: bool = False
    is_disabled: bool = False
    has_code: bool = False
    n_passkeys: int = 0


@dataclass(frozen=True, slots=True)
class Session:
    """A session of somebody.

    Args:
        key: Hash of its token, hex; the token itself is kept nowhere.
        number: Whose it is.
        agent: The family of the browser that it is bound to.
        begun_at: When it began.
        seen_at: When it was last used, as far as that is written down.
    """

    key: str
    number: str
    agent: str
    begun_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class Growth:
    """How the wait grows with failures.

    Args:
        free: Failures without a wait.
        first_s: The first wait, in seconds.
        factor: By what each further wait grows.
        longest_s: The longest wait, in seconds.
        forgotten_h: Hours after the last failure that all are forgotten.
    """

    free: int
    first_s: int
    factor: float
    longest_s: int
    forgotten_h: int

    def wait(self, n_failures: int) -> timedelta:
        """Return how long after the last failure the next try is let in."""
        beyond = n_failures - self.free
        if beyond < 0:
            return timedelta(0)
        # beyond this many doublings the longest wait holds anyway, and no number overflows
        grown = self.first_s * self.factor ** min(beyond, 60)
        return timedelta(seconds=min(grown, self.longest_s))


@dataclass(frozen=True, slots=True)
class SignInRules:
    """The numbers of signing in; ``data/sign_in.toml`` explains each."""

    idle: timedelta
    longest: timedelta
    seen_every: timedelta
    half_way: timedelta
    set_up: timedelta
    least: int
    most: int
    memory_kib: int
    passes: int
    lanes: int
    at_once: int
    number: Growth
    address: Growth
    step_s: int
    digits: int
    drift: int
    token_longest: timedelta
    blocked: tuple[str, ...] = field(default=(), repr=False)

    def check_password(self, text: str, number: str) -> None:
        """Refuse a password that will not do for a number; see `core.passwords.check_password`."""
        check_password(text, number, self.least, self.most, self.blocked)


def read_rules(value: Mapping[str, Any], blocked: Iterable[str]) -> SignInRules:
    """Read the rules of signing in.

    Args:
        value: What ``sign_in.toml`` holds.
        blocked: Parts that make a password easy to guess.

    Returns:
        The rules.

    Raises:
        ConfigError: A number is missing or out of range.
    """

    def number(*path: str, least: float, most: float) -> Any:
        found: Any = value
        for step in path:
            found = found.get(step) if isinstance(found, Mapping) else None
        if not isinstance(found, int | float) or isinstance(found, bool) or not least <= found <= most:
            raise ConfigError(
                "sign_in.number",
                f"{'.'.join(path)} must lie between {least} and {most}",
                where="sign_in.toml",
            )
        return found

    def growth(key: str) -> Growth:
        return Growth(
            number("attempts", key, "free", least=1, most=100),
            number("attempts", key, "first_s", least=1, most=60),
            number("attempts", key, "factor", least=1.5, most=10),
            number("attempts", key, "longest_s", least=60, most=3600),
            number("attempts", key, "forgotten_h", least=1, most=168),
        )

    return SignInRules(
        idle=timedelta(minutes=number("session", "idle_min", least=1, most=60)),
        longest=timedelta(hours=number("session", "longest_h", least=1, most=24)),
        seen_every=timedelta(seconds=number("session", "seen_every_s", least=1, most=300)),
        half_way=timedelta(minutes=number("session", "half_way_min", least=1, most=10)),
        set_up=timedelta(hours=number("link", "set_up_h", least=1, most=72)),
        least=number("password", "least", least=12, most=64),
        most=number("password", "most", least=64, most=1024),
        memory_kib=number("password", "memory_kib", least=19456, most=1048576),
        passes=number("password", "passes", least=2, most=20),
        lanes=number("password", "lanes", least=1, most=16),
        at_once=number("password", "at_once", least=1, most=16),
        number=growth("number"),
        address=growth("address"),
        step_s=number("code", "step_s", least=30, most=30),
        digits=number("code", "digits", least=6, most=8),
        drift=number("code", "drift", least=0, most=2),
        token_longest=timedelta(days=number("token", "longest_d", least=1, most=366)),
        blocked=tuple(sorted({fold_password(word) for word in blocked}, key=lambda word: (-len(word), word))),
    )  # fmt: skip


def is_number(text: str) -> bool:
    """Say whether a text is a duty number: letters and digits of ASCII only, so that none looks like another."""
    return bool(_NUMBER.fullmatch(text))


def check_account(number: str, role: str, side: str, rights: Rights) -> Account:
    """Make an account, or say what is wrong with it.

    Args:
        number: The duty number.
        role: The role's word.
        side: A delegation's letter, ``party:<slug>``, or empty.
        rights: The policy of roles.

    Returns:
        The account, not set up yet.

    Raises:
        InputError: The number is none, the role is unknown, or the side does not fit the role.
    """
    if not is_number(number):
        raise InputError(
            "account.number",
            f"'{number[:20]}' is no duty number",
            todo="write it as A:0417, in Latin letters and digits",
        )
    if role not in rights or role == VISITOR:
        known = ", ".join(name for name in rights if name != VISITOR)
        raise InputError("account.role", f"'{role[:20]}' is no role", where=number, todo=f"use {known}")
    receives, rank = rights[role].receives, rights[role].rank
    if rank and side not in DELEGATIONS:
        raise InputError(
            "account.side", f"the role '{role}' needs a delegation", where=number, todo="use A or B"
        )
    if receives == "own" and not rank and not _PARTY.fullmatch(side):
        raise InputError(
            "account.side", f"the role '{role}' needs a party", where=number, todo="write it as party:armenia"
        )
    if receives != "own" and side:
        raise InputError("account.side", f"the role '{role}' has no side", where=number, todo="leave it out")
    letters = number.partition(":")[0]
    if side in DELEGATIONS and letters != side:
        raise InputError(
            "account.number",
            "the number is not of that delegation",
            where=number,
            todo=f"begin it with {side}:",
        )
    if side not in DELEGATIONS and letters in DELEGATIONS:
        raise InputError(
            "account.number",
            "the number is a delegation's",
            where=number,
            todo="begin it with another letter",
        )
    return Account(number, role, side)


def agent_family(agent: str) -> str:
    """Tell browsers apart as far as a session is bound to one: which make on which system, whatever the version.

    Args:
        agent: The header ``User-Agent``.

    Returns:
        For example ``firefox/linux``; ``other/other`` where nothing is known.
    """
    makes = (
        ("edg", "edge"),
        ("opr", "opera"),
        ("firefox", "firefox"),
        ("chrom", "chrome"),
        ("safari", "safari"),
    )
    systems = (
        ("android", "android"),
        ("iphone", "ios"),
        ("ipad", "ios"),
        ("windows", "windows"),
        ("mac os", "mac"),
        ("linux", "linux"),
    )
    low = agent.lower()
    make = next((name for mark, name in makes if mark in low), low.split("/")[0].strip()[:20] or "other")
    return f"{make}/{next((name for mark, name in systems if mark in low), 'other')}"
