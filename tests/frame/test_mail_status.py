"""What a mail server's status says is read once, and comes out the same whoever is told of it."""

from __future__ import annotations
