"""Make a service's Flask app: blueprints, translations, the page frame, errors and access control."""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from flask import Blueprint, Flask, current_app, g, request, session
from flask.sessions import SecureCookieSessionInterface
from flask_wtf.csrf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response

from shared.access.heartbeat import HEARTBEAT
from shared.access.people import May
from shared.access.session_cookie import COOKIE
from shared.bus.subscriptions import Subscription
from shared.colours import is_readable
from shared.crypto.purposes import Signing
from shared.telemetry.metrics import REQUEST_SECONDS
from shared.web import access_control, bodies, closing, errors, reading
from shared.web.config import WebConfig
from shared.web.i18n.formatting import add_filters
from shared.web.i18n.languages import add_translations
from shared.web.navigation import address, rail_of
from shared.web.pages import delivery, health
from shared.web.reading import ReadingAgain
from shared.web.site import Site, here

FOLDER = Path(__file__).parent
VOCABULARY = FOLDER.parent / "vocabulary" / "translations"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'self'; "
    "object-src 'none'; base-uri 'none'; form-action 'self'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
}
HTTPS_ONLY = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}


class _Sessions(SecureCookieSessionInterface):
    digest_method = staticmethod(sha256)


def make_app(
    site: Site,
    folder: Path,
    blueprints: Iterable[Blueprint],
    *,
    secure: bool = False,
    for_programs: Iterable[Blueprint] = (),
    subscriptions: Iterable[Subscription] = (),
    files: Path | None = None,
) -> Flask:
    """`folder`: the service's, with its `templates/` and `translations/`. `secure`: the cookie goes by https only.

    Callers of `for_programs` prove themselves otherwise (a key, a signature): no CSRF token is asked of them. Templates
    of the service are found by their names, those of the frame as `web/…`. `subscriptions`: the service's,
    whose handlers get its dead letters again on replay. `files`: the folder where large bodies wait on disk.
    """
    web, subscriptions = site.parts.get(WebConfig, WebConfig()), tuple(subscriptions)
    app = ReadingAgain(
        site.service, static_folder=str(FOLDER / "static"), static_url_path="/static", template_folder=None
    )
    app.config.update(_settings(site, secure))
    app.session_interface = _Sessions()
    app.extensions["guestloop"] = site
    app.jinja_loader = ChoiceLoader(
        [FileSystemLoader(folder / "templates"), PrefixLoader({"web": FileSystemLoader(FOLDER / "templates")})]
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    add_translations(app, [folder / "translations", VOCABULARY, FOLDER / "translations"])
    add_filters(app)
    app.jinja_env.tests["readable_colour"] = is_readable
    app.before_request(_begin)  # first of all: a refused form is measured as well
    if web.heartbeats and any(HEARTBEAT in one.handlers for one in subscriptions):
        app.before_request(closing.close_while_unheard(site.now()))
    app.before_request(access_control.admit)
    app.before_request(reading.choose)
    bodies.bound_bodies(app, files)  # before the guard and all else that reads a form
    guard = CSRFProtect(app)
    for blueprint in blueprints:
        app.register_blueprint(blueprint)
    for blueprint in for_programs:
        guard.exempt(blueprint)
        app.register_blueprint(blueprint)
    app.register_blueprint(health.blueprint(site.service))
    app.register_blueprint(delivery.blueprint(site.service, subscriptions))
    bodies.exempt_uploads(app, guard)
    app.before_request(access_control.refuse_nonsense)
    app.after_request(access_control.keep_choice)
    app.after_request(reading.keep_position)
    app.after_request(_headers)
    app.after_request(_measure)
    app.context_processor(_frame)
    errors.add_handlers(app)
    if web.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=web.proxies)  # type: ignore[method-assign]
    return app


def _settings(site: Site, secure: bool) -> Mapping[str, Any]:
    sessions = site.database.keyring.signing_keys(Signing.SESSION)
    return {
        "SECRET_KEY": sessions[0],
        "SECRET_KEY_FALLBACKS": sessions[1:],
        "WTF_CSRF_SECRET_KEY": site.database.keyring.signing_keys(Signing.FORMS)[0],
        "SESSION_COOKIE_NAME": f"__Host-{COOKIE}" if secure else COOKIE,  # no neighbouring host can set that one
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": secure,
        # a response under way does not restore a session that was ended meanwhile
        "SESSION_REFRESH_EACH_REQUEST": False,
        "PERMANENT_SESSION_LIFETIME": site.parts.get(WebConfig, WebConfig()).session_lasts,
        "WTF_CSRF_TIME_LIMIT": None,
        "WTF_CSRF_SSL_STRICT": False,
        "SEND_FILE_MAX_AGE_DEFAULT": timedelta(hours=1),
    }


def _begin() -> None:
    g.began = time.perf_counter()


def _measure(response: Response) -> Response:
    status = f"{response.status_code // 100}xx"
    method = request.method if request.method in METHODS else "other"
    REQUEST_SECONDS.labels(here().service, method, status).observe(time.perf_counter() - g.began)
    return response


def _headers(response: Response) -> Response:
    only_https = HTTPS_ONLY if current_app.config["SESSION_COOKIE_SECURE"] else {}
    for name, value in (HEADERS | only_https).items():
        response.headers.setdefault(name, value)
    if not request.path.startswith("/static/"):
        response.headers.setdefault("Cache-Control", "no-store" if "person" in g else "no-cache")
    response.vary.update(["HX-Request", "HX-History-Restore-Request"])
    return response


def _frame() -> dict[str, Any]:
    """What the frame around each page knows."""
    if "person" not in g:
        return {"demo": here().demo, "me": None}
    return {
        "me": g.person,
        "May": May,
        "demo": here().demo,
        "rail": rail_of(g.person),
        "address": address,
        "hotels": access_control.my_hotels(),
        "hotel": access_control.chosen_hotel(),
        "is_fragment": is_fragment(),
        "session_language": session.get("language"),
    }


def is_fragment() -> bool:
    """Whether htmx asks for the changed part of a page alone, and not for a whole one, as for «back»."""
    whole = any(request.headers.get(name) == "true" for name in ("HX-Boosted", "HX-History-Restore-Request"))
    return request.headers.get("HX-Request") == "true" and not whole
