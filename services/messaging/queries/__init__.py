"""SQL shaped for pages and files."""
