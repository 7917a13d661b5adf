"""Rehearsal: who would enter and leave which audience, by time alone."""
