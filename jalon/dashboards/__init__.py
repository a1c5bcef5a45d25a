"""Pages of figures. Home is the first of them: it looks at every capability, so it stands above them."""
