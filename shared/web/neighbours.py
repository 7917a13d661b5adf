"""Other services' pages, asked for while a page is made. Nobody needs another to work: the silent are left out."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from http import HTTPStatus
from typing import Any

from shared.outgoing.inside import Unanswered, ask_inside

MOST_AT_ONCE = 8


class Neighbours:
    """`origin`: where all services are reached, such as http://127.0.0.1:8080; `patience` in seconds."""

    def __init__(self, origin: str, *, patience: float = 2.0) -> None:
        self._origin, self._patience = origin.rstrip("/"), patience

    def ask(self, paths: Iterable[str], headers: Mapping[str, str]) -> dict[str, Any]:
        """The JSON at each path, asked for side by side with these headers (whose cookie?); None for the silent."""
        wanted = list(paths)
        with ThreadPoolExecutor(MOST_AT_ONCE) as pool:
            answers = pool.map(lambda path: self._get(path, headers), wanted)
            return dict(zip(wanted, answers, strict=True))

    def _get(self, path: str, headers: Mapping[str, str]) -> Any:
        try:
            status, body = ask_inside(self._origin + path, headers, patience=self._patience)
            return json.loads(body) if status == HTTPStatus.OK else None
        except (Unanswered, ValueError):  # not there, too slow, broken off, or not JSON
            return None
