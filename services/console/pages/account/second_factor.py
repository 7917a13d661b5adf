"""One's own second factor: the authenticator app, recovery codes and passkeys."""

from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

from flask import Blueprint, flash, jsonify, render_template, request, session
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.second_factor.authenticator import (
    confirm_authenticator,
    make_recovery_codes,
    propose_authenticator,
    proposed_secret,
)
from services.console.commands.second_factor.demands import remove_authenticator, remove_passkey
from services.console.commands.second_factor.passkeys import add_passkey, ask_for_new
from services.console.commands.signing_in.attempts import TooManyAttempts, begin_attempt, forgive, take_back
from services.console.commands.signing_in.hashing import TooBusy
from services.console.commands.signing_in.passwords import is_right
from services.console.pages.account import proofs
from services.console.pages.account.picture import picture_of
from services.console.pages.account.place import passkeys_here
from services.console.pages.account.proofs import freshly_proved
from services.console.pages.account.sign_in import asking, wait_words
from services.console.pages.forms import local, problems_of
from services.console.store import accounts, second_factors
from services.console.store.accounts import Account
from services.console.store.passkeys import of_person
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.web.access_control import me, signed_in
from shared.web.site import here

SECOND_FACTOR = Blueprint("console_second_factor", __name__, url_prefix="/account")
HOME = "/account/second-factor"
Reply = str | Response | tuple[str, int]


@SECOND_FACTOR.get("/confirmation")
@signed_in
def ask_password() -> str:
    return _confirmation({})


@SECOND_FACTOR.post("/confirmation")
@signed_in
def check_password() -> Reply:
    now = here().now()
    try:
        with here().transaction() as tx:
            attempt = begin_attempt(tx, _email(_account(tx)), asking(within_session=True), now)
        is_mine = is_right(attempt.account, request.form.get("password", ""))
    except TooManyAttempts as error:
        return _confirmation({"password": wait_words(error.until - now)}), 429
    except TooBusy as error:
        with here().transaction() as tx:
            take_back(tx, attempt)
        return _confirmation({"password": gettext(str(error))}), 503
    if not is_mine:
        return _confirmation({"password": gettext("This is not your present password.")}), 422
    with here().transaction() as tx:
        forgive(tx, attempt)
    proofs.note(now)
    return to(local(request.form.get("next")), 303)


@SECOND_FACTOR.get("/second-factor")
@signed_in
def show() -> str:
    with here().transaction() as tx:
        there = second_factors.authenticator(tx, me().person_id)
        left, passkeys = second_factors.codes_left(tx, me().person_id), of_person(tx, me().person_id)
    is_connected = there is not None and there.confirmed_at is not None
    return render_template(
        "second_factor.html",
        since=there.confirmed_at if there and is_connected else None,
        has_one=is_connected or bool(passkeys),
        codes_left=left,
        passkeys=[(one, one.credential_id.hex()) for one in passkeys],
        place=passkeys_here(),
        is_fresh=proofs.is_fresh(),
    )


@SECOND_FACTOR.post("/second-factor/authenticator")
@signed_in
@freshly_proved
def propose() -> Response:
    with here().transaction() as tx:
        propose_authenticator(tx, me().person_id, here().now())
    return to(f"{HOME}/authenticator", 303)


@SECOND_FACTOR.get("/second-factor/authenticator")
@signed_in
@freshly_proved
def show_picture() -> Reply:
    return _picture_page({})


@SECOND_FACTOR.post("/second-factor/authenticator/confirmation")
@signed_in
@freshly_proved
def confirm() -> Reply:
    try:
        with here().transaction() as tx:
            code = request.form.get("code", "")
            codes = confirm_authenticator(tx, me().person_id, code, me().name, here().now())
    except InputError as error:
        page = _picture_page(problems_of(error))
        return (page, 422) if isinstance(page, str) else page
    return render_template("recovery_codes.html", codes=codes) if codes else to(HOME, 303)


@SECOND_FACTOR.post("/second-factor/authenticator/removal")
@signed_in
@freshly_proved
def remove() -> Response:
    return _removed(lambda tx: remove_authenticator(tx, _account(tx), here().now()))


@SECOND_FACTOR.post("/second-factor/recovery-codes")
@signed_in
@freshly_proved
def new_codes() -> Reply:
    with here().transaction() as tx:
        if not second_factors.has_one(tx, me().person_id):
            return to(HOME, 303)
        codes = make_recovery_codes(tx, me().person_id, me().name, here().now())
    return render_template("recovery_codes.html", codes=codes)


@SECOND_FACTOR.get("/second-factor/recovery-codes")
@signed_in
def shown_once() -> Response:
    return to(HOME)


@SECOND_FACTOR.post("/second-factor/passkeys/question")
@signed_in
@freshly_proved
def ask_passkey() -> Response:
    challenge_id = uuid4()
    session["challenge"] = str(challenge_id)
    with here().transaction() as tx:
        email = _email(_account(tx))
        asked = ask_for_new(tx, challenge_id, me().person_id, email, me().name, passkeys_here(), here().now())
    return jsonify(asked)


@SECOND_FACTOR.post("/second-factor/passkeys")
@signed_in
@freshly_proved
def keep_passkey() -> tuple[Response, int]:
    asked, given = session.pop("challenge", None), request.get_json(silent=True)
    form: dict[str, Any] = given if isinstance(given, dict) else {}
    name = str(form.get("name") or "").strip() or gettext("Passkey")
    is_kept = False
    if asked:
        with here().transaction() as tx:
            is_kept = add_passkey(
                tx, UUID(asked), me().person_id, form.get("answer"), name, me().name, passkeys_here(), here().now()
            )
    if not is_kept:
        return jsonify(message=gettext("This passkey was not accepted. Reload the page and try again.")), 422
    return jsonify(next=HOME), 200


@SECOND_FACTOR.post("/second-factor/passkeys/<number>/removal")
@signed_in
@freshly_proved
def drop_passkey(number: str) -> Response:
    try:
        credential_id = bytes.fromhex(number)
    except ValueError as error:
        raise NotFound() from error
    return _removed(lambda tx: remove_passkey(tx, _account(tx), credential_id, here().now()))


def _removed(act: Any) -> Response:
    try:
        with here().transaction() as tx:
            act(tx)
    except InputError as error:
        flash(gettext(str(error)), "problem")
    return to(HOME, 303)


def _picture_page(problems: dict[str, str]) -> str | Response:
    with here().transaction() as tx:
        secret, email = proposed_secret(tx, me().person_id), _email(_account(tx))
    if secret is None:
        return to(HOME, 303)
    return render_template("authenticator.html", secret=secret, picture=picture_of(secret, email), problems=problems)


def _confirmation(problems: dict[str, str]) -> str:
    next_page = local(request.values.get("next"))
    return render_template("confirmation.html", problems=problems, next_page=next_page)


def _account(tx: Tx) -> Account:
    account = accounts.by_id(tx, me().person_id)
    if account is None:
        raise NotFound()
    return account


def _email(account: Account) -> str:
    return here().database.keyring.open(account.email, Sealing.ACCOUNT)
