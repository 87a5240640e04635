"""Adding a passkey and signing in with one. Source: W3C Web Authentication; the library checks signatures and origins."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from urllib.parse import urlsplit

from truceline.core.errors import InputError, MissingExtraError

_NAME = "Truceline"


@dataclass(frozen=True, slots=True)
class Asked:
    """What a browser is asked, and the challenge that its answer must bear.

    Args:
        options: JSON for the browser.
        challenge: Bytes of chance, used once.
    """

    options: str
    challenge: bytes


@dataclass(frozen=True, slots=True)
class Signed:
    """A passkey as it was added, or after it signed: its id, public key and count of signatures."""

    id: bytes
    public: bytes
    n_signed: int


class Ceremony:
    """Passkeys of one service.

    Args:
        origins: The addresses under which people reach the service, for example ``https://centre.example``.

    Raises:
        MissingExtraError: The part of the installation that knows passkeys is not there.
    """

    def __init__(self, origins: Iterable[str]) -> None:
        try:
            import webauthn  # noqa: PLC0415 - only where people sign in
            from webauthn.helpers import exceptions, structs  # noqa: PLC0415
        except ImportError as error:
            raise MissingExtraError(
                "extra.serve", "accounts need the extra 'serve'", todo='pip install "truceline[serve]"'
            ) from error
        self._webauthn, self._structs, self._wrong = webauthn, structs, exceptions.WebAuthnException
        self._origins = list(origins)

    def is_possible(self, host: str) -> bool:
        """Say whether browsers give passkeys at a host: at a name, never at a bare address."""
        return any(urlsplit(origin).hostname == host for origin in self._origins) and not _is_address(host)

    def ask_new(self, host: str, number: str, there: Iterable[bytes]) -> Asked:
        """Ask for a new passkey.

        Args:
            host: The name that the browser reached the service by.
            number: For whom; what a passkey's list shows.
            there: Ids of those that are there already.

        Returns:
            What the browser is asked.
        """
        structs = self._structs
        options = self._webauthn.generate_registration_options(
            rp_id=host, rp_name=_NAME, user_name=number, user_id=sha256(f"{_NAME}/{number}".encode()).digest(),
            exclude_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in there],
            authenticator_selection=structs.AuthenticatorSelectionCriteria(
                user_verification=structs.UserVerificationRequirement.PREFERRED
            ),
        )  # fmt: skip
        return Asked(self._webauthn.options_to_json(options), options.challenge)

    def take_new(self, host: str, answer: str, challenge: bytes) -> Signed:
        """Check a new passkey.

        Args:
            host: The name that it was asked for.
            answer: What the browser gave, JSON.
            challenge: What it was asked with.

        Returns:
            The passkey.

        Raises:
            InputError: It does not answer what was asked.
        """
        try:
            found = self._webauthn.verify_registration_response(
                credential=answer,
                expected_challenge=challenge,
                expected_rp_id=host,
                expected_origin=self._origins,
            )
        except (self._wrong, ValueError, KeyError, TypeError) as error:
            raise InputError(
                "passkey.wrong", "this passkey does not answer what was asked", todo="try again"
            ) from error
        return Signed(found.credential_id, found.credential_public_key, found.sign_count)

    def ask(self, host: str, there: Iterable[bytes]) -> Asked:
        """Ask for a signature by one of the passkeys that are there.

        Args:
            host: The name that the browser reached the service by.
            there: Their ids.

        Returns:
            What the browser is asked.
        """
        structs = self._structs
        options = self._webauthn.generate_authentication_options(
            rp_id=host, allow_credentials=[structs.PublicKeyCredentialDescriptor(id=one) for one in there],
            user_verification=structs.UserVerificationRequirement.PREFERRED,
        )  # fmt: skip
        return Asked(self._webauthn.options_to_json(options), options.challenge)

    def take(self, host: str, answer: str, challenge: bytes, there: Iterable[Signed]) -> Signed | None:
        """Check a signature.

        Args:
            host: The name that it was asked for.
            answer: What the browser gave, JSON.
            challenge: What it was asked with.
            there: The passkeys that count.

        Returns:
            The passkey with its new count; None where none of them signed this.
        """
        try:
            claimed = self._webauthn.helpers.parse_authentication_credential_json(answer)
            one = next(one for one in there if one.id == claimed.raw_id)
            found = self._webauthn.verify_authentication_response(
                credential=claimed, expected_challenge=challenge, expected_rp_id=host, expected_origin=self._origins,
                credential_public_key=one.public, credential_current_sign_count=one.n_signed,
            )  # fmt: skip
        except (self._wrong, ValueError, KeyError, TypeError, StopIteration):
            return None
        return Signed(one.id, one.public, found.new_sign_count)


def _is_address(host: str) -> bool:
    return ":" in host or host.replace(".", "").isdecimal()
