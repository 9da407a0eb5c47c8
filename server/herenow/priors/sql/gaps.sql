SELECT sum(last_day - first_day) * 1.0 / sum(days - 1) AS usual_days
FROM (
    SELECT who, count(*) AS days, min(local_day) AS first_day, max(local_day) AS last_day FROM goals GROUP BY who HAVING count(*) > 1
) AS returned
HAVING count(*) >= $least
