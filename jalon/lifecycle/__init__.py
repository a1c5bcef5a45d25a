"""Lifecycle: the stages of contacts, their movements from stage to stage, and the journeys that these make."""
