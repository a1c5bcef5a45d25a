-- The total beside the first page of the index. DuckDB.
SELECT count(*)
FROM contacts
WHERE "lifecyclestage" IN ('hot_lead', 'payment') AND "hubspotscore" > 20
