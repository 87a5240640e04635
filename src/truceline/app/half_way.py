"""Between a password and the second step: what is held in memory for a few minutes, and the waits after failures."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from truceline.app import wiring
from truceline.app.access import Access
from truceline.core.access import ForbiddenError, WaitError
from truceline.core.accounts import Growth, is_number
from truceline.core.codes import step_of

_MOST_TRIES = 5


@dataclass
class HalfWay:
    """Somebody whose password is known to be right, or newly chosen, and whose second step is not done.

    Args:
        kind: ``sign_in``, ``set_up``, ``code`` (new codes for one's own account) or ``passkey``.
        number: Who.
        until: When it is forgotten.
        own: The account's own key, which follows from the password.
        private: The account's private key.
        secret: Secret of the one-time codes; None without.
        challenge: What a passkey was asked with; None where none was asked.
        hashed: Set-up: the hash of the chosen password.
        salt: Set-up: from which `own` follows.
        link: Set-up: the hash of the link.
        n_tries: Second steps that failed.
    """

    kind: str
    number: str
    until: datetime
    own: bytes = field(repr=False)
    private: bytes = field(repr=False)
    secret: bytes | None = field(default=None, repr=False)
    challenge: bytes | None = field(default=None, repr=False)
    hashed: str = field(default="", repr=False)
    salt: bytes = field(default=b"", repr=False)
    link: str = field(default="", repr=False)
    n_tries: int = 0


class HalfWays:
    """Holds everybody who is half way.

    Args:
        access: The accounts.
    """

    def __init__(self, access: Access) -> None:
        self._access = access
        self._held: dict[str, HalfWay] = {}

    def put(self, half: HalfWay) -> str:
        """Hold somebody; whoever waited too long goes.

        Args:
            half: Who.

        Returns:
            A word of 256 bits, for a cookie.
        """
        now = self._access.clock()
        self._held = {key: one for key, one in self._held.items() if one.until > now}
        word = wiring.token_text()
        self._held[wiring.token_hash(word)] = half
        return word

    def get(self, word: str, *kinds: str) -> HalfWay:
        """Return who bears a word.

        Args:
            word: What `put` gave.
            kinds: What they may be about.

        Returns:
            Who.

        Raises:
            ForbiddenError: Nobody, they waited too long, or tried too often.
        """
        found = self._held.get(wiring.token_hash(word))
        if (
            found is None
            or found.until <= self._access.clock()
            or found.kind not in kinds
            or found.n_tries >= _MOST_TRIES
        ):
            self.drop(word)
            raise ForbiddenError(
                "access.half_way", "this took too long, or too many tries", todo="begin again"
            )
        return found

    def drop(self, word: str) -> None:
        """Hold somebody no longer."""
        self._held.pop(wiring.token_hash(word), None)


def let_in(access: Access, number: str, address: str) -> None:
    """Count a try before it is looked at, or refuse it; so that many at once do not slip through.

    Args:
        access: The accounts.
        number: What was given as a number; it is counted whether there is such a number or not.
        address: Where it comes from.

    Raises:
        WaitError: There were too many failures before; the same for numbers that are none.
    """
    now = access.clock()
    longest = max(_wait_s(access, who, growth, now) for who, growth in _counted(access, number, address))
    if longest > 0:
        raise WaitError(
            "access.wait", "too many tries", todo=f"wait {longest} seconds and try again", seconds=longest
        )
    count_failure(access, number, address)


def count_failure(access: Access, number: str, address: str) -> None:
    """Count a failure of a number and of an address."""
    for who, growth in _counted(access, number, address):
        access.sessions.fail(who, access.clock(), timedelta(hours=growth.forgotten_h))


def forgive_address(access: Access, address: str) -> None:
    """Take a try that was right out of the count of its address, which others share."""
    access.sessions.unfail(f"address:{address}")


def forgive_number(access: Access, number: str) -> None:
    """Forget a number's failures: its owner is in."""
    access.sessions.forgive(f"number:{number}")


def _counted(access: Access, number: str, address: str) -> list[tuple[str, Growth]]:
    told = [(f"address:{address}", access.rules.address)]
    if is_number(number):
        told.append((f"number:{number}", access.rules.number))
    return told


def _wait_s(access: Access, who: str, growth: Growth, now: datetime) -> int:
    n_failures, last = access.sessions.failures(who)
    if last is None:
        return 0
    left = (last + growth.wait(n_failures) - now).total_seconds()
    return max(0, int(left) + (left % 1 > 0))


def right_step(access: Access, half: HalfWay, code: str, after: int) -> int | None:
    """Return the step whose one-time code was typed; None where it is wrong, too old or used."""
    rules = access.rules
    return step_of(
        half.secret or b"", code, int(access.clock().timestamp()), step_s=rules.step_s, digits=rules.digits,
        drift=rules.drift, after=after,
    ) if half.secret else None  # fmt: skip
