"""Sealing of personal data at rest, and signing of links."""
