"""Figures of the running service for Prometheus: counts and nothing of what is in them."""

from __future__ import annotations

from collections import Counter

from litestar import get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Response

from truceline.core.rows import MODELS
from truceline.serve.api.events import Hub
from truceline.serve.asking import Question
from truceline.serve.needs import local

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Figures:
    """Counts of answers by their status."""

    def __init__(self) -> None:
        self.answers: Counter[int] = Counter()


@get("/metrics", name="metrics", opt=local("health"), include_in_schema=False)
async def metrics(question: NamedDependency[Question], state: State) -> Response[str]:
    """Give the figures: to this machine without login, else to whoever may read the service's health."""
    centre, hub, figures = question.centre, state.hub, state.figures
    lines = [
        "# TYPE truceline_entries gauge", f"truceline_entries {centre.store.ledger.size()}",
        "# TYPE truceline_followed gauge", f"truceline_followed {centre.store.models.upto()}",
        "# TYPE truceline_rows gauge",
        *(f'truceline_rows{{model="{name}"}} {centre.store.models.count(name)}' for name in MODELS),
        "# TYPE truceline_answers_total counter",
        *(f'truceline_answers_total{{status="{status}"}} {n}' for status, n in sorted(figures.answers.items())),
        "# TYPE truceline_listeners gauge", f"truceline_listeners {_heard(hub)}",
    ]  # fmt: skip
    if centre.work is not None:
        writer = centre.work.writer
        lines += [
            "# TYPE truceline_acts_total counter", f"truceline_acts_total {writer.n_acts}",
            "# TYPE truceline_groups_total counter", f"truceline_groups_total {writer.n_groups}",
            "# TYPE truceline_waiting gauge", f"truceline_waiting {writer.waiting()}",
        ]  # fmt: skip
    return Response("\n".join(lines) + "\n", media_type=TEXT)


def _heard(hub: Hub) -> int:
    return len(hub)


ROUTES = (metrics,)
"""Every route of this module."""
