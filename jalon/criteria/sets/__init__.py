"""Many criteria answered together: for a few records, and for all of them against who is remembered to meet which."""
