-- All that is DuckDB's own: reading the files, and taking lists and maps apart. The other files are standard SQL
-- over these views and the tables weights (name, weight), forms (offer, form) and segments (who, segment).

-- A withdrawal that was interrupted has left records twice: each counts once.
CREATE OR REPLACE VIEW events AS
SELECT * FROM read_parquet(getvariable('files'), hive_partitioning = false)
QUALIFY row_number() OVER (PARTITION BY who, id ORDER BY position) = 1;

CREATE OR REPLACE VIEW told_facets AS
SELECT who, name, local_day, entry.key AS facet, unnest(entry.value) AS value
FROM (SELECT who, name, local_day, unnest(map_entries(facets)) AS entry FROM events);

CREATE OR REPLACE VIEW touched AS
SELECT who, unnest(items) AS item, at_ms
FROM events JOIN weights USING (name) WHERE weight > 0;
