"""What people type: values of records, definitions of properties."""
