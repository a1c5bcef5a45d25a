"""Where somebody is signed in: a row for each of Django's sessions."""
