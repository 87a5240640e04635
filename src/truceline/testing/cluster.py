"""A PostgreSQL server of one's own: in a folder of its own, reached over a socket in that folder, gone afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

_PROGRAMS = Path("/usr/lib/postgresql")
_GEOMETRY = Path("/usr/share/postgresql")
_USER = "postgres"
_TEMPLATE = "with_postgis"
_START_S = 60


def find_programs() -> Path | None:
    """Return the folder of the server's programs; None where there is no server with PostGIS."""
    for folder in sorted(_PROGRAMS.glob("*/bin"), reverse=True):
        geometry = _GEOMETRY / folder.parent.name / "extension" / "postgis.control"
        if (folder / "initdb").is_file() and geometry.is_file():
            return folder
    return None


class Cluster:
    """A server that belongs to whoever made it.

    Args:
        is_durable: Whether what is written is forced to the disk, as it must be where anything depends on it.
    """

    def __init__(self, *, is_durable: bool = True) -> None:
        programs = find_programs()
        if programs is None:
            raise RuntimeError("there is no PostgreSQL with PostGIS here")
        self._programs = programs
        self._is_durable = is_durable
        # a socket's path may have 107 letters at most: the folders of tests are longer
        self.folder = Path(tempfile.mkdtemp(prefix="tl-pg-"))
        self._n_databases = 0

    def start(self) -> None:
        """Start it; the first time its folder is made."""
        data = self.folder / "data"
        if not data.is_dir():
            if os.geteuid() == 0:
                shutil.chown(self.folder, _USER)
            self._do(
                "initdb", "-D", str(data), "-A", "trust", "-U", _USER, "-E", "UTF8", "--locale=C.UTF-8", "-N"
            )
            settings = [
                f"unix_socket_directories = '{self.folder}'",
                "listen_addresses = ''",
                "max_connections = 50",
            ]
            if not self._is_durable:
                settings += ["fsync = off", "full_page_writes = off"]
            with (data / "postgresql.conf").open("a", encoding="utf-8") as file:
                file.write("\n".join([*settings, ""]))
        log = str(self.folder / "log")
        self._do("pg_ctl", "-D", str(data), "-l", log, "-w", "-t", str(_START_S), "start")
        if not self._n_databases:
            self._ask("postgres", f"CREATE DATABASE {_TEMPLATE}")
            self._ask(_TEMPLATE, "CREATE EXTENSION postgis")

    def stop(self, how: str = "fast") -> None:
        """End it; ``immediate`` is as if the machine went down."""
        self._do("pg_ctl", "-D", str(self.folder / "data"), "-m", how, "-w", "stop")

    def remove(self) -> None:
        """End it and take its folder away."""
        self.stop("immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_database(self) -> str:
        """Make an empty database that has PostGIS, and return its address."""
        self._n_databases += 1
        name = f"store_{self._n_databases}"
        self._ask("postgres", f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE}")
        return self.address(name)

    def address(self, name: str) -> str:
        """Return the address of a database."""
        return f"postgresql://{_USER}@/{name}?host={self.folder}"

    def drop(self, address: str) -> None:
        """Take a database away, whoever is still connected."""
        name = address.partition("?")[0].rpartition("/")[2]
        self._ask("postgres", f"DROP DATABASE {name} WITH (FORCE)")

    def ask(self, address: str, sql: str) -> str:
        """Run a statement as its superuser, and return what the server's own client prints."""
        return self._ask(address.partition("?")[0].rpartition("/")[2], sql)

    def _ask(self, name: str, sql: str) -> str:
        return self._do(
            "psql", "-h", str(self.folder), "-U", _USER, "-d", name, "-v", "ON_ERROR_STOP=1", "-qAtc", sql
        )

    def _do(self, program: str, *arguments: str) -> str:
        command = [str(self._programs / program), *arguments]
        if os.geteuid() == 0:
            # the server refuses to run as root
            command = ["runuser", "-u", _USER, "--", *command]
        done = subprocess.run(  # noqa: S603 - the server's own programs
            command, cwd="/", check=False, text=True, encoding="utf-8", stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            timeout=120,
        )  # fmt: skip
        if done.returncode:
            raise RuntimeError(f"{program} failed: {done.stdout}")
        return done.stdout
