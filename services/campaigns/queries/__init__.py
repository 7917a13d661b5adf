"""SQL shaped for pages, the API and for republishing present state."""
