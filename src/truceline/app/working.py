"""What works in a running service beside whoever asks it: who writes, who draws conclusions, who goes round the witnesses."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from truceline.app.deriving import Deriver
from truceline.app.visiting import Visits
from truceline.app.wiring import Store, World, load_forms
from truceline.app.writing import Told, Writer
from truceline.core.lives import Forms
from truceline.core.sensed import Sensing

_LOG = logging.getLogger("truceline")


@dataclass(frozen=True)
class Work:
    """The threads of a service.

    Args:
        forms: What people may enter.
        writer: Writes what people do.
        deriver: Draws conclusions anew behind it; None where another process does.
        visits: Goes round the witnesses.
        feeds: Hears sensors; None where the mission has none that are heard here.
    """

    forms: Forms
    writer: Writer
    deriver: Deriver | None
    visits: Visits
    feeds: Sensing | None = None

    def start(self, told: Told) -> None:
        """Begin.

        Args:
            told: Told of every entry once the read models follow it, in the writer's thread.
        """
        self.writer.tell(told)
        self.writer.start()
        if self.deriver is not None:
            self.deriver.start()
        self.visits.start()
        if self.feeds is not None:
            self.feeds.start()

    def close(self) -> None:
        """Seal what was heard, write what is waiting, then end."""
        if self.feeds is not None:
            self.feeds.close()
        self.visits.close()
        if self.deriver is not None:
            self.deriver.close()
        self.writer.close()


def set_up(
    open_store: Callable[[], Store],
    world: World,
    clock: Callable[[], datetime],
    witnesses: Mapping[str, str] | None = None,
    *,
    is_deriving: bool = True,
    spool: Path | None = None,
    is_live: bool = False,
) -> Work:
    """Set up the threads of a service; `Work.start` begins them.

    Args:
        open_store: Opens the store; called once in each thread.
        world: The mission and its readers.
        clock: Tells the time.
        witnesses: Name in the policy -> address of each witness that is visited.
        is_deriving: Whether conclusions are drawn here, and not by another process on the same store.
        spool: Where feeds are spooled; None hears none.
        is_live: Whether feeds are heard too that were made up for an example.

    Returns:
        The work.

    Raises:
        InputError: An address is none.
    """
    forms = load_forms()
    writer = Writer(open_store, world, forms, clock)
    deriver = Deriver(open_store, world.mission, writer) if is_deriving else None
    if deriver is not None:
        writer.tell(deriver.told)
    feeds = _feeds(open_store, world, clock, writer, spool, is_live=is_live) if spool else None
    return Work(forms, writer, deriver, Visits(open_store, witnesses or {}, writer, clock), feeds)


def _feeds(
    open_store: Callable[[], Store], world: World, clock: Callable[[], datetime], writer: Writer, spool: Path,
    *, is_live: bool,
) -> Sensing | None:  # fmt: skip
    heard = tuple(one for one in world.mission.feeds if is_live or not one.illustrative)
    if not heard:
        return None
    try:
        from truceline.app.feeds import Feeds  # noqa: PLC0415 - the extra 'sensors', only where sensors are heard
    except ImportError:
        _LOG.warning("sensors are not heard: pip install 'truceline[sensors,link]'")
        return None
    feeds = Feeds(open_store, replace(world.mission, feeds=heard), spool, clock, writer.derived)
    writer.tell(feeds.told)
    return feeds
