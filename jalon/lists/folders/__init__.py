"""Folders that lists lie in."""
