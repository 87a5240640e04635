"""What stands on every page: brand, places, the moment, clocks, language, who is there, and the realm's frame."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from litestar.response import Response

from truceline.app.wiring import render_console
from truceline.core.filters import Filter
from truceline.core.names import name_in
from truceline.core.release import DELEGATIONS
from truceline.publish.catalogue import Catalogue
from truceline.publish.duty import OPEN
from truceline.publish.tokens import Tokens, ltr, offset
from truceline.serve.answers import HEADERS
from truceline.serve.asking import Question
from truceline.serve.console.tour import Tour, tour_of

PLACES = (
    ("watch", "/", "incidents", "console.place.watch"),
    ("board", "/board", "obligations", "console.place.board"),
    ("map", "/map", "features", "console.place.map"),
    ("feeds", "/feeds", "feeds", "console.place.feeds"),
    ("review", "/review", "rejected", "console.place.review"),
    ("duty", "/notices", "notices", "console.place.duty"),
    ("report", "/report", "papers", "console.place.report"),
    ("accounts", "/accounts", "accounts", "console.access.accounts"),
    ("audit", "/audit", "audit", "console.access.audit"),
)
"""The places of the top bar: word, address, the entity that one must read to see it, key of the catalogue."""


DUTIES = (
    ("notices", "/notices", "notify", "N"), ("enter", "/enter", "enter", "E"), ("handover", "/handover", "watch", "H"),
)  # fmt: skip
"""The pages of the watch: word, address, the act that each is for, its key."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A moment on the slider: its day as an address says it, in words, and where it stands, in percent of the way."""

    day: str
    word: str
    x: float


@dataclass(frozen=True)
class Frame:
    """The frame of a page, its words ready.

    Args:
        question: What was asked.
        place: Key of the place that is shown.
        words: The words of the language.
        tokens: The formatter of machine tokens.
    """

    question: Question
    place: str
    words: Catalogue
    tokens: Tokens
    listen: str
    """Where the page is told of what comes after what it shows; empty where it is told of nothing."""

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return self.words.direction

    @property
    def mission(self) -> str:
        """The mission's name."""
        return name_in(self.question.centre.world.mission.settings.names, self.question.language)

    @property
    def realm(self) -> str:
        """The realm's word, for style and frame."""
        return self.question.centre.realm.value

    @property
    def now(self) -> datetime:
        """The time."""
        return self.question.centre.clock()

    @property
    def clock(self) -> tuple[str, str, str]:
        """The time in the mission's zone, the zone's offset, and UTC."""
        local = self.now.astimezone(self.tokens.zone)
        return ltr(f"{local:%H:%M}"), ltr(offset(local)), ltr(f"{self.now.astimezone(UTC):%H:%M}Z")

    @property
    def today(self) -> str:
        """The day in the mission's zone."""
        return self.tokens.local_day(self.now)

    @property
    def known_at(self) -> str:
        """The moment in words, or empty for now."""
        moment = self.question.known_at
        return "" if moment is None else self.tokens.known(moment)

    @property
    def known_day(self) -> str:
        """The day of the moment as a form field holds it, or empty."""
        moment = self.question.known_at
        return "" if moment is None else f"{moment.astimezone(UTC):%Y-%m-%d}"

    @property
    def now_href(self) -> str:
        """The same address without the moment."""
        return self.with_query("known_at", "")

    @property
    def role(self) -> str:
        """The viewer's role."""
        return self.question.viewer.role.name

    @property
    def letter(self) -> str:
        """The viewer's delegation, or empty."""
        side = self.question.viewer.side
        return side if side in DELEGATIONS else ""

    @property
    def may_seal(self) -> bool:
        """Whether the viewer gives positions here: an officer of a delegation who does not look at the past."""
        return bool(self.letter) and self.question.viewer.may_do("seal") and self.question.known_at is None

    @property
    def sees_tracks(self) -> bool:
        """Whether the viewer sees tracks here, of this moment or of an earlier one: who may, where sensors are heard."""
        viewer, work = self.question.viewer, self.question.centre.work
        return (
            work is not None and work.feeds is not None and viewer.is_signed_in and viewer.may_read("feeds")
        )

    @property
    def follows(self) -> bool:
        """Whether what the viewer sees of sensors is of this moment."""
        return self.sees_tracks and self.question.known_at is None

    @property
    def is_signed_in(self) -> bool:
        """Whether the viewer is somebody in particular."""
        return self.question.viewer.is_signed_in

    @property
    def csrf(self) -> str:
        """The word that forms of the page must bear; empty for visitors."""
        return self.question.csrf

    def in_language(self, code: str) -> str:
        """Return the same address in another language."""
        return self.with_query("lang", code)

    def with_query(self, name: str, value: str) -> str:
        """Return the same address with one parameter changed; an empty value takes it away."""
        query = {**self.question.query, name: value}
        tail = urlencode({key: one for key, one in query.items() if one})
        return f"?{tail}" if tail else "?"

    def ticks(self) -> list[Tick]:
        """List the moments at which something new was known, evenly spaced; in reading direction."""
        days = self.question.centre.moments(self.question.viewer)
        last = max(len(days) - 1, 1)
        return [
            Tick(f"{day:%Y-%m-%d}", self.tokens.known_day(day), round(100 * at / last, 2))
            for at, day in enumerate(days)
        ]

    @property
    def at_tick(self) -> int:
        """The number of the moment that is shown: the last one that is not after it."""
        days, moment = self.question.centre.moments(self.question.viewer), self.question.known_at
        if moment is None:
            return len(days) - 1
        return max(sum(day <= moment for day in days) - 1, 0)

    def kept(self, *without: str) -> list[tuple[str, str]]:
        """List the parameters of the address, for a form that changes others."""
        return [(name, value) for name, value in self.question.query.items() if name not in without]

    @property
    def alerts(self) -> int:
        """How many notices nobody has stood down, and alerts of sensors nobody has acknowledged."""
        viewer, centre = self.question.viewer, self.question.centre
        n = 0
        if viewer.may_read("notices"):
            asked = Filter(states=OPEN, known_at=self.question.known_at)
            n += sum(centre.tally("notices", asked, viewer, "state").values())
        if self.follows:
            n += sum(not one.by for one in centre.sensors(viewer).alerts)
        return n

    def address(self, path: str, **more: str) -> str:
        """Return the address of another page; the moment goes along."""
        known_at = self.question.filter.query().get("known_at", "")
        query = {key: one for key, one in {"known_at": known_at, **more}.items() if one}
        return f"{path}?{urlencode(query)}" if query else path

    def part(self, path: str) -> str:
        """Return the address of a part of a page: moment and language go along."""
        return self.address(path, lang=self.question.language)

    def places(self) -> list[dict[str, object]]:
        """List the places of the top bar with their words; the moment goes along."""
        return [
            {"key": key, "href": self.address(path), "word": self.words.say(word), "is_here": key == self.place}
            for key, path, entity, word in PLACES
            if self.question.viewer.may_read(entity)
            and (key != "review" or (self.may_review and self.question.known_at is None))
        ]  # fmt: skip

    def duties(self) -> list[tuple[str, str, str]]:
        """List the pages of the watch that the viewer may act on: word, address, key."""
        viewer = self.question.viewer
        return [
            (word, self.address(path), key)
            for word, path, act, key in DUTIES
            if viewer.may_do(act) and self.question.known_at is None
        ]

    def tour(self) -> Tour | None:
        """Return the newcomers' tour of this page; None where it has none, or where the past is shown."""
        return None if self.question.known_at is not None else tour_of(self.place, self.places())

    @property
    def may_review(self) -> bool:
        """Whether the viewer reviews claims."""
        return self.question.viewer.may_do("review")

    def languages(self) -> list[tuple[str, str]]:
        """List the other languages: code and own name."""
        there = self.question.centre.words.items()
        return [(code, words.say("meta.name")) for code, words in there if code != self.question.language]


def frame_of(question: Question, place: str) -> Frame:
    """Make the frame of a page."""
    words = question.centre.words[question.language]
    listen = ""
    # what was known then changes no more
    if question.viewer.may_do("subscribe") and question.known_at is None:
        # asked before the page is gathered, so that nothing falls between what it shows and what it is told
        listen = f"/api/v1/events?after={question.centre.store.models.upto() - 1}"
    return Frame(question, place, words, Tokens(words, question.centre.world.mission.zone), listen)


def page(frame: Frame, template: str, **values: object) -> Response[str]:
    """Lay out a page in its frame."""
    body = render_console(template, frame=frame, words=frame.words, tokens=frame.tokens, **values)
    return Response(body, media_type="text/html; charset=utf-8", headers=HEADERS)
