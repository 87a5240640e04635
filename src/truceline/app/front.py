"""The front page of a served folder: what there is to look at."""

from __future__ import annotations

from html import escape
from pathlib import Path

from truceline.core.release import is_served

_WORDS = {
    "board.html": "Board of obligations · لوحة الالتزامات",
    "map.html": "Map · الخريطة",
    "report.en.pdf": "Report (English)",
    "report.ar.pdf": "التقرير (العربية)",
}
_STYLE = (
    "body{font:15px/1.6 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem;color:#1D272B;"
    "background:#F3F0E9}h1{font-size:1.3rem}li{margin:.35rem 0}a{color:#1B5B63}small{color:#5A656A}"
)


def front_page(folder: Path) -> bytes:
    """Return the front page as UTF-8 HTML: a link to each page and paper that is served.

    Args:
        folder: What a run wrote.

    Returns:
        The page.
    """
    there = {path.name for path in folder.iterdir() if path.is_file()} if folder.is_dir() else set()
    names = [name for name in _WORDS if name in there]
    names += sorted(name for name in there - set(_WORDS) if is_served(name))
    links = "".join(f'<li><a href="/{name}">{escape(_WORDS.get(name, name))}</a></li>' for name in names)
    empty = "" if links else "<p>Nothing has been run yet: <code>truceline run</code> fills this folder.</p>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        f"<title>Truceline</title><style>{_STYLE}</style><h1>Truceline · {escape(folder.name)}</h1>{empty}"
        f"<ul>{links}</ul><small>This machine only. Pages and paper hold what is public; no other file is served.</small></html>"
    ).encode()
