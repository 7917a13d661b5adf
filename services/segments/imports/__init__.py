"""Reading a file of reservations: its columns, its preview, the run that enters it, the watched folder."""
