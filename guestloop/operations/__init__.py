"""What an operator does to an installation: check, export, import, move, provision, republish, rotate keys."""
