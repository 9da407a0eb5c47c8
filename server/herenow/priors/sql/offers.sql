-- Exposures by form and daypart, and how many were answered within a week.
SELECT form, daypart, count(*) AS shown, sum(answered) AS answered
FROM (
    SELECT who, form,
           CASE WHEN local_hour < 6 THEN 'night' WHEN local_hour < 11 THEN 'morning' WHEN local_hour < 15 THEN 'noon'
                WHEN local_hour < 18 THEN 'afternoon' WHEN local_hour < 22 THEN 'evening' ELSE 'night' END AS daypart,
           CASE WHEN EXISTS (
               SELECT 1 FROM events AS answer
               WHERE answer.who = exposures.who AND answer.offer = exposures.offer
                 AND answer.name IN ('acted', 'offer_redeemed')
                 AND answer.at_ms >= exposures.at_ms AND answer.at_ms < exposures.at_ms + 604800000
           ) THEN 1 ELSE 0 END AS answered
    FROM exposures
) AS told
GROUP BY form, daypart
HAVING count(DISTINCT who) >= $least
ORDER BY form, daypart
