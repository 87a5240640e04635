"""The stages, in the order of the work, and what each says of itself."""

from __future__ import annotations

import ast
from importlib import resources

STAGES = ("collect", "extract", "detect", "link", "assess", "picture", "publish")


def tell() -> dict[str, tuple[str, ...]]:
    """Return stage -> what it takes, gives and may never do, as its own folder says."""
    told = {}
    for name in STAGES:
        # read, not run: a stage may need an extra that is not installed
        source = (resources.files("truceline") / name / "__init__.py").read_text(encoding="utf-8")
        text = ast.get_docstring(ast.parse(source)) or ""
        told[name] = tuple(line.strip() for line in text.strip().splitlines()[1:] if line.strip())
    return told
