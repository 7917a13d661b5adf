"""The calendar of messages: planned, and rehearsed."""
