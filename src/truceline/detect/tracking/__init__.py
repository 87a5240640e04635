"""Tracking: arrays of tracks, moved, gated, assigned and updated one scan at a time."""
