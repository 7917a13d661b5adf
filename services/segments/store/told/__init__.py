"""The SQL of what programs tell of guests beside their stays."""
