"""A report as PDF from the command line: the pages of the services, asked in this process as somebody who sees all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from flask import Flask, g

from guestloop.composition.services import MANIFEST, Group
from guestloop.operations.figures import zones_of
from services.console.pages.reports.files import download
from shared.access.people import Person, hotels
from shared.clock import Clock
from shared.errors import InputError
from shared.localtime import local_date
from shared.vocabulary.role import Role
from shared.vocabulary.window import Span, window_of
from shared.web.config import WebConfig
from shared.web.site import Site, here

ASKED = ("console", "segments", "feedback", "campaigns")
OPERATOR = Person(UUID(int=0), "the command line", Role.ADMINISTRATOR, frozenset())


@dataclass(frozen=True)
class InThisProcess:
    """Other services' pages as `shared.web.neighbours` asks them, without a network between."""

    apps: Mapping[str, Flask]

    def ask(self, paths: Iterable[str], _headers: Mapping[str, str]) -> dict[str, Any]:
        return {path: self._get(path) for path in paths}

    def _get(self, path: str) -> Any:
        with _asked(self.apps[path.split("/")[1]], path) as app:
            return app.make_response(app.dispatch_request()).get_json()


def monthly_report(
    group: Group, clock: Clock, environment: Mapping[str, str], month: date, property: str | None, language: str
) -> bytes:
    """The PDF of a calendar month. Raises `InputError` for a hotel that is not known and a month of the future."""
    zone = next(iter(zones_of(group, property).values()), "UTC")
    window = window_of(Span.MONTH, month)
    if window.first > local_date(clock.now(), zone):
        raise InputError(f"--month {month:%Y-%m} has not begun yet")
    apps = {name: _app(name, group, clock, environment) for name in ASKED}
    site: Site = apps["console"].extensions["guestloop"]
    apps["console"].extensions["guestloop"] = replace(site, neighbours=InThisProcess(apps))  # type: ignore[arg-type]
    query = urlencode({"span": str(Span.MONTH), "first": window.first.isoformat(), "hotel": property or ""})
    with _asked(apps["console"], f"/figures/report.pdf?{query}", language):
        return bytes(download().data)


def _app(name: str, group: Group, clock: Clock, environment: Mapping[str, str]) -> Flask:
    manifest = MANIFEST[name]
    return manifest.build_web(
        manifest.read_config(environment), group.database(name), clock, WebConfig.read(environment)
    )


@contextmanager
def _asked(app: Flask, path: str, language: str = "") -> Iterator[Flask]:
    """A request of the operator's, past the sign-in: whoever may run commands has the databases."""
    with app.test_request_context(path, headers={"Accept-Language": language} if language else {}):
        with here().transaction() as tx:
            g.person, g.hotels = OPERATOR, hotels(tx)
        yield app
