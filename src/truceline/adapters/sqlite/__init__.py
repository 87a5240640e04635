"""The embedded store: the record and the read models in one SQLite file."""
