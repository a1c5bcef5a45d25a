-- Contacts by first conversion date, month by month, split by original source, with the sum of the score. DuckDB, the column table itself.
SELECT date_trunc('month', "first_conversion_date__day") AS bucket, "hs_analytics_source" AS breakdown, count(*) AS contacts, sum("hubspotscore") AS total
FROM contacts
WHERE "first_conversion_date__day" BETWEEN ? AND ?
GROUP BY ALL
ORDER BY bucket, breakdown NULLS LAST
