"""The reader's own account: name, role, language and password."""

from __future__ import annotations

from flask import Blueprint, flash, render_template, request, session
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.accounts import choose_language
from services.console.commands.signing_in.attempts import TooManyAttempts, begin_attempt, forgive
from services.console.commands.signing_in.hashing import TooBusy
from services.console.commands.signing_in.passwords import choose_password
from services.console.pages.account.sessions import my_sessions
from services.console.pages.account.sign_in import asking, wait_words
from services.console.pages.forms import local, problems_of, sent
from services.console.schemas import PasswordForm, read
from services.console.store import accounts
from services.console.store.second_factors import has_one as has_second_factor
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import InputError
from shared.web.access_control import me, my_hotels, my_session, signed_in
from shared.web.i18n.labels import label
from shared.web.i18n.languages import LANGUAGES
from shared.web.site import here

ACCOUNT = Blueprint("console_account", __name__)
Reply = str | Response | tuple[str, int]


@ACCOUNT.get("/account")
@signed_in
def show() -> str:
    return _page({})


@ACCOUNT.get("/account/password")
@signed_in
def reload() -> Response:
    return to("/account")


@ACCOUNT.post("/account/password")
@signed_in
def change_password() -> Reply:
    now = here().now()
    try:
        wanted = read(PasswordForm, sent())
        with here().transaction() as tx:  # its own transaction: an attempt is counted whatever follows
            attempt = begin_attempt(tx, _my_email(tx), asking(within_session=True), now)
        with here().transaction() as tx:
            account = choose_password(
                tx, me().person_id, wanted["password"], now, old=wanted["old"], session_id=my_session().session_id
            )
            forgive(tx, attempt)
    except TooManyAttempts as error:
        return _page({"old": wait_words(error.until - now)}), 429
    except TooBusy as error:
        return _page({"old": gettext(str(error))}), 503
    except InputError as error:
        return _page(problems_of(error)), 422
    session["sessions_ended"] = account.sessions_ended
    flash(gettext("Your password is changed. You are signed out everywhere else."))
    return to("/account", 303)


@ACCOUNT.post("/language")
@signed_in
def change_language() -> Response:
    wanted = request.form.get("language", "")
    if wanted in LANGUAGES:
        session["language"] = wanted
        with here().transaction() as tx:
            choose_language(tx, me().person_id, wanted, here().now())
    return to(local(request.form.get("next")).rstrip("?"), 303)


@ACCOUNT.get("/keys")
@signed_in
def keys() -> str:
    return render_template("keys.html")


def _my_email(tx: Tx) -> str:
    account = accounts.by_id(tx, me().person_id)
    return tx.keyring.open(account.email, Sealing.ACCOUNT) if account else ""


def _page(problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        email, sessions, has_one = _my_email(tx), my_sessions(tx), has_second_factor(tx, me().person_id)
    return render_template(
        "account.html",
        email=email,
        role=label(me().role),
        mine=my_hotels(),
        sessions=sessions,
        has_second_factor=has_one,
        this_session=my_session().session_id,
        problems=problems,
    )
