-- What a geographic information system opens. A view is a way out: it shows what both delegations may have, nothing else.
CREATE VIEW v_incidents AS
  SELECT place, id, kind, state, zone, known_at, start_at, end_at, owner, release, realm,
         value::json #>> '{place,label}' AS place_name,
         value::json ->> 'scope' AS scope,
         location
  FROM model_incidents
  WHERE release IN ('joint', 'public');

CREATE VIEW v_features AS
  SELECT place, id, kind AS layer, state, zone, known_at, start_at, end_at, owner, release, realm,
         value::json #>> '{properties,label}' AS label,
         shape
  FROM model_features
  WHERE release IN ('joint', 'public') AND shape IS NOT NULL;
