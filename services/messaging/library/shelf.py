"""The library as it is published now."""

from __future__ import annotations

from services.messaging.library.documents import read_template
from services.messaging.library.rendering import Library
from services.messaging.store.templates.versions import newest_numbers, newest_versions
from shared.database.pool import Tx


class Shelf:
    """The library as published; read again when something newer is, else kept with all that is compiled in it."""

    def __init__(self) -> None:
        self._at: tuple[tuple[str, int], ...] | None = None
        self._library = Library([])

    def library(self, tx: Tx) -> Library:
        at = newest_numbers(tx)
        if at != self._at:
            found = [read_template(row.document, version=row.version) for row in newest_versions(tx)]
            self._at, self._library = at, Library(found)
        return self._library
