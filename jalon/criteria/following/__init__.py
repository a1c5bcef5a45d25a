"""Following what changes with criteria: which of many trees may have another answer now, and for which records."""
