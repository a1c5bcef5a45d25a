"""Notes, tasks, calls and meetings: records that hang on other records and are shown in their timeline."""
