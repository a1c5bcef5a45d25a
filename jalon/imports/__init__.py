"""Imports: files in. Mapped, tried, written in slices that survive a crash; bad rows come back with the reason beside each."""
