"""What reports of each kind say in a mail."""
