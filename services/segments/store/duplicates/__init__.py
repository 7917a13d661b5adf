"""The SQL of pairs who may be one guest, and of merged groups."""
