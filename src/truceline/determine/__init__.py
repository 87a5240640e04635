"""determine: what the delegations sealed, opened and said -> rounds, each with how it stands or ended.

Takes: the rules that a record states for itself, its entries about determinations in order, and a moment.
Gives: a `Determination` for each round that was proposed.
May never: read a file or a clock; take silence for a consent or a dissent; show a form before its round opened; prefer a
delegation to another (the same entries with the letters exchanged give the same rounds with the letters exchanged).
"""

from truceline.determine.stage import determine

__all__ = ["determine"]
