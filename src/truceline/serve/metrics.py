"""Figures of the running service for Prometheus: counts and nothing of what is in them."""

from __future__ import annotations

import ipaddress
from collections import Counter

from litestar import get
from litestar.datastructures import State
from litestar.di import NamedDependency
from litestar.response import Response

from truceline.core.access import ForbiddenError
from truceline.core.rows import MODELS
from truceline.serve.api.events import Hub
from truceline.serve.asking import OPEN, Asked, Question

TEXT = "text/plain; version=0.0.4; charset=utf-8"


class Figures:
    """Counts of answers by their status."""

    def __init__(self) -> None:
        self.answers: Counter[int] = Counter()


def is_local(request: Asked) -> bool:
    """Say whether a request comes from this machine itself."""
    try:
        return request.client is not None and ipaddress.ip_address(request.client.host).is_loopback
    except ValueError:
        return False


@get("/metrics", name="metrics", opt={OPEN: True}, include_in_schema=False)
async def metrics(request: Asked, question: NamedDependency[Question], state: State) -> Response[str]:
    """Give the figures: to this machine without login, else to whoever may read the service's health."""
    if not is_local(request) and not question.viewer.may_read("health"):
        raise ForbiddenError("access.reads", f"the role '{question.viewer.role.name}' does not read health")
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
