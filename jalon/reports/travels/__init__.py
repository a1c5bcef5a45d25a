"""The pages beside the overview of the lifecycle report: flow, trend, time to convert, stuck contacts; each with its files."""
