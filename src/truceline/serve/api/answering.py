"""Answers of the API with a tag of their content, so that what a program has already is not sent again."""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from litestar.response import Response

from truceline.app import shapes
from truceline.serve.asking import Asked

JSON = "application/json"
HTTP_304_NOT_MODIFIED = 304


def tagged(request: Asked, value: Any, tag: str = "") -> Response[bytes]:
    """Answer with JSON and its tag; with nothing but the tag where the program has it already.

    Args:
        request: The request; ``If-None-Match`` says what the program has.
        value: The answer.
        tag: The tag; empty takes the hash of the answer.

    Returns:
        200 with the answer, or 304.
    """
    body = shapes.encode(value)
    mark = f'"{tag or sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": mark, "Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Language"}
    known = {word.strip().removeprefix("W/") for word in request.headers.get("if-none-match", "").split(",")}
    if mark in known or "*" in known:
        return Response(b"", status_code=HTTP_304_NOT_MODIFIED, headers=headers, media_type=JSON)
    return Response(body, media_type=JSON, headers=headers)
