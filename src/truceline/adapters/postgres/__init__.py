"""The store on a PostgreSQL server with PostGIS: the record, the read models and what lies beside them in one database."""
