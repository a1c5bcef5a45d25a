"""Lists of records: by criteria, live or frozen, and by hand; who joined when and why."""
