"""A believable, deterministic year of a company's data at any scale: also the world of tests and benchmarks."""
