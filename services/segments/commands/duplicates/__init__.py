"""Guests who may be one: searched for, merged, and taken apart again."""
