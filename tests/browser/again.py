"""Pages that are read again until they say what they will: services hear of one another within a moment."""

from __future__ import annotations

import time
from collections.abc import Callable

from playwright.sync_api import Page

PATIENCE = 120.0  # seconds; a busy machine is no failure
EVERY = 250.0  # milliseconds


def read_until(page: Page, says_so: Callable[[], object], what: str, read: Callable[[], object] | None = None) -> None:
    """`read`: how it is read again, else it is reloaded; `what` has not come about where patience ends."""
    give_up = time.monotonic() + PATIENCE
    while not says_so():
        assert time.monotonic() < give_up, what
        page.wait_for_timeout(EVERY)
        (read or page.reload)()
