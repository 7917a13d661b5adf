"""The SQL of rehearsals."""
