"""Console's rules, without I/O."""
