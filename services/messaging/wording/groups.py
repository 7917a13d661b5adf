"""Values in groups, each made when it is first asked for: most texts read few of what there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, TypeVar

Told = TypeVar("Told")
"""What is known of a message."""


class Groups(Mapping[str, Any], Generic[Told]):
    """By name; two names deep, as texts read them."""

    __slots__ = ("_groups", "_make", "_told")

    def __init__(self, make: Mapping[str, Callable[[Told], Any]], told: Told, groups: dict[str, Any]) -> None:
        """`make`: by name, how a group is made of what is `told`; `groups`: those that are there already."""
        self._make, self._told, self._groups = make, told, groups

    def __getitem__(self, name: str) -> Any:
        if name not in self._groups:
            self._groups[name] = self._make[name](self._told)
        return self._groups[name]

    def get(self, name: str, default: Any = None) -> Any:
        if name in self._groups:
            return self._groups[name]
        return self[name] if name in self._make else default

    def __iter__(self) -> Iterator[str]:
        return iter(self._groups.keys() | self._make.keys())

    def __len__(self) -> int:
        return len(self._groups.keys() | self._make.keys())

    def also(self, name: str, group: Mapping[str, Any]) -> Groups[Told]:
        """The same, and one group more."""
        return Groups(self._make, self._told, {**self._groups, name: group})
