"""Associations: links between records, their types, what a record is linked with."""
