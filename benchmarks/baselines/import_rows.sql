-- The same CSV file into one plain text table, by PostgreSQL's own loader: no types, no identity, no log.
CREATE UNLOGGED TABLE baseline_import ({columns});
COPY baseline_import FROM STDIN (FORMAT csv, HEADER);
