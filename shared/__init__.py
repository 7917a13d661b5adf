"""What every service stands on: time, database, bus, sealing. It holds no hotel word, but for `shared.events`."""
