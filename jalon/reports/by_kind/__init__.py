"""What is done with saved reports, kind by kind: the table, its rows, and the functions that stand in them."""
