"""The SQL of imports: files handed in, and runs."""
