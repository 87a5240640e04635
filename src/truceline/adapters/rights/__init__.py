"""Reads the policy of roles. Touches: the package's ``rights.toml``."""

from __future__ import annotations

import tomllib
from importlib import resources

from truceline.core.access import Rights, read_rights


def load_rights() -> Rights:
    """Read the policy of roles: role's word -> the role."""
    file = resources.files("truceline") / "data" / "rights.toml"
    return read_rights(tomllib.loads(file.read_text(encoding="utf-8")))
