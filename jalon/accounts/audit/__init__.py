"""Who did what and when: a line for every change of settings and rights, every sign-in, export, import and erasure."""
