"""Notified flights and movements: a table that the one who moves sends beforehand. Its columns are our own."""

from __future__ import annotations

from truceline.detect.decoders.movements.decoder import FORMAT, MovementsDecoder, movement_of

__all__ = ["FORMAT", "MovementsDecoder", "movement_of"]
