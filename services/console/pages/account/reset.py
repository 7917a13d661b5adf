"""A forgotten password, and a first one: links that were mailed, or handed over by an administrator."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, render_template, request, session
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.notices import can_mail
from services.console.commands.signing_in.attempts import TooManyAttempts
from services.console.commands.signing_in.hashing import TooBusy
from services.console.commands.signing_in.links import (
    Opened,
    ask_for_link,
    choose_password_by_link,
    open_link,
    opened,
)
from services.console.config import Config
from services.console.pages.account.sign_in import wait_words
from services.console.pages.forms import problems_of, sent
from services.console.schemas import ForgottenForm, PasswordForm, read
from shared.crypto.purposes import Sealing
from shared.crypto.signing import BadLink
from shared.errors import InputError
from shared.web.access_control import open_to_all
from shared.web.site import here

RESET = Blueprint("console_reset", __name__, url_prefix="/sign-in")
Reply = str | Response | tuple[str, int]


@RESET.after_request
def keep_nothing(response: Response) -> Response:
    """No copy of a link or of whose it is stays in a browser."""
    response.headers["Cache-Control"] = "no-store"
    return response


@RESET.get("/forgotten")
@open_to_all
def ask() -> str:
    with here().transaction() as tx:
        mails = can_mail(tx)
    return _forgotten("asks" if mails else "no_mail")


@RESET.post("/forgotten")
@open_to_all
def send_link() -> Reply:
    """The same answer whether there is an account or not."""
    now = here().now()
    try:
        wanted = read(ForgottenForm, sent())
        with here().transaction() as tx:
            if not can_mail(tx):
                return _forgotten("no_mail")
            admits = here().part(Config).has_password
            ask_for_link(tx, wanted["email"], request.remote_addr or "", now, admits)
    except InputError as error:
        return _forgotten("asks", problems_of(error)), 422
    except TooManyAttempts as error:
        return _forgotten("asks", {"email": wait_words(error.until - now)}), 429
    return to("/sign-in/forgotten/asked", 303)


@RESET.get("/forgotten/asked")
@open_to_all
def asked() -> str:
    return _forgotten("asked")


@RESET.get("/link/<token>")
@open_to_all
def follow(token: str) -> Reply:
    """The token leaves the address at once: it is in no page, no history and no referrer."""
    try:
        with here().transaction() as tx:
            found = open_link(tx, token, here().now())
    except BadLink:
        return _gone()
    session["link"] = str(found.link.link_id)
    return to("/sign-in/link", 303)


@RESET.get("/link")
@open_to_all
def choose() -> Reply:
    found = _opened()
    return _choose(found, {}) if found else _gone()


@RESET.post("/link")
@open_to_all
def set_password() -> Reply:
    """Afterwards one signs in, with a second factor where there is one: a link alone lets nobody in."""
    found = _opened()
    if found is None:
        return _gone()
    try:
        wanted = read(PasswordForm, sent())
        with here().transaction() as tx:
            choose_password_by_link(tx, found.link.link_id, wanted["password"], here().now())
    except InputError as error:
        return _choose(found, problems_of(error)), 422
    except TooBusy as error:
        return _choose(found, {"password": gettext(str(error))}), 503
    except BadLink:
        return _gone()
    language = session.get("language")
    session.clear()
    if language:
        session["language"] = language
    return to("/sign-in/link/done", 303)


@RESET.get("/link/done")
@open_to_all
def done() -> str:
    return render_template("link_done.html")


def _opened() -> Opened | None:
    """The link that was followed in this browser, where it still works."""
    try:
        link_id = UUID(session.get("link", ""))
        with here().transaction() as tx:
            return opened(tx, link_id, here().now())
    except (ValueError, BadLink):
        return None


def _forgotten(state: str, problems: dict[str, str] | None = None) -> str:
    return render_template("forgotten.html", state=state, problems=problems or {})


def _choose(found: Opened, problems: dict[str, str]) -> str:
    email = here().database.keyring.open(found.account.email, Sealing.ACCOUNT)
    return render_template("link_password.html", name=found.account.name, email=email, problems=problems)


def _gone() -> tuple[str, int]:
    text = gettext("This link has been used or has expired. Ask for another one.")
    return render_template("link_gone.html", text=text), 404
