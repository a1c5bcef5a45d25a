-- One record with its values. PostgreSQL.
SELECT id, properties, created_at, updated_at FROM records_record WHERE id = %s
