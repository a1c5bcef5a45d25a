"""Reports by e-mail: when they leave, what each mail shows, and what became of it."""
