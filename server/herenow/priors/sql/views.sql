-- What is counted, in standard SQL.

-- Somebody is in the segments of each of their devices, once in each.
CREATE OR REPLACE VIEW segments AS
SELECT DISTINCT coalesce(person, who) AS who, segment FROM told_segments LEFT JOIN persons USING (who);

-- How much each person likes a value, of all they like of its facet: in whole 1048576ths, so that sums are the same
-- in whatever order they are made.
CREATE OR REPLACE VIEW own_tastes AS
SELECT who, facet, value, CAST(floor(sum(weight) * 1048576.0 / sum(sum(weight)) OVER (PARTITION BY who, facet)) AS BIGINT) AS share
FROM told_facets JOIN weights USING (name)
WHERE weight > 0
GROUP BY who, facet, value;

-- One moment an hour: what somebody does within it says once that they are there.
CREATE OR REPLACE VIEW moments AS
SELECT who, channel, local_day, local_weekday * 24 + local_hour AS cell, min(received_ms) AS received_ms
FROM (
    SELECT *, 'app' AS channel FROM (
        SELECT who, local_day, local_weekday, local_hour, received_ms FROM events WHERE type = 'behavior'
    ) AS acts
    UNION ALL
    SELECT who, local_day, local_weekday, local_hour, received_ms, channel FROM events
    WHERE type = 'message' AND name IN ('opened', 'acted') AND channel IS NOT NULL
) AS answers
GROUP BY who, channel, local_day, local_weekday, local_hour;

-- A visit is a place told anew, on another day or after another place.
CREATE OR REPLACE VIEW visits AS
SELECT who, place, local_day, cell, at_ms
FROM (
    SELECT who, place, local_day, cell, at_ms,
           lag(place) OVER (PARTITION BY who ORDER BY at_ms, place) AS place_before,
           lag(local_day) OVER (PARTITION BY who ORDER BY at_ms, place) AS day_before
    FROM (
        SELECT who, coalesce(place, fence) AS place, local_day, at_ms,
               local_hour + CASE WHEN local_weekday >= 5 THEN 24 ELSE 0 END AS cell
        FROM events
        WHERE name IN ('fence_entered', 'location', 'purchase') AND coalesce(place, fence) IS NOT NULL
    ) AS told
) AS in_turn
WHERE place_before IS NULL OR place <> place_before OR local_day <> day_before;

CREATE OR REPLACE VIEW steps AS
SELECT * FROM (
    SELECT who, place AS after, cell AS cell_after,
           lag(place) OVER (PARTITION BY who ORDER BY at_ms, place) AS before,
           lag(cell) OVER (PARTITION BY who ORDER BY at_ms, place) AS cell_before
    FROM visits
) AS pairs
WHERE before IS NOT NULL;

-- Goals, at most one a day.
CREATE OR REPLACE VIEW goals AS
SELECT DISTINCT who, local_day FROM events WHERE name = 'purchase' AND coalesce(value, 0) >= 0;

CREATE OR REPLACE VIEW exposures AS
SELECT who, offer, form, local_day, min(local_hour) AS local_hour, min(at_ms) AS at_ms
FROM events JOIN forms USING (offer)
WHERE type = 'message' AND name = 'shown'
GROUP BY who, offer, form, local_day;
