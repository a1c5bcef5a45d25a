"""Whose records are whose, when somebody leaves."""
