-- The mean share over the people who like anything of the facet; values that too few like are left out.
SELECT facet, value, sum(share) * 1.0 / people_of_facet AS share
FROM own_tastes JOIN (SELECT facet, count(DISTINCT who) AS people_of_facet FROM own_tastes GROUP BY facet) AS facets USING (facet)
GROUP BY facet, value, people_of_facet
HAVING count(*) >= $least
ORDER BY facet, value
