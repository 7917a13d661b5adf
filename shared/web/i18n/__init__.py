"""Languages: the console's and the guests' pages', and how values are written in them."""
