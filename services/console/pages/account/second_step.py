"""The second step of signing in: a code, setting one up where the house demands it, or a passkey instead of all."""

from __future__ import annotations

from uuid import UUID, uuid4

from flask import Blueprint, abort, jsonify, render_template, request, session
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.second_factor.authenticator import (
    confirm_authenticator,
    propose_authenticator,
    proposed_secret,
    proven_by,
)
from services.console.commands.second_factor.demands import lacks_demanded
from services.console.commands.second_factor.passkeys import account_of_answer, ask_for_any
from services.console.commands.signing_in.attempts import TooManyAttempts, begin_attempt, forgive
from services.console.pages.account.failures import log_held_back, log_wrong
from services.console.pages.account.half_sessions import HalfSession, at_hand
from services.console.pages.account.picture import picture_of
from services.console.pages.account.place import passkeys_here
from services.console.pages.account.sign_in import asking, begin_session, wait_words
from services.console.pages.forms import local, problems_of
from services.console.rules.sessions import SignedInBy
from shared.crypto.purposes import Sealing
from shared.errors import InputError
from shared.web.access_control import open_to_all
from shared.web.site import here

SECOND_STEP = Blueprint("console_second_step", __name__, url_prefix="/sign-in")
Reply = str | Response | tuple[str, int]


@SECOND_STEP.get("/code")
@open_to_all
def ask_code() -> Reply:
    return _code_page() if _half() else to("/sign-in")


@SECOND_STEP.post("/code")
@open_to_all
def check_code() -> Reply:
    half, now = _half(), here().now()
    if half is None:
        return to("/sign-in", 303)
    try:
        with here().transaction() as tx:  # its own transaction: an attempt is counted whatever follows
            attempt = begin_attempt(tx, _email(half), asking(), now, of="code")
    except TooManyAttempts as error:
        log_held_back("code", (error.until - now).total_seconds())
        return _code_page(wait_words(error.until - now)), 429
    with here().transaction() as tx:
        how = proven_by(tx, half.account.person_id, request.form.get("code", ""), half.account.name, now)
        if how:
            forgive(tx, attempt)
    if how is None:
        log_wrong(attempt, "code")
        return _code_page(gettext("This code is not right, or was used before.")), 422
    begin_session(half.account, how)
    return to(local(half.next_page), 303)


@SECOND_STEP.get("/second-factor")
@open_to_all
def ask_to_set_up() -> Reply:
    half = _half()
    if half is None:
        return to("/sign-in")
    with here().transaction() as tx:
        if not lacks_demanded(tx, half.account):
            return to("/sign-in")
        if proposed_secret(tx, half.account.person_id) is None:
            propose_authenticator(tx, half.account.person_id, here().now())
    return _set_up_page(half, {})


@SECOND_STEP.post("/second-factor")
@open_to_all
def set_up() -> Reply:
    half, now = _half(), here().now()
    if half is None:
        return to("/sign-in", 303)
    try:
        with here().transaction() as tx:
            code, account = request.form.get("code", ""), half.account
            if not lacks_demanded(tx, account):
                return to("/sign-in", 303)
            codes = confirm_authenticator(tx, account.person_id, code, account.name, now)
    except InputError as error:
        return _set_up_page(half, problems_of(error)), 422
    begin_session(account, SignedInBy.AUTHENTICATOR)
    return render_template("recovery_codes_outside.html", codes=codes, next_page=local(half.next_page))


@SECOND_STEP.post("/passkey/question")
@open_to_all
def ask_passkey() -> Response:
    if not passkeys_here().is_possible:
        abort(404)
    challenge_id = uuid4()
    session["challenge"] = str(challenge_id)
    with here().transaction() as tx:
        return jsonify(ask_for_any(tx, challenge_id, passkeys_here(), here().now()))


@SECOND_STEP.post("/passkey")
@open_to_all
def check_passkey() -> tuple[Response, int]:
    """A passkey alone is both factors: its device was unlocked for it."""
    asked, answer = session.pop("challenge", None), request.get_json(silent=True) or {}
    if not asked or not isinstance(answer, dict):
        return jsonify(message=gettext("Reload the page and try again.")), 422
    with here().transaction() as tx:
        account = account_of_answer(tx, UUID(asked), answer.get("answer"), passkeys_here(), here().now())
    if account is None:
        return jsonify(message=gettext("This passkey opens nothing here. Use your password.")), 422
    begin_session(account, SignedInBy.PASSKEY)
    return jsonify(next=local(str(answer.get("next") or "/"))), 200


def _half() -> HalfSession | None:
    with here().transaction() as tx:
        return at_hand(tx, here().now())


def _email(half: HalfSession) -> str:
    return here().database.keyring.open(half.account.email, Sealing.ACCOUNT)


def _code_page(problem: str = "") -> str:
    half = _half()
    return render_template(
        "second_step.html",
        problem=problem,
        passkeys=passkeys_here().is_possible,
        next_page=half.next_page if half else "/",
    )


def _set_up_page(half: HalfSession, problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        secret = proposed_secret(tx, half.account.person_id) or ""
    picture = picture_of(secret, _email(half))
    return render_template("authenticator_outside.html", secret=secret, picture=picture, problems=problems)
