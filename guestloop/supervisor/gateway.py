"""All services behind one origin: each request goes to the service whose name its path begins with.

A proxy in front of services that run apart does the same by the same table (`OWNERS`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from flask import Flask
from werkzeug.test import create_environ, run_wsgi_app
from werkzeug.wrappers import Response

from guestloop.composition.services import MANIFESTS, SERVICES, Group
from shared.clock import Clock
from shared.web.config import WebConfig

OWNERS: Mapping[str, str] = {
    **{f"/{name}/": name for name in SERVICES},
    **dict.fromkeys(
        ("/api/imports", "/api/guests", "/api/stays", "/api/spend", "/api/events", "/api/rates"), "segments"
    ),
    **dict.fromkeys(("/systems", "/ota", "/join", "/kiosk"), "segments"),
    **dict.fromkeys(("/api/consents", "/api/offers", "/l"), "messaging"),
    "/api/mail": "feedback",
    "/api/reviews": "feedback",
}
"""The service of a path that begins so; every other path is console's."""

Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


def build_apps(group: Group, clock: Clock, environment: Mapping[str, str]) -> dict[str, Flask]:
    web = WebConfig.read(environment)
    return {
        one.name: one.build_web(one.read_config(environment), group.database(one.name), clock, web) for one in MANIFESTS
    }


def gateway(apps: Mapping[str, Flask]) -> Application:
    """The services' apps as one. `/health` reports each one's state and is 200 while all can work."""

    def choose(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/health":
            return health(apps)(environ, start_response)
        return apps[owner_of(path)](environ, start_response)

    return choose


def owner_of(path: str) -> str:
    """The service that answers at this path."""
    whole = f"{path}/"
    return next((name for prefix, name in OWNERS.items() if whole.startswith(f"{prefix.rstrip('/')}/")), "console")


def health(apps: Mapping[str, Flask]) -> Response:
    states = {name: _ready(name, app) for name, app in apps.items()}
    status = 200 if set(states.values()) == {"ready"} else 503
    return Response(json.dumps(states), status, content_type="application/json")


def _ready(name: str, app: Flask) -> str:
    body, _, _ = run_wsgi_app(app, create_environ(f"/{name}/ready"))
    state: str = json.loads(b"".join(body))["state"]
    return state
