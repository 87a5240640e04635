"""Reads the policy of roles. Touches: the package's ``rights.toml``."""

from __future__ import annotations

import tomllib
from importlib import resources

from truceline.core.access import Rights, read_rights, read_watched


def load_rights() -> Rights:
    """Read the policy of roles: role's word -> the role."""
    return read_rights(_policy())


def load_watched() -> frozenset[str]:
    """Read which entities' reading is written down."""
    return read_watched(_policy())


def _policy() -> dict[str, object]:
    file = resources.files("truceline") / "data" / "rights.toml"
    return tomllib.loads(file.read_text(encoding="utf-8"))
