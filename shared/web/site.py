"""What a service's pages work on, found from inside a request."""

from __future__ import annotations

import hmac
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeVar, cast

from flask import current_app, g, has_app_context, request

from shared.clock import Clock
from shared.crypto.purposes import Signing
from shared.database.pool import Database, Tx
from shared.web.config import WebConfig
from shared.web.neighbours import Neighbours

T = TypeVar("T")
FOR_A_PAGE = "Guestloop-For-A-Page"
PASSED_ON = ("Cookie", "Accept-Language")


@dataclass(frozen=True)
class Site:
    """`parts`: what this service's pages need beside the database, by type (its config, its senders, …)."""

    service: str
    database: Database
    clock: Clock
    neighbours: Neighbours
    demo: bool = False
    parts: Mapping[type, Any] = field(default_factory=dict)

    def now(self) -> datetime:
        return self.clock.now()

    def part(self, kind: type[T]) -> T:
        return cast(T, self.parts[kind])

    @contextmanager
    def transaction(self) -> Iterator[Tx]:
        """Of the running request: where it only reads, at the replica if there is one (`shared.web.reading`)."""
        if not has_app_context() or "reads_after" not in g:
            with self.database.transaction() as tx:
                yield tx
            return
        with self.database.reading(g.reads_after) as tx:
            if tx.replayed is not None:  # another replica that answers the same request shows nothing older
                g.reads_after = max(g.reads_after, tx.replayed)
            yield tx


def site_of(web: WebConfig, database: Database, clock: Clock, *parts: Any) -> Site:
    """`parts`: what the service's pages need beside the database; each is found again by its type."""
    found = {type(part): part for part in (web, *parts)}
    return Site(database.service, database, clock, Neighbours(web.gateway), web.demo, found)


def here() -> Site:
    """The site of the running request."""
    return cast(Site, current_app.extensions["guestloop"])


def ask_neighbours(paths: Iterable[str]) -> dict[str, Any]:
    """The JSON that other services have at these paths for the one who asks here; None for the silent."""
    headers = {name: request.headers[name] for name in PASSED_ON if name in request.headers}
    return here().neighbours.ask(paths, {**headers, FOR_A_PAGE: _signatures_of(headers.get("Cookie", ""))[0]})


def asked_for_a_page() -> bool:
    """Whether a page of another service asks, which records by itself who reads what. A reader cannot forge this
    header.
    """
    signature, cookie = request.headers.get(FOR_A_PAGE, ""), request.headers.get("Cookie", "")
    return any(hmac.compare_digest(signature.encode(), one.encode()) for one in _signatures_of(cookie))


def _signatures_of(cookie: str) -> list[str]:
    """Under every key, the first one first."""
    keys = here().database.keyring.signing_keys(Signing.PAGE)
    return [hmac.digest(key, cookie.encode(), "sha256").hex() for key in keys]
