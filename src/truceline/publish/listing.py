"""The map as a list: incidents, posts, lines; the same content in words."""

from __future__ import annotations

from collections.abc import Callable

from truceline.core.incidents import Incident
from truceline.publish.desk import Desk
from truceline.publish.edition import ListRow, ListTable, runs
from truceline.publish.ground import middle
from truceline.publish.incidents import cover_of, place_of, says_of, state_of, title_of, when_of
from truceline.publish.mapped import Mapped, ident_of, layer_of, lines_of, mapped_in, name_of
from truceline.publish.tokens import ltr, quoted


def incident_table(desk: Desk) -> ListTable:
    """List every incident of every step, with the stretch of steps in which its row reads so."""
    say = desk.words.say
    known = dict.fromkeys(i.id for step in desk.steps for i in step.incidents)
    rows: list[ListRow] = []
    for ident in known:
        cells = [
            next((_incident_cells(desk, i) for i in step.incidents if i.id == ident), None)
            for step in desk.steps
        ]
        rows += [ListRow(run.first, run.last, ident, run.value) for run in runs(cells)]
    head = ("map.col_what", "map.col_when", "map.col_where", "map.col_says", "map.col_state")
    return ListTable(
        say("map.list_incidents"), tuple(say(key) for key in head), tuple(rows), say("map.none_incidents")
    )


def _incident_cells(desk: Desk, incident: Incident) -> tuple[str, ...]:
    sides = [
        desk.words.say("join.colon", a=party, b=desk.words.say("join.semicolon").join(says))
        for party, says in says_of(desk, incident)
        if says
    ]
    return (
        title_of(desk, incident),
        when_of(desk, incident),
        _where(desk, incident),
        "\n".join(sides),
        desk.words.say("join.comma").join((state_of(desk, incident), cover_of(desk, incident))),
    )


def _where(desk: Desk, incident: Incident) -> str:
    where = place_of(desk, incident)
    if where and incident.location is None:
        return desk.words.say("join.brackets", a=where, b=desk.words.say("map.no_point"))
    return where or desk.words.say("map.no_place")


def _rows(
    desk: Desk, layers: set[str], cells: Callable[[Mapped], tuple[str, ...] | None]
) -> tuple[ListRow, ...]:
    chosen = [(item, cells(item)) for item in mapped_in(desk) if layer_of(item.feature) in layers]
    rows = [ListRow(i.first, i.last, ident_of(i.feature), found) for i, found in chosen if found is not None]
    return tuple(rows)


def post_table(desk: Desk) -> ListTable:
    """List the posts that may be shown."""
    posts = {post.id: post for post in desk.view.mission.posts}

    def cells(item: Mapped) -> tuple[str, ...] | None:
        post = posts.get(ident_of(item.feature))
        spot = middle(item.feature.get("geometry"))
        if post is None or spot is None:
            return None
        return ltr(post.code), desk.called.slug(post.zone), desk.tokens.coordinate(*spot)

    head = tuple(desk.words.say(key) for key in ("map.col_code", "map.col_zone", "map.col_where"))
    return ListTable(desk.words.say("map.list_posts"), head, _rows(desk, {"post"}, cells), "—")


def line_table(desk: Desk) -> ListTable:
    """List lines, zones and corridors with their sources."""
    lines = lines_of(desk)

    def cells(item: Mapped) -> tuple[str, ...] | None:
        line = lines.get(ident_of(item.feature))
        if line and line.kind in {"country", "district", "river"}:
            return None
        kind = desk.words.say(f"line_kind.{line.kind if line else 'zone'}")
        if line and line.width_km:
            kind = desk.words.say("map.corridor", width=desk.tokens.distance(line.width_km * 1000))
        if line and line.disputed:
            kind = desk.words.say("join.comma").join((kind, desk.words.say("status.disputed")))
        return name_of(desk, item), kind, quoted(line.source) if line else "—"

    head = tuple(desk.words.say(key) for key in ("map.col_what", "detail.kind", "map.col_source"))
    rows = _rows(desk, {"zone", "line", "corridor"}, cells)
    return ListTable(desk.words.say("map.list_lines"), head, rows, "—")
