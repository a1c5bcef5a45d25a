-- What a compile of every contact freezes, into a table of the engine's own file: record, day, value of the breakdown, number.
CREATE OR REPLACE TABLE baseline_snapshot AS
SELECT id AS record_id, "first_conversion_date__day" AS day, "hs_analytics_source" AS value, "hubspotscore" AS number
FROM contacts
WHERE "first_conversion_date__day" IS NOT NULL
