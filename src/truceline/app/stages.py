"""The stages, in the order of the work, and what each says of itself."""

from __future__ import annotations

import importlib

STAGES = ("collect", "extract", "link", "assess", "picture", "publish")


def tell() -> dict[str, tuple[str, ...]]:
    """Return stage -> what it takes, gives and may never do, as its own folder says."""
    told = {}
    for name in STAGES:
        text = importlib.import_module(f"truceline.{name}").__doc__ or ""
        told[name] = tuple(line.strip() for line in text.strip().splitlines()[1:] if line.strip())
    return told
