"""Signing in elsewhere: OpenID Connect, with any issuer that speaks it."""
