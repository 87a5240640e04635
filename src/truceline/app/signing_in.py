"""Signing in: number and password, then a one-time code or a passkey; nothing tells whether a number exists."""

from __future__ import annotations

from truceline.app import wiring
from truceline.app.access import Access
from truceline.app.accounts import lock
from truceline.app.half_way import (
    HalfWay,
    HalfWays,
    count_failure,
    forgive_address,
    forgive_number,
    let_in,
    right_step,
)
from truceline.app.workspace import enter_workspace
from truceline.core.access import ForbiddenError
from truceline.core.accounts import Account, is_number

_MOST_NUMBER = 20


class SigningIn:
    """The way in.

    Args:
        access: The accounts.
        half_ways: Who is half way.
    """

    def __init__(self, access: Access, half_ways: HalfWays) -> None:
        self._access = access
        self._half_ways = half_ways

    def begin(self, number: str, password: str, address: str) -> str:
        """Take number and password.

        Args:
            number: What was typed; capitals do not matter, letters of other scripts do.
            password: What was typed.
            address: Where it comes from.

        Returns:
            A word for the second step.

        Raises:
            ForbiddenError: They do not fit, or the account is shut or not set up: the same for all of these.
            WaitError: There were too many failures before.
        """
        # only ASCII is brought to capitals: some letters of other scripts would become Latin ones
        number = number.strip()[:_MOST_NUMBER]
        number = number.upper() if number.isascii() else number
        let_in(self._access, number, address)
        account, own, private = self._unlocked(number, password)
        if account is None or not account.is_ready:
            raise self._wrong(account or number, "sign_in_failed")
        # the number's count stays until the second step is done: a right password buys no further guesses at codes
        forgive_address(self._access, address)
        now = self._access.clock()
        half = HalfWay("sign_in", number, now + self._access.rules.half_way, own, private)
        kept = self._access.people.credentials(number)
        if kept is not None and kept.code is not None:
            half.secret = wiring.open_sealed(own, kept.code, f"code/{number}")
        return self._half_ways.put(half)

    def account(self, word: str) -> Account:
        """Return whose second step is waited for."""
        return self._access.people.get(self._half_ways.get(word, "sign_in").number)

    def by_code(self, word: str, code: str, address: str, agent: str, old: str) -> str:
        """Take a one-time code.

        Args:
            word: What `begin` gave.
            code: What was typed.
            address: Where it comes from.
            agent: The header ``User-Agent``.
            old: The token of a session that this one takes the place of, or empty.

        Returns:
            The session's token.

        Raises:
            ForbiddenError: The code is wrong, too old or used, or it took too long.
        """
        half = self._half_ways.get(word, "sign_in")
        kept = self._access.people.credentials(half.number)
        step = right_step(self._access, half, code, kept.code_step if kept else 0)
        if step is None or not self._access.people.use_step(half.number, step):
            raise self._wrong_step(half, address, "code_failed")
        return self._in(word, half, agent, old, "code")

    def ask_passkey(self, word: str, host: str) -> str:
        """Ask for a signature by a passkey.

        Args:
            word: What `begin` gave.
            host: The name that the browser reached the service by.

        Returns:
            Options for the browser, JSON.
        """
        half = self._half_ways.get(word, "sign_in")
        asked = self._access.ceremony.ask(host, [one.id for one in self._access.people.passkeys(half.number)])
        half.challenge = asked.challenge
        return asked.options

    def by_passkey(self, word: str, host: str, answer: str, address: str, agent: str, old: str) -> str:
        """Take a passkey's signature; see `by_code`."""
        half = self._half_ways.get(word, "sign_in")
        challenge, half.challenge = half.challenge, None
        there = [
            wiring.SignedByPasskey(one.id, one.public, one.n_signed)
            for one in self._access.people.passkeys(half.number)
        ]
        found = self._access.ceremony.take(host, answer, challenge, there) if challenge else None
        if found is None:
            raise self._wrong_step(half, address, "passkey_failed")
        self._access.people.count_signed(found.id, found.n_signed)
        return self._in(word, half, agent, old, "passkey")

    def check_own_password(self, number: str, password: str, address: str) -> tuple[bytes, bytes]:
        """Take somebody's password again, before what matters.

        Args:
            number: Who is signed in.
            password: What was typed.
            address: Where it comes from.

        Returns:
            The account's own key and its private key.

        Raises:
            ForbiddenError: It does not fit.
            WaitError: There were too many failures before.
        """
        let_in(self._access, number, address)
        account, own, private = self._unlocked(number, password)
        if account is None:
            raise self._wrong(number, "password_failed")
        forgive_address(self._access, address)
        forgive_number(self._access, number)
        return own, private

    def change_password(self, number: str, old: str, new: str, address: str, but: str) -> None:
        """Change one's own password; all other sessions end.

        Args:
            number: Who.
            old: The password so far.
            new: The new one.
            address: Where it comes from.
            but: The hash of the session's token that goes on.
        """
        own, private = self.check_own_password(number, old, address)
        self._access.rules.check_password(new, number)
        with self._access.database.writing():
            self._lock_again(number, new, own, private)
            self._access.end_all(number, but)
            self._access.note(self._access.viewer(number), "password_changed", thing=number)

    def _lock_again(self, number: str, password: str, own: bytes, private: bytes) -> bytes:
        """Lock what belongs to an account by a password at today's cost."""
        kept = self._access.people.credentials(number)
        new = lock(self._access, number, password, private)
        if kept is not None and kept.code is not None:
            what = f"code/{number}"
            secret = wiring.open_sealed(own, kept.code, what)
            self._access.people.set_code(number, wiring.seal(new, secret, what), kept.code_step)
        return new

    def _unlocked(self, number: str, password: str) -> tuple[Account | None, bytes, bytes]:
        """Return an account with its keys where the password fits; an unknown number takes as long as a wrong password."""
        people, hashing = self._access.people, self._access.hashing
        is_typed = is_number(number) and len(password) <= self._access.rules.most
        account = people.find(number) if is_typed else None
        kept = people.credentials(number) if is_typed else None
        fits = hashing.fits(kept.password if kept else None, password if is_typed else "")
        is_there = account is not None and not account.is_disabled
        if not fits or not is_there or kept is None or kept.salt is None or kept.private is None:
            return None, b"", b""
        own = hashing.key(password, kept.salt)
        private = wiring.open_sealed(own, kept.private, f"private/{number}")
        if hashing.is_old(kept.password or ""):
            own = self._lock_again(number, password, own, private)
        return account, own, private

    def _in(self, word: str, half: HalfWay, agent: str, old: str, step: str) -> str:
        viewer = self._access.viewer(half.number)
        self._half_ways.drop(word)
        if viewer is None:
            raise self._wrong(half.number, "sign_in_failed")
        forgive_number(self._access, half.number)
        token = self._access.begin(half.number, agent, half.private, old=old)
        enter_workspace(self._access, viewer, half.private)
        self._access.note(viewer, f"signed_in_{step}")
        return token

    def _wrong_step(self, half: HalfWay, address: str, deed: str) -> ForbiddenError:
        """Count a second step that failed, for this try and for those that come after."""
        half.n_tries += 1
        count_failure(self._access, half.number, address)
        return self._wrong(self._access.people.get(half.number), deed)

    def _wrong(self, who: Account | str, deed: str) -> ForbiddenError:
        """Write a failure down and return what is answered: the same words whatever was wrong."""
        if isinstance(who, Account):
            self._access.note(self._access.viewer_of(who), deed)
        else:
            # what is no number may be a password in the wrong field: it is written nowhere
            self._access.note(None, deed, thing=who if is_number(who) else "")
        return ForbiddenError(
            "access.wrong",
            "this does not match",
            todo="try again, or ask the technician for a new set-up link",
        )
