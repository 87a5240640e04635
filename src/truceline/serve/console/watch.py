"""Watch, board, map and incident."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Response

from truceline.core.determinations import Determination
from truceline.core.errors import InputError
from truceline.core.filters import Filter
from truceline.core.release import DELEGATIONS
from truceline.publish.called import Called
from truceline.publish.case import Case, Papers, case_of, original_of
from truceline.publish.desk import Desk
from truceline.publish.duty import OPEN
from truceline.publish.evidence import quote_of
from truceline.publish.marks import SHAPES, sign
from truceline.publish.sensed import alert_rows
from truceline.publish.watch import TABS, QueueRow, alerts_of, queue_of
from truceline.serve.asking import Asked, Question
from truceline.serve.console.frame import Frame, frame_of, page
from truceline.serve.console.mapping import MOST_MARKS
from truceline.serve.needs import reads

_GROUPS = (
    "sensed",
    "alerts",
    "keys",
    "waiting",
    "differ",
    "deadlines",
    "reported",
    "restrictions",
    "intake",
    "ended",
)
_FILLS = (
    ("reported", "reported"), ("agreed", "agreed"), ("differ", "differing"),
    ("not_attributed", "could not be attributed"),
)  # fmt: skip
_PER_GROUP = 100
_MOST_ALERTS = 50


@get("/", name="watch", opt=reads("incidents", is_open=True))
async def page_watch(request: Asked, question: NamedDependency[Question]) -> Response[str]:
    """Show the watch: queue, map over timeline, evidence."""
    frame = frame_of(question, "watch")
    desk = question.centre.desk(question.viewer, question.language, question.known_at)
    tab = request.query_params.get("panel", "all")
    at = request.query_params.get("at", "")
    now = _moment(question, desk)
    rows = _found(question, queue_of(desk, _rounds(question), _letter(question), now))
    alerts = [*_sensed(question, desk), *alerts_of(desk, _notices(question), _letter(question), now)]
    shown = [*alerts, *(row for row in rows if _is_of(row, tab))]
    groups = [
        (key, frame.words.say(f"console.group.{key}"), found[:_PER_GROUP], len(found))
        for key in _GROUPS
        if (found := [row for row in shown if row.group == key])
    ]
    if not at and shown:
        at = next((row.id for _, _, some, _ in groups for row in some if row.id.startswith("incident")), "")
    return page(
        frame, "watch.html.j2", tab=tab, at=at, groups=groups, tabs=_tabs(frame, rows),
        picture=_picture(question, frame, desk), case=_case(question, desk, at),
        stand=question.centre.head().size, **_ground(desk),
    )  # fmt: skip


def _sensed(question: Question, desk: Desk) -> list[QueueRow]:
    """Give the alerts of sensors that nobody has acknowledged."""
    if question.known_at is not None or not question.viewer.may_read("feeds"):
        return []
    rules = question.centre.world.mission.told_by
    found = question.centre.sensors(question.viewer).alerts[:_MOST_ALERTS]
    return alert_rows(desk, found, rules, question.centre.clock())


def _is_of(row: QueueRow, tab: str) -> bool:
    return tab in {"all", row.tab} or (tab == "incidents" and row.tab == "keys")


def _notices(question: Question) -> Sequence[Mapping[str, object]]:
    if not question.viewer.may_read("notices"):
        return ()
    asked = Filter(states=OPEN, known_at=question.known_at)
    return question.centre.find("notices", asked, question.viewer, after=None, limit=_MOST_ALERTS).values


@get("/evidence/{id_:str}", name="evidence", opt=reads("incidents", is_open=True))
async def part_evidence(question: NamedDependency[Question], id_: FromPath[str]) -> Response[str]:
    """Show the evidence of one incident or of one claim, as the pane of the watch does."""
    desk = question.centre.desk(question.viewer, question.language, question.known_at)
    frame = frame_of(question, "watch")
    claim = desk.claim_of.get(id_)
    if claim is not None:
        around = question.centre.around(question.viewer, desk, [claim])
        original = original_of(desk, [claim], around)
        return page(frame, "claim.html.j2", quote=quote_of(desk, claim), original=original)
    return page(frame, "case.html.j2", case=_the_case(question, desk, id_))


@get("/incidents/{id_:str}", name="incident", opt=reads("incidents"))
async def page_incident(question: NamedDependency[Question], id_: FromPath[str]) -> Response[str]:
    """Show one incident on a page of its own."""
    desk = question.centre.desk(question.viewer, question.language, question.known_at)
    return page(frame_of(question, "watch"), "incident.html.j2", case=_the_case(question, desk, id_))


@get("/board", name="board", opt=reads("obligations", is_open=True))
async def page_board(question: NamedDependency[Question]) -> Response[str]:
    """Show the board of obligations."""
    edition = question.centre.edition(question.viewer, question.language, question.known_at)
    return page(frame_of(question, "board"), "board.html.j2", e=edition, last=0)


@get("/map", name="map", opt=reads("features", is_open=True))
async def page_map(question: NamedDependency[Question]) -> Response[str]:
    """Show the map, and the same as a list."""
    desk = question.centre.desk(question.viewer, question.language, question.known_at)
    edition = question.centre.edition(question.viewer, question.language, question.known_at)
    return page(
        frame_of(question, "map"), "map.html.j2", e=edition, last=0, asked=_asked_for(question), **_ground(desk)
    )  # fmt: skip


def _letter(question: NamedDependency[Question]) -> str:
    return question.viewer.side if question.viewer.side in DELEGATIONS else ""


def _moment(question: Question, desk: Desk) -> datetime:
    """Ages count to the moment that is shown; a demo's present is the last day of its inbox."""
    if question.known_at is not None:
        return question.known_at
    return min(question.centre.clock(), desk.last.known_at + timedelta(days=1))


def _rounds(question: Question) -> Mapping[str, Sequence[Determination]]:
    if not question.viewer.may_read("rounds"):
        return {}
    return question.centre.rounds(question.known_at)


def _found(question: Question, rows: Sequence[QueueRow]) -> list[QueueRow]:
    """Keep the rows that the filter asks for; what is no incident is not filtered by kind, place or time."""
    ids = _asked_for(question)
    return [row for row in rows if ids is None or row.id in ids or not row.id.startswith("incident")]


def _asked_for(question: Question) -> frozenset[str] | None:
    """Return the incidents that the filter asks for; None where it asks for all."""
    if question.filter == Filter(known_at=question.known_at):
        return None
    found = question.centre.find("incidents", question.filter, question.viewer, after=None, limit=MOST_MARKS)
    return frozenset(str(value["id"]) for value in found.values)


def _tabs(frame: Frame, rows: Sequence[QueueRow]) -> list[tuple[str, str, str]]:
    counts = {tab: sum(_is_of(row, tab) for row in rows) for tab in TABS}
    return [(tab, frame.words.say(f"console.tab.{tab}"), f"{counts[tab]:,}") for tab in TABS]


def _picture(question: Question, frame: Frame, desk: Desk) -> list[tuple[str, str]]:
    """Say what the picture holds: figure and words, each with the rule or exposure that it stands under."""
    words = frame.words
    rules = desk.view.mission.settings.counting_rules
    posts = sum(f["properties"]["layer"] == "post" for f in desk.last.features.get("features", ()))
    waiting = sum(claim.review.state == "machine-read" for claim in desk.view.claims)
    open_ = sum(rounds[-1].end is None for rounds in _rounds(question).values() if rounds)
    facts = [
        ("incidents", len(desk.last.incidents), desk.called.text(rules[0].names) if rules else ""),
        ("claims", waiting, words.say("console.picture.by_machine")),
        ("posts", posts, words.say("console.picture.unseen")),
    ]
    if question.viewer.may_read("rounds"):
        facts.append(("rounds", open_, words.say("console.picture.waiting")))
    return [(frame.tokens.count(f"console.picture.{key}", n), under) for key, n, under in facts]


def _ground(desk: Desk) -> dict[str, object]:
    profiles = desk.view.mission.settings.naming_profiles
    called: Called = desk.called
    say = desk.words.say
    return {
        "profiles": [(one.id, called.text(one.names)) for one in profiles],
        "marks": [(say(f"map.{kind}"), sign(kind, say(f"map.letter_{kind}"), "reported")) for kind in SHAPES],
        "fills": [(say(f"console.fill.{key}"), sign("fire", "", state)) for key, state in _FILLS],
    }


def _case(question: Question, desk: Desk, id_: str) -> Case | None:
    incident = next((one for one in desk.last.incidents if one.id == id_), None)
    if incident is None:
        return None
    centre, viewer, letter = question.centre, question.viewer, _letter(question)
    claims = [desk.claim_of[one] for one in incident.claims if one in desk.claim_of]
    rounds = _rounds(question).get(id_, ())
    entered = centre.entered(viewer, claims, rounds, question.known_at)
    around = centre.around(viewer, desk, claims)
    return case_of(desk, incident, Papers(rounds, letter, around, entered))


def _the_case(question: Question, desk: Desk, id_: str) -> Case:
    found = _case(question, desk, id_)
    if found is None:
        raise InputError("incident.none", "there is no such incident, or none for you", where=id_)
    return found
