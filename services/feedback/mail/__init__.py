"""What a mail that came in is: bytes → `Mail`. Pure: no database, no network, no clock, no keys."""
