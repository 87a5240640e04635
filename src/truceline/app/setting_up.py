"""Setting an account up by a link: a password, then one-time codes or a passkey; nothing is kept before the second step works."""

from __future__ import annotations

from datetime import datetime

from truceline.app import wiring
from truceline.app.access import Access
from truceline.app.half_way import HalfWay, HalfWays, right_step
from truceline.app.workspace import enter_workspace
from truceline.core.access import ForbiddenError
from truceline.core.accounts import Account
from truceline.core.codes import SECRET_BYTES, secret_address, secret_text
from truceline.core.errors import InputError

ISSUER = "Truceline"
KINDS = ("set_up", "code", "passkey")
"""What a second step is added for: a new account, or one that has some."""


class SettingUp:
    """The way to an account of one's own.

    Args:
        access: The accounts.
        half_ways: Who is half way.
    """

    def __init__(self, access: Access, half_ways: HalfWays) -> None:
        self._access = access
        self._half_ways = half_ways

    def account(self, link: str) -> Account:
        """Return whose set-up link it is.

        Args:
            link: The word of the link.

        Returns:
            The account.

        Raises:
            ForbiddenError: It is unknown, was used, is too old, or the account is shut.
        """
        number = self._access.people.link(wiring.token_hash(link), self._access.clock())
        account = self._access.people.find(number) if number else None
        if account is None or account.is_disabled:
            raise ForbiddenError(
                "access.link", "this link was used or is too old", todo="ask the technician for another one"
            )
        return account

    def choose(self, link: str, password: str, again: str) -> str:
        """Take the password that was chosen.

        Args:
            link: The word of the link.
            password: The password.
            again: The password once more.

        Returns:
            A word for the second step.

        Raises:
            InputError: It will not do, or both differ.
        """
        account = self.account(link)
        self._access.rules.check_password(password, account.number)
        if password != again:
            raise InputError("password.differs", "the two passwords differ", todo="type it twice the same")
        salt = wiring.draw(16)
        own, hashed = self._access.hashing.key(password, salt), self._access.hashing.hash(password)
        half = HalfWay(
            "set_up", account.number, self._until(), own, wiring.new_pair().private, wiring.draw(SECRET_BYTES),
            hashed=hashed, salt=salt, link=wiring.token_hash(link),
        )  # fmt: skip
        return self._half_ways.put(half)

    def add(self, kind: str, number: str, own: bytes, private: bytes) -> str:
        """Begin to add a second step to an account that has some.

        Args:
            kind: ``code`` or ``passkey``.
            number: Whose it is.
            own: The account's own key: the password was just given.
            private: Its private key.

        Returns:
            A word for the next step.
        """
        return self._half_ways.put(
            HalfWay(kind, number, self._until(), own, private, wiring.draw(SECRET_BYTES))
        )

    def half_way(self, word: str) -> HalfWay:
        """Return who bears a word."""
        return self._half_ways.get(word, *KINDS)

    def secret_text(self, word: str) -> str:
        """Return the secret as people type it."""
        return secret_text(self.half_way(word).secret or b"")

    def secret_address(self, word: str) -> str:
        """Return the address that an authenticator reads from a picture."""
        half, rules = self.half_way(word), self._access.rules
        issuer = f"{ISSUER} {self._access.realm}"
        return secret_address(
            half.secret or b"", issuer, half.number, step_s=rules.step_s, digits=rules.digits
        )

    def by_code(self, word: str, code: str) -> HalfWay:
        """Take the first one-time code; with it the codes work.

        Args:
            word: The word of the half way.
            code: What was typed.

        Returns:
            Who it was; a new account begins its session by `begin`.

        Raises:
            InputError: It is not the code of this moment.
        """
        half = self._half_ways.get(word, "set_up", "code")
        step = right_step(self._access, half, code, 0)
        if step is None:
            half.n_tries += 1
            raise InputError(
                "code.wrong",
                "this is not the code of this moment",
                todo="check the clock of the device, then type the next code",
            )
        with self._access.database.writing():
            self._keep(half)
            sealed = wiring.seal(half.own, half.secret or b"", f"code/{half.number}")
            self._access.people.set_code(half.number, sealed, step)
            self._access.note(self._access.viewer(half.number), "code_added", thing=half.number)
        self._half_ways.drop(word)
        return half

    def ask_passkey(self, word: str, host: str) -> str:
        """Ask for a new passkey; returns options for the browser, JSON."""
        half = self.half_way(word)
        there = [one.id for one in self._access.people.passkeys(half.number)]
        asked = self._access.ceremony.ask_new(host, half.number, there)
        half.challenge = asked.challenge
        return asked.options

    def by_passkey(self, word: str, host: str, answer: str) -> HalfWay:
        """Take the new passkey; see `by_code`."""
        half = self.half_way(word)
        challenge, half.challenge = half.challenge, None
        if challenge is None:
            raise InputError("passkey.wrong", "no passkey was asked for", todo="try again")
        made = self._access.ceremony.take_new(host, answer, challenge)
        with self._access.database.writing():
            self._keep(half)
            passkey = wiring.Passkey(made.id, made.public, made.n_signed)
            self._access.people.add_passkey(half.number, passkey, self._access.clock())
            self._access.note(self._access.viewer(half.number), "passkey_added", thing=half.number)
        self._half_ways.drop(word)
        return half

    def begin(self, half: HalfWay, agent: str, old: str) -> str:
        """Begin the first session of an account that was just set up; returns its token."""
        token = self._access.begin(half.number, agent, half.private, old=old)
        viewer = self._access.viewer(half.number)
        if viewer is not None:
            enter_workspace(self._access, viewer, half.private)
        return token

    def _keep(self, half: HalfWay) -> None:
        """Keep what was chosen by a link; the link is used up."""
        if half.kind != "set_up":
            return
        if not self._access.people.use_link(half.link):
            raise ForbiddenError(
                "access.link", "this link was used or is too old", todo="ask the technician for another one"
            )
        sealed = wiring.seal(half.own, half.private, f"private/{half.number}")
        self._access.people.set_password(
            half.number, half.hashed, half.salt, sealed, wiring.public_of(half.private)
        )
        self._access.note(self._access.viewer(half.number), "set_up", thing=half.number)

    def _until(self) -> datetime:
        return self._access.clock() + 2 * self._access.rules.half_way
