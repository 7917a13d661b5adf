"""Segments: written, saved, used, released and retired."""
