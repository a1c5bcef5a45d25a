"""What a compile froze: rows in PostgreSQL, and a copy of them in the columns, brought again when somebody misses it."""
