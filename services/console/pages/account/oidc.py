"""Signing in by the house's own identity provider: a link there, and the way back."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from flask import Blueprint, abort, flash, request, session
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.signing_in.hashing import TooBusy
from services.console.commands.signing_in.identities import sign_in_by_provider
from services.console.config import Config, IdentityProvider
from services.console.pages.account.provider import Departure, Identity, NotBelieved, OpenIdProvider, ProviderError
from services.console.pages.account.sign_in import begin_session, go_on
from services.console.pages.forms import local
from services.console.rules.sessions import SignedInBy
from services.console.store.accounts import Account
from shared.errors import NotFound
from shared.web.access_control import open_to_all
from shared.web.config import WebConfig
from shared.web.site import here

OIDC = Blueprint("console_oidc", __name__, url_prefix="/sign-in/oidc")
BACK = "/sign-in/oidc/back"
REMEMBERED_FOR = timedelta(minutes=10)
REFUSED = "sign-in"  # the category of what the sign-in page says


@OIDC.app_context_processor
def offer() -> dict[str, Any]:
    """What the sign-in page says of the provider."""
    return {"provider": here().part(Config).provider}


@OIDC.get("")
@open_to_all
def leave() -> Response:
    """A link and no form: browsers let a form lead to no other site than ours."""
    try:
        url, departure = _provider().leave()
    except ProviderError as error:
        return _refused(error)
    ends = here().now() + REMEMBERED_FOR
    session["oidc"] = {**vars(departure), "next": local(request.args.get("next")), "ends": ends.isoformat()}
    return to(url, 303)


@OIDC.get("/back")
@open_to_all
def come_back() -> Response:
    """Network, one transaction, then the session; a second factor is asked for where the provider asked for none."""
    remembered = session.pop("oidc", None)
    now = here().now()
    try:
        identity = _identity(remembered, now)
        account = _account(identity, now)
    except (ProviderError, NotFound, TooBusy) as error:
        return _refused(error)
    if not identity.by_two_factors:
        return go_on(account, SignedInBy.OIDC, remembered["next"])
    begin_session(account, SignedInBy.OIDC)
    return to(local(remembered["next"]), 303)


def _identity(remembered: Mapping[str, str] | None, now: datetime) -> Identity:
    asked, settings = request.args, _settings()
    if remembered is None or datetime.fromisoformat(remembered["ends"]) < now:
        raise NotBelieved
    if not hmac.compare_digest(asked.get("state", "").encode(), remembered["state"].encode()):
        raise NotBelieved
    if asked.get("iss", settings.issuer) != settings.issuer or "error" in asked or not asked.get("code"):
        raise NotBelieved
    departure = Departure(remembered["state"], remembered["nonce"], remembered["verifier"])
    return _provider().come_back(departure, asked["code"], now)


def _account(identity: Identity, now: datetime) -> Account:
    with here().transaction() as tx:
        return sign_in_by_provider(
            tx,
            issuer=identity.issuer,
            subject=identity.subject,
            email=identity.email,
            name=identity.name,
            newcomers=_settings().newcomers,
            at=now,
        )


def _settings() -> IdentityProvider:
    """404 where colleagues sign in with passwords only."""
    return here().part(Config).provider or abort(404)


def _provider() -> OpenIdProvider:
    return _provider_of(_settings(), f"{here().part(WebConfig).origin}{BACK}")


@lru_cache(maxsize=4)
def _provider_of(settings: IdentityProvider, redirect: str) -> OpenIdProvider:
    """One a process: it remembers what the provider says of itself."""
    return OpenIdProvider(settings, redirect)


def _refused(error: ProviderError | NotFound | TooBusy) -> Response:
    flash(gettext(str(error)), REFUSED)
    return to("/sign-in", 303)
