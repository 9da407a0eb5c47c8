-- By channel, person and hour of the week, of the first span and of the second; of at most so many people.
WITH asked AS (
    SELECT channel, who FROM (
        SELECT channel, who, row_number() OVER (PARTITION BY channel ORDER BY md5(who)) AS turn
        FROM moments GROUP BY channel, who
    ) AS drawn
    WHERE turn <= $most_people
)
SELECT channel, who, cell,
       sum(CASE WHEN received_ms < $split_ms THEN 1 ELSE 0 END) AS early,
       sum(CASE WHEN received_ms < $split_ms THEN 0 ELSE 1 END) AS late
FROM moments JOIN asked USING (channel, who)
GROUP BY channel, who, cell
ORDER BY channel, who, cell
