"""What console decides without asking anybody."""
