"""The team: who may do what."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, render_template
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.accounts import Member, change_member, end_access, invite, renew_password
from services.console.commands.notices import can_mail
from services.console.commands.sessions import end_all_sessions
from services.console.commands.signing_in.links import make_link
from services.console.config import Config
from services.console.pages.account.sessions import session_lines
from services.console.pages.forms import problems_of, sent
from services.console.pages.team.links import link_mailed, link_maker, link_words
from services.console.pages.team.roles import key_terms, role_meanings
from services.console.schemas import InvitationForm, MemberForm, read
from services.console.store import accounts, api_keys, links, second_factors, sessions
from services.console.store.accounts import Account
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.database.pool import Tx
from shared.errors import InputError, NotFound
from shared.vocabulary.grant import Grant
from shared.vocabulary.role import Role
from shared.web.access_control import me, my_hotels, needs
from shared.web.i18n.labels import labels
from shared.web.site import here

PEOPLE = Blueprint("console_people", __name__, url_prefix="/people")
Reply = str | Response | tuple[str, int]


@PEOPLE.get("")
@needs(May.ADMINISTER)
def show_all() -> str:
    return team_page({}, {})


@PEOPLE.get("/new")
@needs(May.ADMINISTER)
def ask() -> str:
    return _form(None, {"role": Role.FRONT_DESK}, {})


@PEOPLE.post("")
@needs(May.ADMINISTER)
def invite_one() -> Reply:
    form = sent("properties")
    try:
        wanted = read(InvitationForm, form)
        with here().transaction() as tx:
            account, password = invite(tx, wanted["email"], _member(wanted), me().name, here().now())
            has_password = here().part(Config).has_password(Role(account.role or ""))
            if mails := can_mail(tx) and has_password:
                make_link(tx, account.person_id, me().name, here().now())
    except InputError as error:
        return _form(None, form, problems_of(error)), 422
    if not has_password:
        flash(gettext("%(name)s can come in by the house's own sign-in.", name=account.name))
        return to("/people", 303)
    return link_mailed(account, wanted["email"]) if mails else (_given(account, password, wanted["email"]), 201)


@PEOPLE.get("/<uuid:person_id>")
@needs(May.ADMINISTER)
def show(person_id: UUID) -> str:
    with here().transaction() as tx:
        account = _load(tx, person_id)
    return _form(account, {**vars(account), "email": _email(account)}, {})


@PEOPLE.post("/<uuid:person_id>/sessions/ending")
@needs(May.ADMINISTER)
def end_sessions(person_id: UUID) -> Response:
    with here().transaction() as tx:
        account = _load(tx, person_id)
        end_all_sessions(tx, person_id, me().name, here().now())
    flash(gettext("%(name)s is signed out everywhere.", name=account.name))
    return to(f"/people/{person_id}", 303)


@PEOPLE.post("/<uuid:person_id>")
@needs(May.ADMINISTER)
def change(person_id: UUID) -> Reply:
    form = sent("properties")
    with here().transaction() as tx:
        account = _load(tx, person_id)
    try:
        wanted = read(MemberForm, form)
        with here().transaction() as tx:
            change_member(tx, person_id, _member(wanted), wanted["version"], me().name, here().now())
    except InputError as error:
        return _form(account, {**form, "email": _email(account)}, problems_of(error)), 422
    flash(gettext("%(name)s is changed.", name=wanted["name"]))
    return to("/people", 303)


@PEOPLE.get("/<uuid:person_id>/password")
@needs(May.ADMINISTER)
def shown_once(person_id: UUID) -> Response:
    """A password is shown once: the page cannot be loaded again, for instance in another language."""
    return to(f"/people/{person_id}")


@PEOPLE.post("/<uuid:person_id>/password")
@needs(May.ADMINISTER)
def renew(person_id: UUID) -> Reply:
    with here().transaction() as tx:
        account, password = renew_password(tx, person_id, me().name, here().now())
    return _given(account, password, _email(account)), 201


@PEOPLE.post("/<uuid:person_id>/ending")
@needs(May.ADMINISTER)
def end(person_id: UUID) -> Response:
    try:
        with here().transaction() as tx:
            end_access(tx, person_id, me().name, here().now())
    except InputError as error:
        flash(next(iter(problems_of(error).values())), "problem")
    return to("/people", 303)


def team_page(values: dict[str, Any], problems: dict[str, str]) -> str:
    """`values`, `problems`: of the form for a key at its end."""
    with here().transaction() as tx:
        people, keys, demanded = accounts.everybody(tx), api_keys.all_keys(tx), second_factors.is_demanded(tx)
        used = api_keys.last_uses(tx)
    shown = [(account, _email(account)) for account in people]
    return render_template(
        "people.html",
        people=shown,
        keys=keys,
        used=used,
        grants=labels(Grant),
        lasts=key_terms(),
        demanded=demanded,
        values=values,
        problems=problems,
        **_words(),
    )


def _form(account: Account | None, values: dict[str, Any], problems: dict[str, str]) -> str:
    """`mails`: whether mail really leaves. `link`: the newest one of this person, with what became of its mail."""
    with here().transaction() as tx:
        live = sessions.live(tx, account.person_id, here().now()) if account else []
        has_one = account is not None and second_factors.has_one(tx, account.person_id)
        mails, link = can_mail(tx), links.last_of(tx, account.person_id) if account else None
    has_password = account is None or not account.role or here().part(Config).has_password(Role(account.role))
    more = {
        "mails": mails,
        "link": link,
        "has_password": has_password,
        "link_words": link_words(link),
        "link_maker": link_maker(link),
    }
    return render_template(
        "person.html",
        account=account,
        values=values,
        problems=problems,
        sessions=session_lines(live),
        has_second_factor=has_one,
        **more,
        **_words(),
    )


def _given(account: Account, password: str, email: str) -> str:
    return render_template("given_password.html", account=account, password=password, email=email)


def _words() -> dict[str, Any]:
    names = {hotel.code: hotel.name for hotel in my_hotels()}
    return {"roles": labels(Role), "meanings": role_meanings(), "hotel_names": names, "now": here().now()}


def _load(tx: Tx, person_id: UUID) -> Account:
    account = accounts.by_id(tx, person_id)
    if account is None:
        raise NotFound(gettext("There is no such person."))
    return account


def _email(account: Account) -> str:
    return here().database.keyring.open(account.email, Sealing.ACCOUNT)


def _member(wanted: dict[str, Any]) -> Member:
    return Member(name=wanted["name"], role=wanted["role"], properties=wanted["properties"])
