"""The only place that chooses adapters."""

from __future__ import annotations

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
from truceline.adapters.languages import readable_languages
from truceline.adapters.packs import check_mission, load_mission, packaged_missions, schemas
from truceline.adapters.packs.book import load_cover_rules, load_watch_book, packaged_book, packaged_terrain
from truceline.adapters.packs.exercise import copy_for_exercise
from truceline.adapters.packs.load import mission_folder
from truceline.adapters.parquet.segments import read_segment, write_segment
from truceline.adapters.parquet.tracks import load_tables, read_detections, write_tracks
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
from truceline.adapters.pictures import blurred, picture_size
from truceline.adapters.radio import declination_deg, load_lexicons
from truceline.adapters.rights import load_rights, load_watched
from truceline.adapters.sensors.addresses import is_handed_in, parse_address
from truceline.adapters.sensors.captures import datagrams, is_pcap
from truceline.adapters.sensors.spool import Spool, read_spool, spools
from truceline.adapters.sensors.streams import attend
from truceline.adapters.terrain import TerrainFile, png_of, write_cells
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
from truceline.app.wiring.laying_out import (
    guide_page,
    pages_of,
    papers_of,
    picture_of_address,
    render_console,
    sheet_of,
    static_folders,
    words_of,
    words_of_all,
    write_table,
)
from truceline.app.wiring.opening import (
    Readers,
    Store,
    World,
    beside_others,
    items_in,
    items_of,
    models_in_memory,
    open_log,
    open_store,
    open_world,
    parts_in,
)
from truceline.app.wiring.witnesses import cosign_demo, witness_at
from truceline.ledger.log import read_log
from truceline.ledger.store import Export

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
    "Readers",
    "SessionStore",
    "SheetMapping",
    "SignedByPasskey",
    "Spool",
    "Store",
    "TerrainFile",
    "Trace",
    "TrailStore",
    "Vault",
    "World",
    "attend",
    "beside_others",
    "blurred",
    "bundle_store",
    "check_mission",
    "copy_accounts",
    "copy_for_exercise",
    "cosign_demo",
    "datagrams",
    "declination_deg",
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
    "is_handed_in",
    "is_pcap",
    "items_in",
    "items_of",
    "keep_opening",
    "load_cover_rules",
    "load_forms",
    "load_lexicons",
    "load_mission",
    "load_rights",
    "load_sign_in_rules",
    "load_tables",
    "load_watch_book",
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
    "packaged_book",
    "packaged_missions",
    "packaged_terrain",
    "pages_of",
    "papers_of",
    "parse_address",
    "parts_in",
    "picture_of_address",
    "picture_size",
    "png_of",
    "propose_mapping",
    "protection_words",
    "public_of",
    "read_backup",
    "read_column_names",
    "read_detections",
    "read_key",
    "read_log",
    "read_segment",
    "read_shown",
    "read_spool",
    "read_statement",
    "read_statements",
    "readable_languages",
    "remember_mapping",
    "render_console",
    "schemas",
    "seal",
    "serve_folder",
    "serve_witness",
    "sheet_of",
    "spools",
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
    "write_cells",
    "write_files",
    "write_rejected",
    "write_segment",
    "write_shown",
    "write_statements",
    "write_table",
    "write_tracks",
]
