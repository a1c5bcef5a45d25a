-- Contacts by close date, month by month, split by original source, with the sum of the score. DuckDB, the column table itself.
SELECT date_trunc('month', "closedate__day") AS bucket, "hs_analytics_source" AS breakdown, count(*) AS contacts, sum("hubspotscore") AS total
FROM contacts
WHERE "closedate__day" BETWEEN ? AND ?
GROUP BY ALL
ORDER BY bucket, breakdown NULLS LAST
