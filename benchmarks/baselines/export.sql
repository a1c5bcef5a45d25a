-- Every contact with ten columns, written to CSV by Arrow. DuckDB.
SELECT id, "email", "firstname", "lastname", "company", "city", "hs_analytics_source", "lifecyclestage", "hubspotscore", "createdate"
FROM contacts ORDER BY "createdate", id
