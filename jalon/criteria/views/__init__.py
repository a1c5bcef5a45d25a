"""The criteria editor: where it opens and where its criteria go, one filter of it, what may be picked, the live count."""
