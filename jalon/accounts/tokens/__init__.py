"""Passwords for programs."""
