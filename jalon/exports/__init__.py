"""Exports: rows out of the columns into CSV and XLSX, in constant memory, with a row-count check at the end."""
