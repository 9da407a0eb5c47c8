-- As tastes.sql, within each segment.
WITH told AS (SELECT segment, who, facet, value, share FROM own_tastes JOIN segments USING (who))
SELECT segment, facet, value, sum(share) * 1.0 / people_of_facet AS share
FROM told
JOIN (SELECT segment, facet, count(DISTINCT who) AS people_of_facet FROM told GROUP BY segment, facet) AS facets
  USING (segment, facet)
GROUP BY segment, facet, value, people_of_facet
HAVING count(*) >= $least
ORDER BY segment, facet, value
