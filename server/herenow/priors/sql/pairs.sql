-- How many people touched both of two items: of the latest items of each, among those in the table known (item, code).
WITH latest AS (
    SELECT who, code, row_number() OVER (PARTITION BY who ORDER BY last_ms DESC, code) AS turn
    FROM (SELECT who, item, max(at_ms) AS last_ms FROM touched GROUP BY who, item) AS once JOIN known USING (item)
),
kept AS (SELECT who, code FROM latest WHERE turn <= $most_items)
SELECT one.code AS one, other.code AS other, count(*) AS people
FROM kept AS one JOIN kept AS other ON one.who = other.who AND one.code <= other.code
GROUP BY one.code, other.code
ORDER BY one.code, other.code
