-- The sum of the amounts of each contact's won deals. DuckDB, the column tables themselves.
SELECT a."from_id", sum(d."amount") FROM associations a JOIN deals d ON d."id" = a."to_id"
WHERE a."from_type" = 'contact' AND a."to_type" = 'deal' AND d."hs_is_closed_won"
GROUP BY a."from_id"
