-- Lists are found by columns in memory that follow what changed: the database says what did, and keeps no index for them.
ALTER TABLE model_heads ADD COLUMN epoch bigint NOT NULL DEFAULT 1, ADD COLUMN changed bigint NOT NULL DEFAULT 0;
CREATE TABLE model_changes (
  model text NOT NULL, number bigint NOT NULL, place bigint NOT NULL, PRIMARY KEY (model, number)
);

-- it names every column of its table; it is made anew without the two
DROP VIEW v_incidents;

DO $$
DECLARE
  name text;
BEGIN
  FOREACH name IN ARRAY ARRAY[
    'reports', 'claims', 'incidents', 'obligations', 'counters', 'features', 'rejected', 'notices', 'watches'
  ] LOOP
    -- their indexes go with them
    EXECUTE format('ALTER TABLE model_%s DROP COLUMN entered, DROP COLUMN happened', name);
  END LOOP;
END
$$;

CREATE VIEW v_incidents AS
  SELECT place AS fid, id, kind, state, zone, known_at, start_at, end_at, realm, place_name, scope,
         greatest(precision_m, coarse_m) AS precision_m,
         ST_SetSRID(
           CASE
             WHEN precision_m >= coarse_m THEN ST_MakePoint(lon, lat)
             ELSE ST_MakePoint(outside_degree(lon, coarse_m), outside_degree(lat, coarse_m))
           END, 4326
         )::geometry(Point, 4326) AS location
  FROM (
    SELECT place, id, kind, state, zone, known_at, start_at, end_at, lon, lat, realm,
           value::json #>> '{place,label}' AS place_name, value::json ->> 'scope' AS scope,
           coalesce((value::json #>> '{location,precision_m}')::float8, 0) AS precision_m
    FROM model_incidents
    WHERE release = 'public'
  ) AS incident
  CROSS JOIN outside_rules
  WHERE known_at <= now() - late;

COMMENT ON VIEW v_incidents IS 'Public incidents, late and coarse. Key: fid. Geometry: location, Point, EPSG:4326.';
