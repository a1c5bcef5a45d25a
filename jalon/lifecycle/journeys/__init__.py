"""How movements become journeys (spec 4.4): questions to the columns, for any number of contacts at once. Pure."""
