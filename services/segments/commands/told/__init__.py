"""What programs tell of guests beside their stays."""
