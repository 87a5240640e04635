"""JSON Schemas of a pack's files, made from the core's dataclasses so that they cannot drift from them."""

from __future__ import annotations

from typing import Any

import msgspec

from truceline.adapters.packs.load import FEATURE_FILES, LIST_FILES, WHOLE_FILES

_NAME = {"$ref": "#/$defs/Name"}
_NAME_LIST = {"type": "array", "items": _NAME}
_DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schemas() -> dict[str, dict[str, Any]]:
    """Return the JSON Schema of each file of a pack.

    Returns:
        File name -> schema; ``lexicon`` stands for each ``lexicon/<lang>.yaml``.
    """
    found = {file: _schema(file, kind) for file, (_, kind) in WHOLE_FILES.items()}
    for file, kinds in LIST_FILES.items():
        whole = msgspec.defstruct("Pack", [(key, list[kind], []) for key, kind in kinds.items()])  # type: ignore[valid-type]
        found[file] = _schema(file, whole)
    for file, (_, kind) in FEATURE_FILES.items():
        found[file] = _collection(file, kind)
    found["lexicon"] = _schema("lexicon", dict[str, list[str]])
    return found


def _schema(title: str, kind: Any) -> dict[str, Any]:
    """Make a schema; a name may also be written short, as its words alone."""
    schema = msgspec.json.schema(kind)
    _shorten(schema)
    return {"$schema": _DIALECT, "title": title, **schema}


def _shorten(schema: dict[str, Any]) -> None:
    """Close the objects, and let names be written short: words alone, or one form in place of a list."""
    for key, definition in schema.get("$defs", {}).items():
        if "properties" in definition:
            definition["additionalProperties"] = False
        if key == "Name":
            schema["$defs"][key] = {"anyOf": [{"type": "string"}, definition]}
    _open_names(schema)


def _open_names(part: Any) -> None:
    if isinstance(part, list):
        for item in part:
            _open_names(item)
    elif isinstance(part, dict):
        for key, item in part.items():
            if item == _NAME_LIST:
                part[key] = {"anyOf": [_NAME, _NAME_LIST]}
            else:
                _open_names(item)


def _collection(title: str, kind: Any) -> dict[str, Any]:
    """Wrap a thing's schema as a FeatureCollection: its fields are the properties, its geometry the geometry."""
    schema = _schema(title, kind)
    definition = schema["$defs"][kind.__name__]
    definition["properties"].pop("geometry")
    definition["required"] = [key for key in definition["required"] if key != "geometry"]
    feature = {
        "type": "object",
        "required": ["type", "properties", "geometry"],
        "properties": {
            "type": {"const": "Feature"},
            "properties": {"$ref": f"#/$defs/{kind.__name__}"},
            "geometry": {"type": ["object", "null"]},
        },
    }
    return {
        "$schema": _DIALECT,
        "title": title,
        "type": "object",
        "required": ["type", "features"],
        "properties": {
            "type": {"const": "FeatureCollection"},
            "features": {"type": "array", "items": feature},
        },
        "$defs": schema["$defs"],
    }
