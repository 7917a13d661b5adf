"""Which hotels something is about. A limit is never absent: all hotels are asked for by name, and no hotel is none.

What belongs to no hotel is in no scope but `EVERYWHERE`. Where it concerns a guest, a query says beside `within` that
those who see the guest see it as well.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Scope:
    """The hotels of these codes, or every one."""

    codes: frozenset[str] = frozenset()
    everywhere: bool = False

    def __contains__(self, code: str | None) -> bool:
        return self.everywhere or code in self.codes

    def meets(self, codes: Iterable[str]) -> bool:
        """Whether one of these hotels is among them; everywhere is met by none as well."""
        return self.everywhere or not self.codes.isdisjoint(codes)

    @property
    def values(self) -> dict[str, Any]:
        """What `within` is bound to."""
        return {"everywhere": self.everywhere, "hotels": sorted(self.codes)}


EVERYWHERE = Scope(everywhere=True)


def scope_of(codes: Iterable[str]) -> Scope:
    """Of a person, a key or an import as they are stored: no code stands for every hotel."""
    found = frozenset(codes)
    return Scope(found) if found else EVERYWHERE


def within(column: str) -> str:
    """SQL: whether the hotel in this column is in the scope that the statement is given by `Scope.values`."""
    return f"(%(everywhere)s::boolean or {column} = any(%(hotels)s::text[]))"
