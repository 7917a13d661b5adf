"""What happens at a kiosk, and who starts and ends it."""
