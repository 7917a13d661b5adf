"""Stages of guests: the lifecycle."""
