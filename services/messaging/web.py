"""The web role of messaging, put together. Apart from `app`, so that workers do not carry Flask."""

from __future__ import annotations

from pathlib import Path

from flask import Flask

from services.messaging.api import API
from services.messaging.config import Config
from services.messaging.consumer import SUBSCRIPTIONS
from services.messaging.pages import PAGES
from shared.clock import Clock
from shared.database.pool import Database
from shared.web.config import WebConfig
from shared.web.making import make_app
from shared.web.site import site_of


def build_web(config: Config, database: Database, clock: Clock, web: WebConfig) -> Flask:
    """The service's pages and API."""
    site = site_of(web, database, clock, config)
    return make_app(
        site, Path(__file__).parent, PAGES, secure=web.secure, for_programs=API, subscriptions=SUBSCRIPTIONS
    )
