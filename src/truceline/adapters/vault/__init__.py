"""Personal values on their owner's own machine: encrypted one by one, each destroyable alone. Touches: a SQLite file, a key file."""

from truceline.adapters.vault.search import Trace, find_value
from truceline.adapters.vault.store import Held, Vault, destroy_vault, overwrite
from truceline.adapters.vault.words import protection_words

__all__ = ["Held", "Trace", "Vault", "destroy_vault", "find_value", "overwrite", "protection_words"]
