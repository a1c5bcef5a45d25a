-- Every contact with ten columns to a CSV file, by DuckDB's own writer.
COPY (
  SELECT id, "email", "firstname", "lastname", "company", "city", "hs_analytics_source", "lifecyclestage", "hubspotscore", "createdate"
  FROM contacts ORDER BY id
) TO '{file}' (HEADER, DELIMITER ',')
