"""Warnings are raised, told, seen and ended."""
