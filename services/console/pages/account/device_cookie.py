"""The cookie by which a device is known: a signed number that lasts, and says nothing of whoever signed in."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import current_app, g, request
from itsdangerous import BadSignature, URLSafeSerializer
from werkzeug.wrappers import Response

from services.console.commands.signing_in.known_devices import KNOWN_FOR
from shared.crypto.purposes import Signing
from shared.web.site import here

NAME = "guestloop_device"


def device_at_hand() -> UUID | None:
    """The device that asks, as far as it is known: None without a cookie, or with one that was not signed here."""
    try:
        return UUID(_signer().loads(request.cookies.get(_name(), "")))
    except (BadSignature, TypeError, ValueError, AttributeError):
        return None


def new_device() -> UUID:
    """A number for the device that asks; its cookie goes out with the answer."""
    g.new_device = uuid4()
    return UUID(str(g.new_device))


def set_cookie(response: Response) -> Response:
    """After a request: the cookie of a device that got a number."""
    if "new_device" in g:
        response.set_cookie(
            _name(),
            str(_signer().dumps(str(g.new_device))),
            max_age=KNOWN_FOR,
            secure=current_app.config["SESSION_COOKIE_SECURE"],
            httponly=True,
            samesite="Lax",
        )
    return response


def _name() -> str:
    return f"__Host-{NAME}" if current_app.config["SESSION_COOKIE_SECURE"] else NAME


def _signer() -> URLSafeSerializer:
    """The last key signs, all of them prove."""
    keys = here().database.keyring.signing_keys(Signing.SESSION)
    return URLSafeSerializer([*reversed(keys)], salt="known device")
