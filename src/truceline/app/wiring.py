"""The only place that chooses adapters."""

from __future__ import annotations

import gc
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from truceline.adapters.accounts import (
    AccessDatabase,
    Deed,
    Grant,
    KeptNote,
    KeptToken,
    NoteStore,
    Passkey,
    PeopleStore,
    SessionStore,
    TrailStore,
    copy_accounts,
    open_access_database,
)
from truceline.adapters.files.backup import BackupReader, read_backup, write_backup
from truceline.adapters.files.bundle import DirectoryReader, bundle_store, verify_bundle, write_bundle
from truceline.adapters.files.chrome import read_chrome
from truceline.adapters.files.evidence import FileBlobs
from truceline.adapters.files.handover import (
    find_opening,
    keep_opening,
    read_shown,
    read_statement,
    read_statements,
    write_shown,
    write_statements,
)
from truceline.adapters.files.healing import Healed, heal_bundle
from truceline.adapters.files.inbox import read_inboxes
from truceline.adapters.files.sheets import (
    SheetMapping,
    import_sheet,
    propose_mapping,
    read_column_names,
    remember_mapping,
    with_column,
    write_rejected,
)
from truceline.adapters.folder import serve_folder, write_files
from truceline.adapters.forms import load_forms
from truceline.adapters.keyring import HeldKey, decrypt_with, encrypt_to, escrow_key, new_key, read_key
from truceline.adapters.languages import load_language, readable_languages
from truceline.adapters.packs import check_mission, load_mission, packaged_missions, schemas
from truceline.adapters.packs.load import mission_folder
from truceline.adapters.passkeys import Ceremony
from truceline.adapters.passkeys import Signed as SignedByPasskey
from truceline.adapters.passwords import (
    Hashing,
    draw,
    load_sign_in_rules,
    new_pair,
    open_sealed,
    open_wrapped,
    public_of,
    seal,
    thing_id,
    token_hash,
    token_text,
    wrap_to,
)
from truceline.adapters.postgres.opening import open_database
from truceline.adapters.rights import load_rights, load_watched
from truceline.adapters.sqlite.blobs import SqliteBlobs
from truceline.adapters.sqlite.connect import connect
from truceline.adapters.sqlite.exports import SqliteExports
from truceline.adapters.sqlite.ledger_store import SqliteLedgerStore
from truceline.adapters.sqlite.read_models import SqliteReadModels
from truceline.adapters.sqlite.tables import SqliteTables
from truceline.adapters.sqlite.witness_store import SqliteWitnessStore
from truceline.adapters.vault import (
    Held,
    Trace,
    Vault,
    destroy_vault,
    find_value,
    overwrite,
    protection_words,
)
from truceline.adapters.witness import HttpWitness, serve_witness
from truceline.app.founding import demo_cosigners, demo_escrow_seed, demo_founding
from truceline.collect.ports import CollectKnowledge, Item
from truceline.core.addresses import StoreAddress, parse_store
from truceline.core.errors import InputError
from truceline.core.mission import Mission
from truceline.core.release import Realm
from truceline.core.rows import ReadModels
from truceline.extract import Reader
from truceline.ledger.cosigning import Standing, collect_cosignatures, recorded_policy
from truceline.ledger.export import CHECKPOINT
from truceline.ledger.keys import Cosigner, Verifier, derive_demo_key, mission_of
from truceline.ledger.log import Log, read_log
from truceline.ledger.store import BlobStore, Export, ExportList, LedgerStore
from truceline.ledger.tables import RecordTables
from truceline.ledger.witness import Witness, WitnessStore

if TYPE_CHECKING:
    from truceline.core.tables import Exported
    from truceline.publish.catalogue import Catalogue
    from truceline.publish.edition import Edition, Paper
    from truceline.publish.guide import BundleFacts

__all__ = [
    "AccessDatabase",
    "BackupReader",
    "Ceremony",
    "Deed",
    "DirectoryReader",
    "Export",
    "Grant",
    "Hashing",
    "Healed",
    "Held",
    "HeldKey",
    "HttpWitness",
    "KeptNote",
    "KeptToken",
    "NoteStore",
    "Passkey",
    "PeopleStore",
    "SessionStore",
    "SheetMapping",
    "SignedByPasskey",
    "Store",
    "Trace",
    "TrailStore",
    "Vault",
    "World",
    "bundle_store",
    "check_mission",
    "copy_accounts",
    "cosign_demo",
    "decrypt_with",
    "destroy_vault",
    "draw",
    "encrypt_to",
    "escrow_key",
    "find_opening",
    "find_value",
    "guide_page",
    "heal_bundle",
    "import_sheet",
    "items_of",
    "keep_opening",
    "load_forms",
    "load_mission",
    "load_readers",
    "load_rights",
    "load_sign_in_rules",
    "load_watched",
    "mission_folder",
    "models_in_memory",
    "new_key",
    "new_pair",
    "open_access_database",
    "open_log",
    "open_sealed",
    "open_store",
    "open_world",
    "open_wrapped",
    "overwrite",
    "packaged_missions",
    "pages_of",
    "papers_of",
    "picture_of_address",
    "propose_mapping",
    "protection_words",
    "public_of",
    "read_backup",
    "read_column_names",
    "read_key",
    "read_log",
    "read_shown",
    "read_statement",
    "read_statements",
    "readable_languages",
    "remember_mapping",
    "render_console",
    "schemas",
    "seal",
    "serve_folder",
    "serve_witness",
    "static_folders",
    "thing_id",
    "token_hash",
    "token_text",
    "verify_bundle",
    "with_column",
    "witness_at",
    "words_of",
    "words_of_all",
    "wrap_to",
    "write_backup",
    "write_bundle",
    "write_files",
    "write_rejected",
    "write_shown",
    "write_statements",
    "write_table",
]


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


def load_readers(mission: Mission) -> dict[str, Reader]:
    """Make a reader for every language that has rules and that the mission has words for."""
    wanted = [code for code in readable_languages() if code in mission.settings.languages]
    readers = {code: Reader(mission, load_language(code)) for code in wanted}
    # the words of a language are some hundred thousand small things that live as long as the process: out of the
    # collector's sight, reading is a fifth faster
    gc.freeze()
    return readers


def open_world(mission_name: str) -> World:
    """Load a mission and everything that reads for it.

    Args:
        mission_name: A packaged mission's name or a folder.

    Returns:
        The world.
    """
    mission = load_mission(mission_name)
    readers = load_readers(mission)
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
        store.ledger, store.payloads, signer, mission=mission.settings.id, realm=realm, seen=store.seen
    )
    if not log.size:
        name = mission.procedure.escrow
        escrow = escrow_key(demo_escrow_seed(mission, name)) if name else ""
        log.append_signed([demo_founding(mission, escrow)])
    store.models.let_out(mission.settings.release.delay_h, mission.settings.release.coarse_m)
    return log


def witness_at(path: Path, cosigner: Cosigner, logs: Iterable[Verifier]) -> Callable[[], Witness]:
    """Return what makes a witness that remembers in a file; each thread makes its own.

    Args:
        path: The witness's database file.
        cosigner: Its key.
        logs: Keys of the logs that it cosigns for; a key's name is the log's origin.

    Returns:
        The maker.
    """
    known = {log.name: [log] for log in logs}

    def make() -> Witness:
        return Witness(
            cosigner, known, SqliteWitnessStore(connect(path), cosigner.name), lambda: int(time.time())
        )

    return make


def cosign_demo(store: Store, mission: Mission, at: datetime) -> tuple[Standing, ...]:
    """Have the published witnesses of a demo or exercise record cosign its last checkpoint.

    Args:
        store: The open store, which keeps what these witnesses remember too.
        mission: The pack; its procedure names them.
        at: The time that the cosignatures bear.

    Returns:
        How each stands.
    """
    log = derive_demo_key(mission.settings.realm, mission.settings.id).verifier
    links = {
        name: Witness(key, {log.name: [log]}, store.memory_of(key.name), lambda: int(at.timestamp()))
        for name, key in demo_cosigners(mission).items()
    }
    policy = recorded_policy(store.ledger, store.payloads)
    return collect_cosignatures(store.ledger, policy, links)


def items_of(inboxes: Iterable[Path], progress: Callable[[str], None] | None = None) -> Iterator[Item]:
    """Read the items of inboxes."""
    return read_inboxes(inboxes, progress=progress)


def write_table(ending: str, table: Exported) -> bytes:
    """Write a table as a file: ``csv``, ``xlsx``, ``geojson`` or ``gpkg``."""
    from truceline.adapters.exports import WRITERS  # noqa: PLC0415 - loads what reading does without

    return WRITERS[ending](table)


def words_of(languages: Iterable[str]) -> dict[str, Catalogue]:
    """Load the words of pages and paper in some languages."""
    from truceline.adapters.catalogues import load_catalogues  # noqa: PLC0415 - reading needs no pages

    return load_catalogues(languages)


def words_of_all() -> dict[str, Catalogue]:
    """Load the words of every language that has some, English first."""
    from truceline.adapters.catalogues import catalogue_languages  # noqa: PLC0415 - reading needs no pages

    return words_of(catalogue_languages())


def render_console(template: str, **values: object) -> str:
    """Lay out a page of the console."""
    from truceline.adapters.pages import render_console as render  # noqa: PLC0415 - reading needs no pages

    return render(template, **values)


def picture_of_address(address: str) -> bytes:
    """Draw an address as a QR code, as SVG."""
    from truceline.adapters.pages import picture_of_address as draw_it  # noqa: PLC0415 - reading needs no pages

    return draw_it(address)


def static_folders() -> dict[str, Path]:
    """Return address -> folder of what the console's pages load."""
    from truceline.adapters.pages import static_folders as folders  # noqa: PLC0415 - reading needs no pages

    return folders()


def pages_of(editions: Sequence[Edition]) -> dict[str, bytes]:
    """Lay out the pages: ``board.html`` and ``map.html``."""
    from truceline.adapters.pages import render_board, render_map  # noqa: PLC0415 - reading needs no pages

    return {
        "board.html": render_board(editions).encode("utf-8"),
        "map.html": render_map(editions).encode("utf-8"),
    }


def guide_page(facts: BundleFacts, maker: str) -> bytes:
    """Lay out the guide of a copy of the record, in every language that has words.

    Args:
        facts: What the copy says of itself.
        maker: Which program made it.

    Returns:
        The page.
    """
    from truceline.adapters.catalogues import catalogue_languages, load_catalogues  # noqa: PLC0415
    from truceline.adapters.pages import render_guide  # noqa: PLC0415
    from truceline.publish.guide import guide_of  # noqa: PLC0415

    words = load_catalogues(catalogue_languages())
    return render_guide([guide_of(facts, one) for one in words.values()], maker).encode("utf-8")


def papers_of(editions: Sequence[Edition]) -> list[Paper]:
    """Set the paper of each edition: ``report.<lang>.pdf``."""
    from truceline.adapters.typst import render_report  # noqa: PLC0415 - loads a compiler, for paper only

    return [render_report(edition) for edition in editions]
