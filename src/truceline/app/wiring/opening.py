"""Opens missions, stores and records."""

from __future__ import annotations

import gc
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TypeVar

from truceline.adapters.files.chrome import read_chrome
from truceline.adapters.files.evidence import FileBlobs
from truceline.adapters.files.inbox import read_handed, read_inboxes, read_parts
from truceline.adapters.keyring import escrow_key
from truceline.adapters.languages import load_language, readable_languages
from truceline.adapters.packs import load_mission
from truceline.adapters.postgres.opening import open_database
from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.exports import SqliteExports
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.adapters.sqlite.read_models import SqliteReadModels
from truceline.adapters.sqlite.tables import SqliteTables
from truceline.adapters.sqlite.witness_store import SqliteWitnessStore
from truceline.adapters.threads import share_out
from truceline.app.founding import demo_escrow_seed, demo_founding
from truceline.collect.ports import CollectKnowledge, Item
from truceline.core.addresses import StoreAddress, parse_store
from truceline.core.errors import ConflictError, InputError
from truceline.core.mission import Mission
from truceline.core.release import Realm
from truceline.core.rows import ReadModels
from truceline.extract import Reader
from truceline.ledger.export import CHECKPOINT
from truceline.ledger.keys import derive_demo_key, mission_of
from truceline.ledger.log import Log
from truceline.ledger.store import MOVED, BlobStore, ExportList, LedgerStore
from truceline.ledger.tables import RecordTables
from truceline.ledger.witness import WitnessStore

_ANEW = 20
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class World:
    """A mission with all that reading for it needs.

    Args:
        mission: The pack.
        readers: Language -> reader of texts.
        knowledge: What collecting knows beforehand.
    """

    mission: Mission
    readers: Mapping[str, Reader]
    knowledge: CollectKnowledge


@dataclass(frozen=True, slots=True)
class Store:
    """A store that is open, whatever keeps it.

    Args:
        ledger: The record.
        models: The read models.
        payloads: The record's payloads.
        evidence: Texts and bytes of reports, as files.
        exports: Which copies of the record were given out.
        tables: The record as a backup carries it.
        memory_of: Makes the memory of a witness that is kept here, from the witness's name.
        close: Ends the connection.
        seen: The checkpoint that was given out last.
        written: Waits at most so many seconds, and says whether entries were written meanwhile; None where the store
            cannot tell and must be asked.
    """

    ledger: LedgerStore
    models: ReadModels
    payloads: BlobStore
    evidence: FileBlobs
    exports: ExportList
    tables: RecordTables
    memory_of: Callable[[str], WitnessStore]
    close: Callable[[], None]
    seen: tuple[bytes, ...] = ()
    written: Callable[[float], bool] | None = None


class Readers(Mapping[str, Reader]):
    """A reader for every language that has rules and that a mission has words for, each made when it is first asked for.

    Args:
        mission: The pack.
    """

    def __init__(self, mission: Mission) -> None:
        self._mission = mission
        self._codes = tuple(code for code in readable_languages() if code in mission.settings.languages)
        self._made: dict[str, Reader] = {}
        self._making = Lock()

    def __getitem__(self, code: str) -> Reader:
        """Return the reader of a language."""
        if code not in self._codes:
            raise KeyError(code)
        with self._making:
            if code not in self._made:
                self._made[code] = Reader(self._mission, load_language(code))
                # the words of a language are some hundred thousand small things that live as long as the process: out
                # of the collector's sight, reading is a fifth faster
                gc.freeze()
            return self._made[code]

    def __iter__(self) -> Iterator[str]:
        """Go through the codes of the languages; nothing is made."""
        return iter(self._codes)

    def __len__(self) -> int:
        """Return how many languages can be read."""
        return len(self._codes)

    def __contains__(self, code: object) -> bool:
        """Say whether a language can be read; nothing is made."""
        return code in self._codes


def open_world(mission_name: str) -> World:
    """Load a mission and everything that reads for it.

    Args:
        mission_name: A packaged mission's name or a folder.

    Returns:
        The world.
    """
    mission = load_mission(mission_name)
    readers = Readers(mission)
    knowledge = CollectKnowledge(
        chrome=read_chrome(),
        readable=frozenset(readers),
        realm=mission.settings.realm,
        sources={source.id: source for source in mission.sources},
    )
    return World(mission, readers, knowledge)


def open_store(place: StoreAddress | Path | str, *, must_exist: bool = False) -> Store:
    """Open a store.

    Args:
        place: Its address, or the path of a database file.
        must_exist: Whether a store that is not there is an error.

    Returns:
        The store; evidence lies beside it, and the record that was given out last.

    Raises:
        InputError: It is missing, or another program's, or nothing says where its evidence lies.
        UnavailableError: The file cannot be opened, or the server does not answer.
        MissingExtraError: What speaks to the server is not installed.
    """
    address = place if isinstance(place, StoreAddress) else parse_store(str(place))
    if address.file is None:
        return _open_on_server(address, must_exist=must_exist)
    connection = connect(address.file, must_exist=must_exist)
    return Store(
        SqliteLedgerStore(connection),
        SqliteReadModels(connection),
        SqliteBlobs(connection),
        FileBlobs(address.evidence or address.file.parent / "evidence"),
        SqliteExports(connection),
        SqliteTables(connection),
        lambda name: SqliteWitnessStore(connection, name),
        connection.close,
        _seen(address.file.parent),
    )


def _open_on_server(address: StoreAddress, *, must_exist: bool) -> Store:
    database = open_database(address, must_exist=must_exist)
    from truceline.adapters.postgres import beside, ledger_store, read_models, tables  # noqa: PLC0415 - an extra

    ledger = ledger_store.PostgresLedgerStore(database)
    try:
        folder = address.folder or _folder_of(ledger, address)
    except BaseException:
        database.close()
        raise
    return Store(
        ledger,
        read_models.PostgresReadModels(database),
        beside.PostgresBlobs(database),
        FileBlobs(address.evidence or folder / "evidence"),
        beside.PostgresExports(database),
        tables.PostgresTables(database),
        lambda name: beside.PostgresWitnessStore(database, name),
        database.close,
        _seen(folder),
        database.written,
    )


def _folder_of(ledger: LedgerStore, address: StoreAddress) -> Path:
    """Return the folder of the mission that a store is of, where its evidence lies unless something else is said."""
    identity = ledger.identity()
    if identity is None:
        raise InputError(
            "store.evidence",
            "nothing says where the evidence of this store lies",
            where=address.shown,
            todo="give --evidence DIR",
        )
    return Path("out") / mission_of(identity[0])


def _seen(folder: Path) -> tuple[bytes, ...]:
    published = folder / "record" / CHECKPOINT
    return (published.read_bytes(),) if published.is_file() else ()


def models_in_memory() -> ReadModels:
    """Make read models that last as long as they are held."""
    return SqliteReadModels(sqlite3.connect(":memory:", isolation_level=None))


def open_log(store: Store, mission: Mission) -> Log:
    """Open the record of a mission in a store; outside ``live`` the key is the published one."""
    realm: Realm = mission.settings.realm
    signer = derive_demo_key(realm, mission.settings.id)
    log = Log.open(
        store.ledger, store.payloads, signer, mission=mission.settings.id, realm=realm, seen=store.seen,
        many=share_out,
    )  # fmt: skip
    if not log.size:
        name = mission.procedure.escrow
        escrow = escrow_key(demo_escrow_seed(mission, name)) if name else ""
        log.append_signed([demo_founding(mission, escrow)])
    store.models.let_out(mission.settings.release.delay_h, mission.settings.release.coarse_m)
    return log


def beside_others(write: Callable[[], _T]) -> _T:
    """Write to a record that other processes write to at the same time.

    Args:
        write: Opens the record and writes; what stands there already it does not write again, so it may be done anew.

    Returns:
        What it returns.

    Raises:
        ConflictError: What it raises; and where others never stop writing.
    """
    for _ in range(_ANEW):
        try:
            return write()
        except ConflictError as error:
            if error.code != MOVED:
                raise
    return write()


def items_in(name: str, data: bytes) -> Iterator[Item]:
    """Read the items of one file that came as bytes."""
    return read_handed(name, data)


def items_of(inboxes: Iterable[Path], progress: Callable[[str], None] | None = None) -> Iterator[Item]:
    """Read the items of inboxes."""
    return read_inboxes(inboxes, progress=progress)


def parts_in(name: str, data: bytes) -> Iterator[Item]:
    """Read the files of an archive that came as bytes, each as it is."""
    return read_parts(name, data)
