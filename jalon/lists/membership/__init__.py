"""Who is in a list: what the beat finds out, writes down as movements and lays into the columns."""
