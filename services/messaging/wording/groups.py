"""Values in groups, each made when it is first asked for: most texts read few of what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any


class Groups(Mapping[str, Any]):
    """By name; two names deep, as texts read them."""

    __slots__ = ("_groups", "_make")

    def __init__(self, make: Mapping[str, Callable[[], Any]], groups: dict[str, Any]) -> None:
        """`groups`: those that are there already."""
        self._make, self._groups = make, groups

    def __getitem__(self, name: str) -> Any:
        if name not in self._groups:
            self._groups[name] = self._make[name]()
        return self._groups[name]

    def get(self, name: str, default: Any = None) -> Any:
        if name in self._groups:
            return self._groups[name]
        return self[name] if name in self._make else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._groups.keys() | self._make.keys())

    def __len__(self) -> int:
        return len(self._groups.keys() | self._make.keys())

    def also(self, name: str, group: Mapping[str, Any]) -> Groups:
        """The same, and one group more."""
        return Groups(self._make, {**self._groups, name: group})
