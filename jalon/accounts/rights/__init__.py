"""Permission sets and teams: what people may do, and whose records they share."""
