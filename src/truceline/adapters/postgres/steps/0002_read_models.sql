-- The read models: made from the record, thrown away at will. A table each, with the columns by which rows are found and
-- released; places as geometry, so that boxes are found by an index and maps can be drawn from the database.
CREATE TABLE model_follows ("only" smallint PRIMARY KEY CHECK ("only" = 1), entries bigint NOT NULL);
CREATE TABLE model_heads (model text PRIMARY KEY, n_rows bigint NOT NULL);

-- What is no geometry has none: a feature that cannot be drawn shall not keep the others from being written.
CREATE FUNCTION model_shape(value text) RETURNS geometry LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
BEGIN
  RETURN ST_SetSRID(ST_Force2D(ST_GeomFromGeoJSON(value::json ->> 'geometry')), 4326);
EXCEPTION WHEN OTHERS THEN
  RETURN NULL;
END
$$;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'reports', 'claims', 'incidents', 'obligations', 'counters', 'features', 'rejected', 'notices', 'watches'
  ] LOOP
    EXECUTE format($table$
      CREATE TABLE model_%1$s (
        place bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        id text COLLATE "C" NOT NULL UNIQUE,
        kind text COLLATE "C" NOT NULL,
        known_at timestamptz, start_at timestamptz, end_at timestamptz,
        lon double precision, lat double precision,
        zone text COLLATE "C", state text COLLATE "C",
        owner text NOT NULL, release text NOT NULL, realm text NOT NULL,
        value text NOT NULL,
        words tsvector NOT NULL,
        entered timestamptz NOT NULL
          GENERATED ALWAYS AS (coalesce(known_at, TIMESTAMPTZ '0001-01-01 00:00:00+00')) STORED,
        happened timestamptz NOT NULL
          GENERATED ALWAYS AS (coalesce(start_at, known_at, TIMESTAMPTZ '0001-01-01 00:00:00+00')) STORED,
        location geometry(Point, 4326)
          GENERATED ALWAYS AS (ST_SetSRID(ST_MakePoint(lon, lat), 4326)) STORED
      )
    $table$, name);
    EXECUTE format('CREATE INDEX ON model_%s (entered, place)', name);
    EXECUTE format('CREATE INDEX ON model_%s (happened, place)', name);
    EXECUTE format('CREATE INDEX ON model_%s (kind, state, entered, place)', name);
    EXECUTE format('CREATE INDEX ON model_%s (zone, entered, place)', name);
    EXECUTE format('CREATE INDEX ON model_%s USING gist (location)', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['reports', 'claims', 'incidents', 'notices'] LOOP
    EXECUTE format('CREATE INDEX ON model_%s USING gin (words)', name);
  END LOOP;
END
$$;

ALTER TABLE model_features ADD COLUMN shape geometry(Geometry, 4326) GENERATED ALWAYS AS (model_shape(value)) STORED;
CREATE INDEX ON model_features USING gist (shape);
