"""Score properties: criteria with points, recomputed in sets."""
