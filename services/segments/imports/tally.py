"""The columns of a file as its rows are read: each value is read once and counted by what became of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

from marshmallow import ValidationError

MOST_KNOWN = 20_000  # values of a column in memory at a time
MOST_UNKNOWN = 1_000  # values that were not understood, told apart
NOTHING = frozenset({"", "null", "none", "na", "n/a", "-", "undefined"})


class Value:
    """What a text of a column was read as. `problem`: why its row is refused. `is_empty`: it stands for nothing."""

    __slots__ = ("is_empty", "problem", "rows", "value")

    def __init__(self, value: Any, problem: str | None, is_empty: bool) -> None:
        self.value, self.problem, self.is_empty = value, problem, is_empty
        self.rows = 0

    @property
    def is_understood(self) -> bool:
        return not self.is_empty and self.problem is None and self.value is not None


class Column:
    """`values`: those met, by text; the reader adds a row to each. Totals stay exact where there are more values than
    are held."""

    __slots__ = ("_empty", "_read", "_understood", "_unknown", "_unlisted", "doubted", "values")

    def __init__(self, read: Callable[[str], Any]) -> None:
        self._read = read
        self.values: dict[str, Value] = {}
        self.doubted: Counter[str] = Counter()  # rows by the reason for which a value that was read is not used
        self._understood = self._empty = self._unlisted = 0
        self._unknown: Counter[tuple[str, str]] = Counter()

    def learn(self, text: str) -> Value:
        """A text met for the first time."""
        if len(self.values) >= MOST_KNOWN:
            self._fold()
        self.values[text] = made = self._made(text)
        return made

    @property
    def understood(self) -> int:
        return self._understood + sum(one.rows for one in self.values.values() if one.is_understood)

    @property
    def empty(self) -> int:
        return self._empty + sum(one.rows for one in self.values.values() if one.is_empty)

    def unknown(self) -> tuple[Counter[tuple[str, str]], int]:
        """Rows by text and reason; and how many other rows, whose texts are not told apart."""
        found, unlisted = self._unknown.copy(), self._unlisted
        for text, value in self.values.items():
            if not (value.is_empty or value.is_understood):
                found[text, value.problem or ""] += value.rows
        return found, unlisted

    def commonest(self, most: int) -> list[tuple[str, Value]]:
        """Of the values understood that are held."""
        known = [(text, value) for text, value in self.values.items() if value.is_understood]
        return sorted(known, key=lambda one: -one[1].rows)[:most]

    def _made(self, text: str) -> Value:
        is_empty = text.lower() in NOTHING
        try:
            value = self._read(text)
        except ValidationError as error:
            return Value(None, "; ".join(map(str, error.messages)), is_empty)
        return Value(value, None, is_empty and not value)

    def _fold(self) -> None:
        self._understood, self._empty = self.understood, self.empty
        unknown, self._unlisted = self.unknown()
        self._unknown = Counter(dict(unknown.most_common(MOST_UNKNOWN)))
        self._unlisted += unknown.total() - self._unknown.total()
        self.values.clear()
