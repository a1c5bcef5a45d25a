"""Jalon: contacts, and every answer about them, on one machine."""

__version__ = "0.1.0"
