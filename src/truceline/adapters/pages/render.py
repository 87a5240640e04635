"""Board and map as single files: styles, script, fonts and data inside, no address asked for."""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Sequence
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape

from truceline.core.times import format_instant
from truceline.publish.edition import Edition
from truceline.publish.guide import Guide
from truceline.publish.tokens import AUTO, END, LTR, RTL, bare

_DATA = resources.files("truceline") / "data"
_FACES = (
    ("Noto Sans", "NotoSans"),
    ("Noto Sans Arabic", "NotoSansArabic"),
    ("Noto Serif", "NotoSerif"),
    ("Noto Naskh Arabic", "NotoNaskhArabic"),
)
_OPEN = {LTR: '<bdi dir="ltr">', RTL: '<bdi dir="rtl">', AUTO: "<bdi>", END: "</bdi>"}


def render_board(editions: Sequence[Edition]) -> str:
    """Lay out the board in all languages as one page.

    Args:
        editions: One edition a language, the first shown first; all of the same steps.

    Returns:
        The page.
    """
    return _render("board.html.j2", editions, ("page.js",))


def render_map(editions: Sequence[Edition]) -> str:
    """Lay out the map and its list in all languages as one page.

    Args:
        editions: As for `render_board`.

    Returns:
        The page.
    """
    return _render("map.html.j2", editions, ("page.js", "map.js"))


def render_guide(guides: Sequence[Guide], maker: str) -> str:
    """Lay out the guide of a copy of the record, all languages one below the other.

    Args:
        guides: One a language.
        maker: Which program made it.

    Returns:
        The page; it brings no fonts and no script.
    """
    css = "\n".join(_text(_DATA / "pages" / name).strip() for name in ("tokens.css", "guide.css"))
    page = _environment().get_template("guide.html.j2")
    return page.render(guides=guides, maker=maker, css=Markup(css))  # noqa: S704  our own file


def _render(template: str, editions: Sequence[Edition], scripts: tuple[str, ...]) -> str:
    script = "\n".join(_text(_DATA / "pages" / name).strip() for name in scripts)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")
    page = _environment().get_template(template)
    return page.render(
        editions=tuple(editions),
        last=len(editions[0].moments) - 1,
        css=Markup(stylesheet()),  # noqa: S704  our own file
        script=Markup(script),  # noqa: S704  our own file
        script_hash=f"sha256-{digest}",
        steps=Markup(steps_json(editions[0])),  # noqa: S704  '<' is escaped inside
    )


def steps_json(edition: Edition) -> str:
    """Write what each step knew: its moment, and every obligation's status."""
    steps = [
        {"known_at": format_instant(moment.known_at), "statuses": dict(statuses)}
        for moment, statuses in zip(edition.moments, edition.statuses, strict=True)
    ]
    return json.dumps({"steps": steps}, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def isolated(text: object) -> Markup:
    """Turn isolates into ``<bdi>``, everything else escaped."""
    safe = str(escape(text))
    for mark, tag in _OPEN.items():
        safe = safe.replace(mark, tag)
    return Markup(safe)  # noqa: S704  escaped above


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(lambda name: _text(_DATA / "pages" / name)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["iso"] = isolated
    environment.filters["drawn"] = Markup  # shapes of publish, words escaped there
    environment.filters["plain"] = lambda text: bare(str(text))
    return environment


@cache
def stylesheet() -> str:
    """Gather the styles of a page: fonts, the design's values, the page's own rules."""
    tokens = _text(_DATA / "pages" / "tokens.css")
    return "\n".join((_faces(), tokens, _text(_DATA / "pages" / "page.css")))


def _faces() -> str:
    rules = []
    for family, stem in _FACES:
        for weight, style in ((400, "Regular"), (700, "Bold")):
            file = _DATA / "fonts" / f"{stem}-{style}.woff2"
            if file.is_file():
                data = base64.b64encode(file.read_bytes()).decode("ascii")
                rules.append(
                    f'@font-face{{font-family:"{family}";font-weight:{weight};font-display:block;'
                    f'src:url(data:font/woff2;base64,{data}) format("woff2")}}'
                )
    return "\n".join(rules)


def _text(file: Traversable) -> str:
    return file.read_text(encoding="utf-8")
