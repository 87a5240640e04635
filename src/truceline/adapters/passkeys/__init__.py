"""Passkeys: asks a browser for one and checks what it signed (WebAuthn). Touches: chance, by the library."""

from truceline.adapters.passkeys.ceremony import Asked, Ceremony, Signed

__all__ = ["Asked", "Ceremony", "Signed"]
