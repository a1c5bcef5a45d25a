"""Puts the capabilities together: settings, addresses, command line, wiring. Imports all, imported by none."""
