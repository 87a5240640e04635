"""The paper edition as PDF: our template, our fonts and no others, the same bytes each time."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from importlib import resources
from typing import Any

import segno
import typst

from truceline.adapters.typst.fonts import font_folder
from truceline.ledger.imprint import Imprint
from truceline.publish.edition import Drawing, Edition, Paper

_DATA = resources.files("truceline") / "data"
_LABELS = (
    "in_brief",
    "obligations",
    "claims_accepted",
    "claims_machine",
    "incidents",
    "counters",
    "figures",
    "restrictions",
    "sources",
    "notes",
    "none_accepted",
    "none_machine",
    "none_incidents",
    "none_counters",
    "none_restrictions",
    "none_sources",
    "col_obligation",
    "col_due",
    "col_status",
    "col_exposure",
    "col_speaker",
    "col_put",
    "col_what",
    "col_basis",
    "col_when",
    "col_counter",
    "col_now",
    "col_before",
    "col_rule",
    "col_source",
    "col_items",
    "col_copies",
    "col_first",
    "origin",
    "size",
    "check",
    "root",
    "no_record",
    "says_not_merged",
    "numbers",
    "page",
)
_MARK = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke="#1D272B" stroke-width="1.5">'
    '<path d="M10 4.2a8 8 0 0 0 0 15.6z" fill="#1D272B" stroke="none"/><path d="M14 4.2a8 8 0 0 1 0 15.6z"/>'
    '<path d="M12 1.5v2.2M12 6.4v2.6M12 11v2.2M12 15.4v2.4M12 20.4v2"/></svg>'
)


def render_report(edition: Edition) -> Paper:
    """Set the paper of an edition.

    Args:
        edition: The edition.

    Returns:
        The paper; the same edition gives the same bytes.

    Raises:
        UnavailableError: The fonts were not built, so the paper would come out in others.
    """
    fonts = font_folder()
    name = f"report.{edition.language}.pdf"
    given = payload(edition)
    imprint = _imprint(edition, name, given)
    data = typst.compile(
        str(_DATA / "typst" / "report.typ"),
        font_paths=[fonts],
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps({**given, "code": _code(imprint)}, ensure_ascii=False)},
        timestamp=int(edition.issued.timestamp()),
    )
    return Paper(name, edition.language, bytes(data), imprint)


def _imprint(edition: Edition, name: str, given: dict[str, Any]) -> Imprint | None:
    """Tie what the paper says to the record; the code itself is no part of what it says."""
    head = edition.head
    if head is None:
        return None
    content = hashlib.sha256(json.dumps(given, ensure_ascii=False, sort_keys=True).encode()).digest()
    return Imprint(head.origin, head.size, bytes.fromhex(head.root), name, content)


def _code(imprint: Imprint | None) -> str:
    """Draw an imprint as a QR code that bears a fold or a stain (level M); empty where there is none."""
    if imprint is None:
        return ""
    return segno.make(imprint.text(), error="m", micro=False).svg_inline(dark="#1D272B")


def payload(edition: Edition) -> dict[str, Any]:
    """Gather what the template reads: labels, masthead, report, drawings as SVG."""
    report = asdict(edition.report)
    css = (_DATA / "typst" / "drawing.css").read_text(encoding="utf-8")
    report["timeline"] = {"title": edition.report.timeline.title, "svg": svg(edition.report.timeline, css)}
    report["map"] = {"title": edition.report.map.title, "svg": svg(edition.report.map, css)}
    words = edition.words
    labels = {name: words.say(f"report.{name}") for name in _LABELS}
    labels["table_1"] = words.say("report.table", n="\u2066T1\u2069")
    labels["brand"] = words.say("meta.brand")
    labels["nobody"] = words.say("map.nobody")
    labels["mark_says"] = words.say("review.mark_says")
    return {
        "language": edition.language,
        "direction": edition.direction,
        "fonts": {"record": words.say("meta.fonts_record"), "plain": words.say("meta.fonts_plain")},
        "title": f"{edition.report.kind} – {edition.masthead.centre}",
        "masthead": asdict(edition.masthead),
        "report": report,
        "label": labels,
        "mark": _MARK,
        "kinds": [
            {
                "word": word,
                "svg": svg(Drawing(26, 26, f'<g transform="translate(13 13)">{shape}</g>', word), css),
            }
            for word, shape in edition.map.kinds
        ],
    }


def svg(drawing: Drawing, css: str) -> str:
    """Wrap a drawing as a picture of its own, with the styles of paper."""
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {drawing.width:g} {drawing.height:g}">'
        f"<style>{css}</style><defs>"
        '<radialGradient id="halo"><stop offset="0" stop-color="#54426E" stop-opacity=".34"/>'
        '<stop offset="1" stop-color="#54426E" stop-opacity="0"/></radialGradient>'
        '<pattern id="hatch" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)">'
        '<path d="M0 0V6" stroke="#8F8A7C" stroke-width="2"/></pattern></defs>'
        f"{drawing.inner}</svg>"
    )
