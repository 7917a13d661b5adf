"""Prefetch: the next item is made while the last one is worked on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")


def prefetched(items: Iterable[T]) -> Iterator[T]:
    """The same items, each made by a thread while the caller is busy with the one before."""
    making = iter(items)
    with ThreadPoolExecutor(1) as pool:
        coming = pool.submit(next, making, None)
        while (item := coming.result()) is not None:
            coming = pool.submit(next, making, None)
            yield item
