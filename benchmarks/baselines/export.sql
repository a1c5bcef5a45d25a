-- Every contact with twenty columns, written to CSV by Arrow. DuckDB.
SELECT id, "email", "firstname", "lastname", "company", "city", "hs_analytics_source", "lifecyclestage", "hubspotscore", "createdate",
  "lastmodifieddate", "country", "phone", "jobtitle", "industry", "total_revenue", "closedate", "hubspot_owner_id", "website", "zip"
FROM contacts ORDER BY "createdate", id
