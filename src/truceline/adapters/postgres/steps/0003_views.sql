-- What a geographic information system opens. A view is a way out: it shows what is public, as late and as coarse as the
-- mission lets things out, and never a column that says whose a thing is or who handled it. Until the mission's rules are
-- told (whoever opens the record to write to it tells them), the views show nothing.
CREATE TABLE outside_rules (
  "only" smallint PRIMARY KEY CHECK ("only" = 1), late interval NOT NULL, coarse_m integer NOT NULL CHECK (coarse_m > 0)
);

-- The middle of the cell that a coordinate lies in: the same cells as in the service's own answers.
CREATE FUNCTION outside_degree(degree double precision, coarse_m integer) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT round(((floor(degree / (coarse_m / 111320.0::float8)) + 0.5) * (coarse_m / 111320.0::float8))::numeric, 7)::float8
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
    SELECT *, value::json #>> '{place,label}' AS place_name, value::json ->> 'scope' AS scope,
           coalesce((value::json #>> '{location,precision_m}')::float8, 0) AS precision_m
    FROM model_incidents
    WHERE release = 'public'
  ) AS incident
  CROSS JOIN outside_rules
  WHERE known_at <= now() - late;

-- The ground alone: what follows from claims is in v_incidents, with the moment since when it is known.
CREATE VIEW v_features AS
  SELECT place AS fid, id, kind AS layer, state, zone, start_at, end_at, realm,
         value::json #>> '{properties,label}' AS label,
         shape
  FROM model_features
  CROSS JOIN outside_rules
  WHERE release = 'public' AND kind IN ('zone', 'line', 'corridor', 'post') AND shape IS NOT NULL;

COMMENT ON VIEW v_incidents IS 'Public incidents, late and coarse. Key: fid. Geometry: location, Point, EPSG:4326.';
COMMENT ON VIEW v_features IS 'Public ground: zones, lines, corridors, posts. Key: fid. Geometry: shape, EPSG:4326.';
