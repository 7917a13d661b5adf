"""Rehearsal: what the gate would say."""
