"""Read texts and pages: .txt, .md, .html."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from truceline.adapters.files.delivery import Delivery, Limits
from truceline.adapters.files.encodings import decode_text
from truceline.collect.ports import Item
from truceline.core.errors import InputError
from truceline.core.reports import Publication
from truceline.core.times import parse_known_at

_VOID = frozenset(
    (
        "area",
        "base",
        "br",
        "col",
        "embed",
        "hr",
        "img",
        "input",
        "link",
        "meta",
        "source",
        "track",
        "wbr",
        "param",
    )
)
_LOOSE = frozenset(("p", "li", "td", "th", "tr", "dd", "dt", "option"))
_SILENT = frozenset(("script", "style", "noscript", "template", "head", "nav", "form", "button"))
_BREAKS = frozenset(
    ("p", "div", "br", "li", "tr", "h1", "h2", "h3", "h4", "h5", "h6", "article", "section", "header")
)
_CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]{3,20})", re.IGNORECASE)
_PUBLISHED = (
    "article:published_time",
    "datepublished",
    "og:article:published_time",
    "dc.date.issued",
    "pubdate",
)
_TITLES = ("og:title", "twitter:title")
_LINE = re.compile(r"[^\r\n]+")


def read_text(delivery: Delivery) -> Iterator[Item]:
    """Read a plain text; offsets are those of the file."""
    decoded = decode_text(delivery.data)
    check_text(decoded.text, delivery.limits)
    media_type = "text/markdown" if delivery.suffix == "md" else "text/plain"
    yield delivery.item(decoded.text, encoding=decoded.encoding, media_type=media_type)


def check_text(text: str, limits: Limits) -> None:
    """Refuse a text without a letter or digit, and one that no reader can have meant.

    Args:
        text: The text.
        limits: The longest line and text.

    Raises:
        InputError: ``input.empty``, ``input.line_too_long`` or ``input.too_large``.
    """
    if not any(map(str.isalnum, text)):
        raise InputError("input.empty", "holds no word", todo="put in a text, or remove it")
    if len(text) > limits.line_chars:
        longest = max(match.end() - match.start() for match in _LINE.finditer(text))
        if longest > limits.line_chars:
            raise InputError(
                "input.line_too_long",
                f"has a line of {longest:,} characters; the most is {limits.line_chars:,}",
                todo="split it into lines; this is no article",
            )
    if len(text) > limits.text_chars:
        raise InputError(
            "input.too_large",
            f"has {len(text):,} characters; the most is {limits.text_chars:,}",
            todo="split it into items",
        )


def read_html(delivery: Delivery) -> Iterator[Item]:
    """Read the article of a page; offsets are those of the text that came out of it."""
    text, encoding = decode_page(delivery.data)
    if len(text) > delivery.limits.text_chars:
        raise InputError(
            "input.too_large", f"is a page of {len(text):,} characters", todo="open it and save its text"
        )
    page = _Page(delivery.limits.html_depth)
    page.feed(text)
    page.close()
    if page.is_too_deep:
        raise InputError(
            "input.too_deep",
            f"has elements more than {delivery.limits.html_depth} deep",
            todo="open it in a browser and save its text",
        )
    body = article_of(text, page)
    check_text(body, delivery.limits)
    fields = {} if "title" in delivery.fields or not page.title else {"title": page.title}
    yield delivery.item(
        body, encoding=encoding, media_type="text/html", fields=fields, publication=page.publication
    )


def decode_page(data: bytes) -> tuple[str, str]:
    """Decode a page by the encoding it names for itself where that holds, else by what its bytes say.

    Args:
        data: The page.

    Returns:
        The text and the name of its encoding.

    Raises:
        InputError: The bytes are no text.
    """
    named = _CHARSET.search(data[:4096])
    if named and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
        name = named.group(1).decode("ascii").lower()
        try:
            return data.decode(name), name
        except (LookupError, UnicodeDecodeError):
            pass
    decoded = decode_text(data)
    return decoded.text, decoded.encoding


def article_of(page_text: str, page: _Page | None = None) -> str:
    """Return the words of a page's article, its headline first.

    Args:
        page_text: The page's source.
        page: The same page as read already, or None.

    Returns:
        The text; what all elements say where no article can be told from the rest.
    """
    if page is None:
        page = _Page(10_000)
        page.feed(page_text)
        page.close()
    body = _main_text(page_text) or page.text
    head = page.title
    if head and head not in body[: len(head) + 200]:
        return f"{head}\n\n{body}"
    return body


def _main_text(page_text: str) -> str:
    if len(page_text) < 200:
        return ""
    import trafilatura  # noqa: PLC0415 - costs most of a second, and few inboxes hold pages

    try:
        found = trafilatura.extract(
            page_text, output_format="txt", include_comments=False, include_tables=True, favor_recall=True
        )
    except (RecursionError, ValueError, AssertionError):
        return ""
    return str(found or "")


class _Page(HTMLParser):
    """What a page says in its own head, all its words, and how deep its elements stand."""

    def __init__(self, most_deep: int) -> None:
        super().__init__(convert_charrefs=True)
        self._most = most_deep
        self._depth = 0
        self._silent = 0
        self._takes: str | None = None
        self._parts: list[str] = []
        self._found: dict[str, str] = {}
        self.is_too_deep = False
        self.publication: Publication | None = None

    @property
    def title(self) -> str:
        """The headline the page names for sharing, else its first heading, else its title."""
        return next((self._found[key] for key in (*_TITLES, "h1", "title") if self._found.get(key)), "")

    @property
    def text(self) -> str:
        """All its words, a line a block."""
        lines = (" ".join(line.split()) for line in "".join(self._parts).split("\n"))
        return "\n".join(line for line in lines if line)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Count depth, and read what the head says."""
        if tag == "meta":
            self._meta({key: value or "" for key, value in attrs})
        if tag in _BREAKS:
            self._parts.append("\n")
        if tag in {"h1", "title"}:
            self._takes = tag
        if tag not in _VOID and tag not in _LOOSE:
            self._depth += 1
            self.is_too_deep = self.is_too_deep or self._depth > self._most
        self._silent += tag in _SILENT and tag != "head"

    def handle_endtag(self, tag: str) -> None:
        """Count depth."""
        if tag in {"h1", "title"}:
            self._takes = None
        if tag not in _VOID and tag not in _LOOSE:
            self._depth = max(0, self._depth - 1)
        if tag in _SILENT and tag != "head":
            self._silent = max(0, self._silent - 1)
        if tag in _BREAKS:
            self._parts.append("\n")

    def handle_data(self, data: str) -> None:
        """Keep words."""
        if self._takes:
            self._found[self._takes] = " ".join((self._found.get(self._takes, "") + data).split())
        if not self._silent and self._takes != "title":
            self._parts.append(data)

    def _meta(self, attributes: dict[str, Any]) -> None:
        name = (
            attributes.get("property") or attributes.get("name") or attributes.get("itemprop") or ""
        ).lower()
        value = attributes.get("content", "").strip()
        if name in _TITLES and value:
            self._found.setdefault(name, " ".join(value.split()))
        if name in _PUBLISHED and value and self.publication is None:
            self.publication = stated(value)


def stated(value: str) -> Publication | None:
    """Return a date that an item states in its own header; None where it is none."""
    try:
        moment = parse_known_at(value)
    except InputError:
        try:
            moment = parse_known_at(value[:10])
        except InputError:
            return None
        value = value[:10]
    is_day = len(value) == 10
    written = moment.date().isoformat() if is_day else moment.isoformat().replace("+00:00", "Z")
    return Publication(written, "explicit", value)
