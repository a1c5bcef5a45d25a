"""The list that the rows of a file are put into, as they come in."""
