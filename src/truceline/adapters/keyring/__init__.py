"""Keys as files on their owner's own machine, locked by a passphrase; and what only an escrow's key opens."""

from truceline.adapters.keyring.escrow import decrypt_with, encrypt_to, escrow_key
from truceline.adapters.keyring.files import HeldKey, new_key, read_key

__all__ = ["HeldKey", "decrypt_with", "encrypt_to", "escrow_key", "new_key", "read_key"]
