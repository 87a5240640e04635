"""Databases of a server by folder, so that suites that open what lies in a folder run on a server too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from truceline.adapters.postgres.database import Database
from truceline.adapters.postgres.migrating import migrate
from truceline.testing.cluster import Cluster


@pytest.fixture
def database_at(postgres: Cluster) -> Iterator[Callable[[Path], Database]]:
    """Open the database that stands for a folder: a new one the first time, over a connection of its own each time."""
    addresses: dict[Path, str] = {}
    opened: list[Database] = []

    def open_(folder: Path) -> Database:
        if folder not in addresses:
            addresses[folder] = postgres.new_database()
        opened.append(Database(addresses[folder], "the suite's database"))
        migrate(opened[-1], must_exist=False)
        return opened[-1]

    yield open_
    for database in opened:
        database.close()
    for address in addresses.values():
        postgres.drop(address)
