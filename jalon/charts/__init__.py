"""A result drawn: plain values in, a Vega-Lite specification out, and pictures of it without a browser. Pure."""
