"""Set words to read apart from the page around them: title, body, captions, datelines, links, comments, footers.

Rules look at a line's form, its place and the phrases of the lexicons; none knows an article or a paper. Offsets are
code points of the original text, so a claim found in a segment points back into the item as received.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from truceline.collect.chrome import Chrome, words_of
from truceline.collect.openings import FIGURE_DATE, TOKEN, is_dateline, opening_end
from truceline.core.reports import Segment, SegmentKind

_LINE = re.compile(r"[^\r\n\u2028\u2029\x0b\x0c]+")
_BLANK = re.compile(r"^[\s\ufeff\u200b-\u200f\u202a-\u202e]+|[\s\ufeff\u200b-\u200f\u202a-\u202e]+$")
_SENTENCE_END = re.compile(r"[.!?؟。…]+[\"”»')\]]*$|[.!?؟][\"”»')\]]*$")
_SENTENCE_GAP = re.compile(r"(?<=[.!?؟…])[\"”»)]*\s+")
_BULLET = re.compile(r"^[•·▪◦●*–—-]\s+")
_URL = re.compile(r"^(?:https?://|www\.)\S+$")
_TAGS = re.compile(r"^(?:#[^\s#]+[\s,،|]*)+$")
_SLUG = re.compile(r"^[A-Za-z]+(?:[-_][A-Za-z0-9]+)+$")
_CLOCK = re.compile(r"\d{1,2}:\d{2}")
_COLON = re.compile(r"^\s*[:：|»›>–—-]")

_LONG_WORDS = 25
_SENTENCE_WORDS = 8
_TITLE_WORDS = 60
_FOOTER_REST = 400
_HEAD_WORDS = 14
_SIGNATURE = 800
_RULE = "---"


@dataclass(frozen=True)
class Line:
    """One line that holds something: its span without outer white space, and its words."""

    start: int
    end: int
    text: str
    is_apart: bool

    @cached_property
    def words(self) -> list[str]:
        """Folded words of its first 600 characters: enough for every rule that asks."""
        return words_of(self.text[:600])

    @cached_property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return _SENTENCE_END.search(self.text[-6:]) is not None

    @cached_property
    def is_paragraph(self) -> bool:
        """Whether it reads as running text."""
        count = len(self.words)
        return count >= _LONG_WORDS or (self.is_sentence and count >= _SENTENCE_WORDS)

    @cached_property
    def key(self) -> str:
        """Its words, joined: equal for lines that say the same."""
        return " ".join(self.words)


def classify(text: str, chrome: Chrome) -> tuple[Segment, ...]:
    """Split a text into runs and say what each is.

    Args:
        text: The item's text, newlines untouched.
        chrome: The lexicons.

    Returns:
        Segments in order, without overlap; white space between them belongs to none. Empty for a blank text.
    """
    lines = _lines_of(text)
    kinds: list[SegmentKind | None] = [_whole_line(line, chrome) for line in lines]
    cut = _comments_from(lines, kinds, chrome)
    for index in range(cut, len(lines)):
        kinds[index] = "comment"
    _mark_signature(lines, kinds)
    _mark_mastheads(lines, kinds)
    _mark_front_matter(lines, kinds)
    title = _title_at(lines, kinds)
    if title is not None:
        kinds[title] = "title"
    _mark_header(lines, kinds, title, chrome)
    _mark_links(lines, kinds, title, chrome)
    _mark_repeats(lines, kinds)
    _mark_rest(lines, kinds)
    return tuple(_segments(lines, kinds, chrome))


def _lines_of(text: str) -> list[Line]:
    found: list[Line] = []
    last_end = 0
    for match in _LINE.finditer(text):
        raw = match.group()
        bare = _BLANK.sub("", raw)
        if not bare:
            continue
        start = match.start() + raw.index(bare)
        end = start + len(bare)
        gap = text.count("\n", last_end, start)
        found.append(Line(start, end, bare, gap >= 2 or not found))
        last_end = end
    return found


def _whole_line(line: Line, chrome: Chrome) -> SegmentKind | None:
    """Name a line that is chrome by itself, wherever it stands."""
    if len(line.text) > 200:
        return _footer_line(line, chrome)
    if _URL.match(line.text) or _TAGS.match(line.text):
        return "share"
    if _SLUG.match(line.text):
        return "caption"
    plain = " ".join("#" if word.isdigit() else word for word in line.words)
    if plain in chrome.lines:
        return chrome.lines[plain]  # type: ignore[return-value]
    for kind, index in chrome.starts.items():
        if index.begins(line.words) and not line.is_sentence:
            return kind  # type: ignore[return-value]
    return _figures_only(line, chrome) or _footer_line(line, chrome)


def _figures_only(line: Line, chrome: Chrome) -> SegmentKind | None:
    """Name a line of nothing but a date, a clock or counters."""
    words = line.words
    if not words:
        return "counters"
    if not any(word.isdigit() for word in words) or len(words) > 16:
        return None
    if not all(word.isdigit() or word in chrome.date_words for word in words):
        return None
    if _BULLET.match(line.text) or (
        all(word.isdigit() for word in words) and not FIGURE_DATE.search(line.text)
    ):
        return "counters"
    dated = (
        FIGURE_DATE.search(line.text)
        or _CLOCK.search(line.text)
        or any(word in chrome.months for word in words)
    )
    return "dateline" if dated else None


def _footer_line(line: Line, chrome: Chrome) -> SegmentKind | None:
    return "footer" if line.text.startswith("©") or chrome.footers.begins(line.words) else None


def _mark_front_matter(lines: list[Line], kinds: list[SegmentKind | None]) -> None:
    """Between two rules at the very top stand facts about a text, not the text."""
    if not lines or lines[0].text != _RULE:
        return
    closing = next((index for index, line in enumerate(lines[1:21], start=1) if line.text == _RULE), 0)
    for index in range(closing + 1 if closing else 0):
        kinds[index] = "dateline" if kinds[index] == "dateline" else "masthead"


def _mark_signature(lines: list[Line], kinds: list[SegmentKind | None]) -> None:
    """Below the mark that mail sets before a signature stands no news."""
    at = next((index for index, line in enumerate(lines) if index and line.text == "--"), None)
    if at is not None and lines[-1].end - lines[at].start <= _SIGNATURE:
        kinds[at:] = ["footer"] * (len(lines) - at)


def _comments_from(lines: list[Line], kinds: list[SegmentKind | None], chrome: Chrome) -> int:
    """Return the index from which on readers speak; a heading before any running text is only a link."""
    seen_text = False
    for index, line in enumerate(lines):
        seen_text = seen_text or (kinds[index] is None and line.is_paragraph)
        if len(line.text) > 60:
            continue
        if " ".join("#" if word.isdigit() else word for word in line.words) in chrome.comment_heads:
            if seen_text:
                return index
            kinds[index] = "share"
    return len(lines)


def _mark_mastheads(lines: list[Line], kinds: list[SegmentKind | None]) -> None:
    """A masthead's office is followed by a name; a block of short lines told twice at the top is one as well."""
    for index, kind in enumerate(kinds[:-1]):
        if kind == "masthead" and kinds[index + 1] is None and len(lines[index + 1].words) <= 4:
            kinds[index + 1] = "masthead"
    for size in (2, 3, 4):
        block = [line.key for line in lines[: size * 2]]
        short = all(len(line.words) <= 5 for line in lines[: size * 2])
        if len(block) == size * 2 and short and block[:size] == block[size:] and len(set(block)) > 1:
            kinds[: size * 2] = [kind or "masthead" for kind in kinds[: size * 2]]


def _title_at(lines: list[Line], kinds: list[SegmentKind | None]) -> int | None:
    """Return the index of the headline: the first line that is no chrome and no running text, with text below."""
    open_lines = [index for index, kind in enumerate(kinds) if kind is None]
    if len(open_lines) < 2:
        return None
    first, second = open_lines[:2]
    if _is_section(lines[first]) and len(open_lines) > 2 and _is_headline(lines[second]):
        kinds[first] = "section"
        first = second
    return first if _is_headline(lines[first]) else None


def _is_section(line: Line) -> bool:
    return len(line.words) <= 2 and not line.is_sentence and not re.search(r"[\d:\"«»“”#]", line.text)


def _is_headline(line: Line) -> bool:
    return 1 <= len(line.words) <= _TITLE_WORDS and not line.text.endswith((".", "…", "،", ","))


def _mark_header(
    lines: list[Line], kinds: list[SegmentKind | None], title: int | None, chrome: Chrome
) -> None:
    """Between the title and the first running text: the title again, captions, bylines, second headlines."""
    if title is None:
        return
    for index in range(title + 1, len(lines)):
        if kinds[index] is not None:
            continue
        line = lines[index]
        if _says_again(line, lines[title]):
            kinds[index] = "repeat"
        elif _is_byline(line, chrome):
            kinds[index] = "byline"
        elif is_dateline(line.text, chrome):
            kinds[index] = "dateline"
        elif line.is_paragraph:
            return
        elif _is_credit(line, chrome) or _is_told_twice(lines, index):
            kinds[index] = "caption"
        else:
            kinds[index] = None


def _says_again(line: Line, title: Line) -> bool:
    ours, theirs = line.words, title.words
    if len(theirs) < 3 or len(ours) < 3 or len(ours) > 1.5 * len(theirs) + 2:
        return False
    if ours == theirs[: len(ours)] or theirs == ours[: len(theirs)]:
        return len(ours) >= 5 or ours == theirs
    pairs = set(pairwise(ours))
    return len(pairs & set(pairwise(theirs))) >= 0.8 * len(pairs)


def _is_byline(line: Line, chrome: Chrome) -> bool:
    if line.words and chrome.agencies.begins(line.words) == len(line.words):
        return True
    count = chrome.bylines.begins(line.words)
    return (
        0 < count < len(line.words) <= count + 7
        and not line.is_sentence
        and not any(word.isdigit() for word in line.words)
        and not re.search(r"[\"«»“”]", line.text)
    )


def _is_credit(line: Line, chrome: Chrome) -> bool:
    """Whether a line ends in an agency's name after a dash, slash or bracket, or opens as captions do."""
    if line.is_sentence and line.text[-1] != ")":
        return False
    count = chrome.agencies.ends(line.words[-4:])
    if 0 < count < len(line.words):
        spans = [match.start() for match in TOKEN.finditer(line.text)]
        before = line.text[: spans[-count]].rstrip() if len(spans) >= count else ""
        if before.endswith(("-", "–", "—", "/", "|", "(", "[", ":")):
            return True
    return _follows_colon(line, chrome.captions.begins(line.words))


def _is_told_twice(lines: list[Line], index: int) -> bool:
    line = lines[index]
    near = lines[max(0, index - 1) : index] + lines[index + 1 : index + 2]
    return any(other.key == line.key for other in near) and len(line.words) <= 30


def _follows_colon(line: Line, count: int) -> bool:
    if not count:
        return False
    ends = [match.end() for match in TOKEN.finditer(line.text[:120])]
    return len(ends) >= count and _COLON.match(line.text[ends[count - 1] :]) is not None


def _mark_links(
    lines: list[Line], kinds: list[SegmentKind | None], title: int | None, chrome: Chrome
) -> None:
    """Links to other articles, captions inside the text, and the writer's name at its end."""
    awaits_link = False
    for index, line in enumerate(lines):
        if index == title or kinds[index] not in {None, "share"}:
            awaits_link = False
            continue
        count = chrome.read_also.begins(line.words)
        is_only_phrase = 0 < count == len(line.words)
        if is_only_phrase and (count > 1 or kinds[index] is None) and line.text.endswith(":"):
            kinds[index], awaits_link = "read_also", True
        elif is_only_phrase or _follows_colon(line, count) or _is_loose_link(line, count):
            kinds[index], awaits_link = "read_also", False
        elif awaits_link and kinds[index] is None and not line.is_paragraph and not line.is_sentence:
            kinds[index] = "read_also"
            awaits_link = _BULLET.match(line.text) is not None
        elif kinds[index] is None and index and len(line.text) <= 200:
            awaits_link = False
            if _follows_colon(line, chrome.captions.begins(line.words)):
                kinds[index] = "caption"
        else:
            awaits_link = False
    _mark_last_byline(lines, kinds, title, chrome)


def _is_loose_link(line: Line, count: int) -> bool:
    return count >= 2 and not line.is_sentence and len(line.words) <= 25


def _mark_last_byline(
    lines: list[Line], kinds: list[SegmentKind | None], title: int | None, chrome: Chrome
) -> None:
    left = [index for index, kind in enumerate(kinds) if kind is None and index != title]
    if len(left) > 1 and _is_byline(lines[left[-1]], chrome):
        kinds[left[-1]] = "byline"


def _mark_repeats(lines: list[Line], kinds: list[SegmentKind | None]) -> None:
    """A paragraph told a second time is a repeat; figures alone may differ and then it is none."""
    seen: set[str] = set()
    for index, line in enumerate(lines):
        if kinds[index] not in {None, "title"} or len(line.words) < 5:
            continue
        key = line.key if len(line.text) <= 600 else line.text
        if key in seen:
            kinds[index] = "repeat"
        seen.add(key)


def _mark_rest(lines: list[Line], kinds: list[SegmentKind | None]) -> None:
    open_lines = [index for index, kind in enumerate(kinds) if kind is None]
    has_text = any(lines[index].is_paragraph for index in open_lines)
    for index in open_lines:
        line = lines[index]
        is_head = (
            has_text
            and line.is_apart
            and len(line.words) <= _HEAD_WORDS
            and not line.is_sentence
            and not _BULLET.match(line.text)
            and not line.text.endswith((",", "،", ";", "؛", ":"))
        )
        kinds[index] = "heading" if is_head else "body"


def _segments(lines: list[Line], kinds: list[SegmentKind | None], chrome: Chrome) -> list[Segment]:
    """Turn lines into segments; running text gives up its dateline and its footer, comments become one run."""
    found: list[Segment] = []
    bodies = [index for index, kind in enumerate(kinds) if kind == "body"]
    openings, endings = set(bodies[:2]), set(bodies[-2:])
    for index, (line, kind) in enumerate(zip(lines, kinds, strict=True)):
        if kind == "comment" and found and found[-1].kind == "comment":
            found[-1] = Segment(found[-1].start, line.end, "comment")
        elif kind == "body":
            found.extend(_body(line, chrome, is_opening=index in openings, is_ending=index in endings))
        else:
            found.append(Segment(line.start, line.end, kind or "body"))
    return found


def _body(line: Line, chrome: Chrome, *, is_opening: bool, is_ending: bool) -> list[Segment]:
    start, end = 0, len(line.text)
    found: list[Segment] = []
    opened = opening_end(line.text, chrome, is_first=is_opening)
    if opened:
        found.append(Segment(line.start, line.start + len(line.text[:opened].rstrip()), "dateline"))
        start = opened
    closed = _footer_at(line.text, start, chrome) if is_ending else end
    if closed > start:
        found.append(Segment(line.start + start, line.start + len(line.text[:closed].rstrip()), "body"))
    if closed < end:
        found.append(Segment(line.start + closed, line.end, "footer"))
    return found


def _footer_at(text: str, start: int, chrome: Chrome) -> int:
    """Return where an agency's own words about itself begin inside running text; its length where they do not."""
    for gap in _SENTENCE_GAP.finditer(text, start):
        rest = text[gap.end() :]
        if len(rest) <= _FOOTER_REST and chrome.footers.begins(words_of(rest[:80])):
            return gap.end()
    return len(text)
