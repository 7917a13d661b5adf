"""SQL shaped for pages."""
