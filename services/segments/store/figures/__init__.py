"""The SQL of figures that count guests: what they are counted by, and for which windows."""
