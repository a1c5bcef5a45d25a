"""Custom objects and the types of association between objects: what a person defines in the settings or in a file."""
