-- The items that at most so many people touched, each with its first time and its last, in the order of the last.
WITH asked AS (SELECT who FROM touched GROUP BY who ORDER BY md5(who) LIMIT $most_people)
SELECT who, item, min(at_ms) AS first_ms, max(at_ms) AS last_ms
FROM touched JOIN asked USING (who)
GROUP BY who, item
ORDER BY who, last_ms, item
