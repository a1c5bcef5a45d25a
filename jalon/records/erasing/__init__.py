"""Deleting a person for ever, and handing them all that is kept of them."""
