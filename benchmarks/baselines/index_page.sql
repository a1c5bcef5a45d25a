-- The first page of an index: two filters, sorted by a number, fifty rows. DuckDB.
SELECT id, "firstname", "lastname", "email", "hubspotscore", "createdate"
FROM contacts
WHERE "lifecyclestage" IN ('hot_lead', 'payment') AND "hubspotscore" > 20
ORDER BY "hubspotscore" DESC NULLS LAST, id DESC
LIMIT 50
