"""What works in a running service beside whoever asks it: who writes, who draws conclusions, who goes round the witnesses."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from truceline.app.deriving import Deriver
from truceline.app.visiting import Visits
from truceline.app.wiring import Store, World, load_forms
from truceline.app.writing import Told, Writer
from truceline.core.lives import Forms


@dataclass(frozen=True)
class Work:
    """The threads of a service.

    Args:
        forms: What people may enter.
        writer: Writes what people do.
        deriver: Draws conclusions anew behind it; None where another process does.
        visits: Goes round the witnesses.
    """

    forms: Forms
    writer: Writer
    deriver: Deriver | None
    visits: Visits

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

    def close(self) -> None:
        """Write what is waiting, then end."""
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
) -> Work:
    """Set up the threads of a service; `Work.start` begins them.

    Args:
        open_store: Opens the store; called once in each thread.
        world: The mission and its readers.
        clock: Tells the time.
        witnesses: Name in the policy -> address of each witness that is visited.
        is_deriving: Whether conclusions are drawn here, and not by another process on the same store.

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
    return Work(forms, writer, deriver, Visits(open_store, witnesses or {}, writer, clock))
