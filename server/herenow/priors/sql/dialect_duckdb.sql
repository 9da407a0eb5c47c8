-- All that is DuckDB's own: reading the files, and taking lists and maps apart. The other files are standard SQL
-- over these views and the tables weights (name, weight), forms (offer, form), told_segments (who, segment) and
-- persons (who, person).

-- A withdrawal that was interrupted has left records twice: each counts once.
CREATE OR REPLACE VIEW told AS
SELECT * FROM read_parquet(getvariable('files'), hive_partitioning = false)
QUALIFY row_number() OVER (PARTITION BY who, id ORDER BY position) = 1;

-- Whoever identified on several devices is one: all of theirs, and what their backend told, bears their pseudonym.
CREATE OR REPLACE VIEW events AS
SELECT * EXCLUDE (person) REPLACE (coalesce(person, who) AS who) FROM told LEFT JOIN persons USING (who);

CREATE OR REPLACE VIEW told_facets AS
SELECT who, name, local_day, entry.key AS facet, unnest(entry.value) AS value
FROM (SELECT who, name, local_day, unnest(map_entries(facets)) AS entry FROM events);

CREATE OR REPLACE VIEW touched AS
SELECT who, unnest(items) AS item, at_ms
FROM events JOIN weights USING (name) WHERE weight > 0;
