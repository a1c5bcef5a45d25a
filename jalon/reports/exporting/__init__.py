"""Reports as files: its contacts or its table, taken away at once or sent by mail, and for how long such a file is kept."""
