"""Rows as columns, so that one statement with `unnest` takes them all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any


def columns(names: Sequence[str], rows: Iterable[Sequence[Any]]) -> dict[str, list[Any]]:
    """The rows' values by name, a list each."""
    turned = list(map(list, zip(*rows, strict=True))) or [[] for _ in names]
    return dict(zip(names, turned, strict=True))
