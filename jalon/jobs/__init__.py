"""Work that nobody waits for: the beat, background jobs with progress, and the console of commands."""
