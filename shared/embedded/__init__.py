"""The embedded mode: a PostgreSQL of our own in a home folder, and what starts and stops it."""
