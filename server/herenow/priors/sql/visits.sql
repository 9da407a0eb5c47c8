SELECT place, count(*) AS visits
FROM visits
GROUP BY place
HAVING count(DISTINCT who) >= $least
ORDER BY visits DESC, place
