"""What surveys ask is changed and published; guests answer it, page by page."""
