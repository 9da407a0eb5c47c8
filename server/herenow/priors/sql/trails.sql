-- The visits of at most so many people in order, to fit weights on; none of them is kept.
WITH asked AS (SELECT who FROM visits GROUP BY who HAVING count(*) > 1 ORDER BY md5(who) LIMIT $most_people)
SELECT who, place, local_day, cell
FROM visits JOIN asked USING (who)
ORDER BY who, at_ms, place
