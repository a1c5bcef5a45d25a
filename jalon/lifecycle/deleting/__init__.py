"""The deletion of a stage."""
