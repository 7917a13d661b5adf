"""Rehearsal: what journeys would ask for, and the report of it."""
