"""`guestloop up`: PostgreSQL, the engine and the web as child processes of one supervisor."""
