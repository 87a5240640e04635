"""Keeps accounts, sessions, tokens, the audit and encrypted workspaces. Touches: one SQLite file, ``access.db`` beside the store.

None of this is of the record: a rebuild makes nothing of it and loses nothing of it. Of tokens and links only hashes are
kept, of passwords argon2id, of workspaces what only the delegation's own officers open.
"""

from truceline.adapters.accounts.copying import copy_accounts
from truceline.adapters.accounts.database import AccessDatabase, open_access_database
from truceline.adapters.accounts.notes import Grant, KeptNote, NoteStore
from truceline.adapters.accounts.people import Credentials, Passkey, PeopleStore
from truceline.adapters.accounts.sessions import KeptToken, SessionStore
from truceline.adapters.accounts.trail import Deed, TrailStore

__all__ = [
    "AccessDatabase",
    "Credentials",
    "Deed",
    "Grant",
    "KeptNote",
    "KeptToken",
    "NoteStore",
    "Passkey",
    "PeopleStore",
    "SessionStore",
    "TrailStore",
    "copy_accounts",
    "open_access_database",
]
