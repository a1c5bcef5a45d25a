"""When each stage was entered and left, as properties of the contact."""
