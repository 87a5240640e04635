-- The record: entries, tiles, checkpoints, cosignatures, payloads, copies that were given out, what witnesses remember.
CREATE TABLE log_identity (
  "only" smallint PRIMARY KEY CHECK ("only" = 1), origin text NOT NULL, vkey text NOT NULL
);
CREATE TABLE log_entries (
  idx bigint PRIMARY KEY, type text NOT NULL, id text NOT NULL, round bigint NOT NULL,
  payload_sha256 text NOT NULL, payload_size bigint NOT NULL, leaf bytea NOT NULL,
  UNIQUE (type, id, round)
);
CREATE TABLE log_tiles (
  level integer NOT NULL, idx bigint NOT NULL, hashes bytea NOT NULL, PRIMARY KEY (level, idx)
);
CREATE TABLE log_checkpoints (size bigint PRIMARY KEY, note bytea NOT NULL);
CREATE TABLE log_cosignatures (
  size bigint NOT NULL, name text COLLATE "C" NOT NULL, key_id bytea NOT NULL, signature bytea NOT NULL,
  PRIMARY KEY (size, name, key_id)
);
CREATE TABLE log_hold ("only" smallint PRIMARY KEY CHECK ("only" = 1), why text NOT NULL);
CREATE TABLE log_payloads (sha256 text PRIMARY KEY, bytes bytea NOT NULL);
CREATE TABLE log_exports (
  recipient text COLLATE "C" NOT NULL, size bigint NOT NULL, root text COLLATE "C" NOT NULL,
  PRIMARY KEY (recipient, size, root)
);
CREATE TABLE witness_heads (
  witness text NOT NULL, origin text NOT NULL, size bigint NOT NULL, root bytea NOT NULL, note bytea NOT NULL,
  PRIMARY KEY (witness, origin)
);
