-- The sums written into the contacts. PostgreSQL, one statement over a table that COPY filled, without a change log.
UPDATE records_record r SET properties = r.properties || jsonb_build_object('raw_revenue', t.total) FROM raw_totals t WHERE r.id = t.id
