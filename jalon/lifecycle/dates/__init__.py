"""When each stage was entered and left, and how long contacts were in it, as properties of the contact."""
