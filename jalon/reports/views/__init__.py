"""Pages of reports. Each view is one button or one address."""
