"""How figures are made, once for every report: periods, buckets, measures, and the address of the records behind a number. Pure."""
