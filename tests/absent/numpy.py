"""Not there, as in an installation of the product."""

raise ModuleNotFoundError("The product runs without numpy.", name="numpy")
