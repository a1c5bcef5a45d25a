"""The pages of records: index, record, properties."""
