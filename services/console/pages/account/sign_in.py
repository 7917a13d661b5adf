"""Signing in and out."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from flask import Blueprint, render_template, request, session
from flask import redirect as to
from flask_babel import gettext, ngettext
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response

from services.console.commands.second_factor.demands import lacks_demanded
from services.console.commands.sessions import begin
from services.console.commands.sessions import sign_out as end_here
from services.console.commands.signing_in.attempts import (
    Asking,
    Attempt,
    TooManyAttempts,
    accept_password,
    begin_attempt,
    take_back,
)
from services.console.commands.signing_in.hashing import TooBusy
from services.console.commands.signing_in.known_devices import know
from services.console.commands.signing_in.passwords import choose_first_password, is_right, renewed_hash
from services.console.commands.signing_in.security_notices import tell_of_new_device
from services.console.config import Config
from services.console.pages.account import half_sessions, proofs
from services.console.pages.account.device_cookie import device_at_hand, new_device, set_cookie
from services.console.pages.account.failures import log_held_back, log_wrong
from services.console.pages.account.place import passkeys_here
from services.console.pages.forms import local, problems_of, sent
from services.console.rules.sessions import SignedInBy
from services.console.schemas import PasswordForm, read
from services.console.store import accounts
from services.console.store.accounts import Account
from services.console.store.second_factors import has_one as has_second_factor
from shared.access import session_cookie
from shared.access.session_cookie import SessionCookie
from shared.errors import InputError
from shared.vocabulary.role import Role
from shared.web.access_control import me, my_session, open_to_all, signed_in, whose_session
from shared.web.config import WebConfig
from shared.web.i18n.languages import LANGUAGES
from shared.web.site import here

SIGN_IN = Blueprint("console_sign_in", __name__)
Reply = str | Response | tuple[str, int]


@SIGN_IN.get("/sign-in")
@open_to_all
def ask() -> Reply:
    if request.args.get("language") in LANGUAGES:
        session["language"] = request.args["language"]
    with here().transaction() as tx:
        is_in = whose_session(tx) is not None
    if is_in:
        return to(local(request.args.get("next")))
    return _page(is_over=session.pop("person", None) is not None)


@SIGN_IN.post("/sign-in")
@open_to_all
def sign_in() -> Reply:
    now, password = here().now(), request.form.get("password", "")
    try:
        with here().transaction() as tx:
            attempt = begin_attempt(tx, request.form.get("email", ""), asking(), now)
    except TooManyAttempts as error:
        log_held_back("password", (error.until - now).total_seconds())
        return _page(wait_words(error.until - now)), 429
    try:
        if not is_right(attempt.account, password, known=attempt.known):
            log_wrong(attempt, "password")
            return _page(gettext("E-mail or password is not right.")), 422
        return _admit(attempt, password, now)
    except TooBusy as error:
        with here().transaction() as tx:
            take_back(tx, attempt)
        return _page(gettext(str(error))), 503


@SIGN_IN.post("/sign-out")
@signed_in
def sign_out() -> Response:
    with here().transaction() as tx:
        end_here(tx, me().person_id, my_session().session_id, me().name, here().now())
    session.clear()
    return to("/sign-in", 303)


@SIGN_IN.get("/sign-in/password")
@open_to_all
def ask_password() -> Reply:
    return render_template("first_password.html", problems={}) if "newcomer" in session else to("/sign-in")


@SIGN_IN.post("/sign-in/password")
@open_to_all
def set_first_password() -> Reply:
    """After a sign-in with a one-time password: the person chooses their own and is signed in."""
    if "newcomer" not in session:
        return to("/sign-in", 303)
    try:
        wanted = read(PasswordForm, sent())
        with here().transaction() as tx:
            account = choose_first_password(
                tx,
                UUID(session["newcomer"]),
                wanted["password"],
                here().now(),
                sessions_ended=session["sessions_ended"],
            )
    except InputError as error:
        return render_template("first_password.html", problems=problems_of(error)), 422
    except TooBusy as error:
        return render_template("first_password.html", problems={"password": gettext(str(error))}), 503
    return go_on(account, SignedInBy.PASSWORD, session.get("next", "/"))


def go_on(account: Account, how: SignedInBy, next_page: str | None) -> Response:
    """After the first factor: the second one where the person has one, its setting up where the house demands it, else
    the session begins.
    """
    with here().transaction() as tx:
        has_one, lacks_one = has_second_factor(tx, account.person_id), lacks_demanded(tx, account)
    if not has_one and not lacks_one:
        begin_session(account, how)
        return to(local(next_page), 303)
    half_sessions.begin(account, here().now(), local(next_page))
    return to("/sign-in/code" if has_one else "/sign-in/second-factor", 303)


def begin_session(account: Account, how: SignedInBy) -> None:
    """Starts a fresh session with a number of its own, the only function that does. Nothing is taken over from the one
    before the sign-in, but the language.
    """
    now, device_id = here().now(), new_device()
    with here().transaction() as tx:
        is_news = know(tx, device_id, account.person_id, now, before=device_at_hand())
        begun = begin(
            tx,
            uuid4(),
            account,
            how,
            now,
            lasts=here().part(WebConfig).session_lasts,
            user_agent=request.user_agent.string,
            address=request.remote_addr or "",
            device_id=device_id,
        )
        if is_news:
            tell_of_new_device(tx, account, begun.device, begun.network, now)
    language = session.get("language")
    session.clear()
    session.permanent = True
    numbers = SessionCookie(begun.session_id, account.person_id, account.sessions_ended, begun.ends_at, now)
    session_cookie.write(session, numbers)
    proofs.note(now)
    if language:
        session["language"] = language
    generate_csrf()  # in the cookie before the first page: its parts made by other services carry the same token


def _admit(attempt: Attempt, password: str, now: datetime) -> Reply:
    account = attempt.account
    assert account is not None
    config = here().part(Config)
    if config.provider and account.role and not config.has_password(Role(account.role)):
        return _page(
            gettext("Sign in with %(provider)s: your password opens nothing.", provider=config.provider.label)
        ), 422
    if account.one_time_until and account.one_time_until < now:
        return _page(gettext("This one-time password has expired. An administrator can give you another one.")), 422
    new_hash = renewed_hash(account, password)
    with here().transaction() as tx:
        accept_password(tx, attempt, new_hash=new_hash)
    if account.one_time_until:
        session.clear()
        session["newcomer"], session["sessions_ended"] = str(account.person_id), account.sessions_ended
        session["next"] = local(request.form.get("next"))
        return to("/sign-in/password", 303)
    return go_on(account, SignedInBy.PASSWORD, request.form.get("next"))


def _page(problem: str = "", *, is_over: bool = False) -> str:
    """`is_over`: the reader was signed in, and the session has ended."""
    with here().transaction() as tx:
        empty = not accounts.is_anybody_there(tx)
    next_page = local(request.values.get("next"))
    passkeys = passkeys_here().is_possible and not empty
    return render_template(
        "sign_in.html", problem=problem, next_page=next_page, empty=empty, is_over=is_over, passkeys=passkeys
    )


SIGN_IN.after_app_request(set_cookie)


def asking(*, within_session: bool = False) -> Asking:
    """Who tries a password or a code in this request. `within_session`: somebody signed in, for their own account."""
    session_id = my_session().session_id if within_session else None
    return Asking(request.remote_addr or "", device_at_hand(), session_id)


def wait_words(pause: timedelta) -> str:
    seconds = int(pause.total_seconds()) + 1
    if seconds < 60:
        text = ngettext("Too many attempts. Wait %(num)d second.", "Too many attempts. Wait %(num)d seconds.", seconds)
    else:
        minutes = -(-seconds // 60)
        text = ngettext("Too many attempts. Wait %(num)d minute.", "Too many attempts. Wait %(num)d minutes.", minutes)
    return str(text)
