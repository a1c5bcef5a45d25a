"""Transport of messages: a mail is a row, then it is sent once."""
