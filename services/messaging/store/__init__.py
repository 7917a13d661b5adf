"""SQL that loads and saves what messaging owns and what it knows."""
