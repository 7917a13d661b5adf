"""Changes of a source at places of its tree, made from its end to its beginning so that the places hold."""

from __future__ import annotations

from services.messaging.channels.email.source.tree import Node


class Edits:
    def __init__(self, text: str) -> None:
        self._text = text
        self._made: list[tuple[int, int, str]] = []

    def remove(self, node: Node) -> None:
        self._made.append((node.begins, node.ends, ""))

    def insert(self, at: int, text: str) -> None:
        self._made.append((at, at, text))

    def replace_in_tag(self, node: Node, old: str, new: str) -> None:
        """In what opens an element."""
        opening = self._text[node.begins : node.start]
        self._made.append((node.begins, node.start, opening.replace(old, new)))

    def applied(self) -> str:
        """What stands within a place that goes is gone with it."""
        text, reached = self._text, len(self._text) + 1
        ends = sorted(self._made, key=lambda edit: (edit[1], edit[1] - edit[0]), reverse=True)
        for start, end, new in ends:
            if end <= reached:
                text, reached = text[:start] + new + text[end:], start
        return text
