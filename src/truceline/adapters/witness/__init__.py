"""Carries checkpoints to witnesses and their cosignatures back, over HTTP. Source: C2SP tlog-witness."""

from truceline.adapters.witness.client import HttpWitness
from truceline.adapters.witness.server import serve_witness

__all__ = ["HttpWitness", "serve_witness"]
