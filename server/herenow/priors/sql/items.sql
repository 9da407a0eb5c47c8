SELECT item, count(DISTINCT who) AS people
FROM touched
GROUP BY item
HAVING count(DISTINCT who) >= $least
ORDER BY people DESC, item
