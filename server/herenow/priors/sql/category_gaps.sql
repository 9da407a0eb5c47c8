SELECT category, sum(last_day - first_day) * 1.0 / sum(days - 1) AS usual_days
FROM (
    SELECT who, value AS category, count(DISTINCT local_day) AS days, min(local_day) AS first_day, max(local_day) AS last_day
    FROM told_facets
    WHERE name = 'purchase' AND facet = 'category'
    GROUP BY who, value
    HAVING count(DISTINCT local_day) > 1
) AS returned
GROUP BY category
HAVING count(*) >= $least
ORDER BY category
