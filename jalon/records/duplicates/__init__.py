"""Finding records that may be one: in the background, over the columns, with reasons."""
