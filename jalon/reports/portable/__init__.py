"""Saved reports as files of JSON, for git and for another account: given out, and brought in again."""
