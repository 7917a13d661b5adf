"""SQL shaped for console's pages."""
