"""How figures are made, once for every report: periods, buckets, measures, comparison, and the address of the records behind a number. Pure."""
