"""Two records that are one: merging them, taking that back, and finding such pairs."""
