"""What happened to a record, as its page tells it: activities, changes, stages, links, its own coming and going."""
