"""Putting chosen records into static lists and taking them out: the ticked ones at once, very many in the background."""
