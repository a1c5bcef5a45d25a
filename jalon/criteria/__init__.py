"""Criteria: one language for lists, triggers, branches, report filters, index pages and search."""
