"""What a compile froze: rows in PostgreSQL, and a copy of them in the columns, made when somebody first looks."""
