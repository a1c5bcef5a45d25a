"""Saved questions over the records, each answered by one kind: a chart, a table, and every number opens its records."""
