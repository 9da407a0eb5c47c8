SELECT cell_before, cell_after, count(*) AS steps
FROM steps
GROUP BY cell_before, cell_after
HAVING count(DISTINCT who) >= $least
ORDER BY cell_before, cell_after
