"""Links that let one person in, once: a new user, or one who needs a new password."""
