"""Proof that nothing changed: entries, canonical bytes, tree, proofs, notes, keys, policy.

Pure: it hashes, signs and checks bytes that others fetch and keep. Where the bytes lie is a Protocol in ``store``.
"""
