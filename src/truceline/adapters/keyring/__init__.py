"""Keys as files on their owner's own machine, locked by a passphrase."""

from truceline.adapters.keyring.files import HeldKey, new_key, read_key

__all__ = ["HeldKey", "new_key", "read_key"]
