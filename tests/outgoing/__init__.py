"""The client by which Guestloop asks other systems, against servers on loopback."""
