-- How many people bought again so often, over so many days, having been seen for so many.
SELECT days - 1 AS repeats, last_day - first_day AS last, $last_day - first_day AS seen, count(*) AS people
FROM (SELECT who, count(*) AS days, min(local_day) AS first_day, max(local_day) AS last_day FROM goals GROUP BY who) AS buyers
WHERE first_day < $last_day
GROUP BY days, last_day, first_day
ORDER BY repeats, last, seen
