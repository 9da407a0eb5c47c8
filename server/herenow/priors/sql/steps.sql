SELECT before, after, count(*) AS steps
FROM steps
GROUP BY before, after
HAVING count(DISTINCT who) >= $least
ORDER BY before, steps DESC, after
