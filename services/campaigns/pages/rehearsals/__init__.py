"""Rehearsals: what journeys would bring."""
