"""Links by which a colleague chooses a password: mailed, or shown once where no mail is sent."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, render_template
from flask import redirect as to
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.console.commands.signing_in.links import AT_THE_DOOR, make_link, token_of
from services.console.config import Config
from services.console.rules.links import LinkKind
from services.console.store import accounts
from services.console.store.accounts import Account
from services.console.store.links import Link
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.errors import InputError, NotFound
from shared.vocabulary.notice import NoticeReason, NoticeState
from shared.vocabulary.role import Role
from shared.vocabulary.term import N_
from shared.web.access_control import me, needs
from shared.web.config import WebConfig
from shared.web.i18n.labels import label
from shared.web.site import here

LINKS = Blueprint("console_links", __name__, url_prefix="/people")
Reply = Response | tuple[str, int]


@LINKS.get("/<uuid:person_id>/link")
@needs(May.ADMINISTER)
def shown_once(person_id: UUID) -> Response:
    """A link is shown once: the page cannot be loaded again."""
    return to(f"/people/{person_id}")


@LINKS.post("/<uuid:person_id>/link")
@needs(May.ADMINISTER)
def send(person_id: UUID) -> Reply:
    now = here().now()
    with here().transaction() as tx:
        account = accounts.by_id(tx, person_id)
        if account is None or account.role is None:
            raise NotFound(N_("This person has no access."))
        if not here().part(Config).has_password(Role(account.role)):
            raise InputError(N_("This person signs in without a password."))
        link = make_link(tx, person_id, me().name, now)
        token = "" if link.notice_id else token_of(tx, link)
        email = tx.keyring.open(account.email, Sealing.ACCOUNT)
    if link.notice_id:
        return link_mailed(account, email)
    url = f"{here().part(WebConfig).origin}/sign-in/link/{token}"
    is_invitation = link.kind == LinkKind.INVITATION
    page = render_template("given_link.html", account=account, url=url, email=email, is_invitation=is_invitation)
    return page, 201


def link_mailed(account: Account, email: str) -> Response:
    flash(gettext("A link is on its way to %(email)s.", email=email))
    return to(f"/people/{account.person_id}", 303)


def link_maker(link: Link | None) -> str:
    if link and link.made_by == AT_THE_DOOR:
        return gettext("somebody at the sign-in page")
    return link.made_by if link else ""


def link_words(link: Link | None) -> tuple[str, str]:
    """What became of the mail with a link, and its tone."""
    if link is None or link.notice_id is None:
        return gettext("shown to its maker"), "plain"
    state = NoticeState(link.notice_state or NoticeState.QUEUED)
    if state is NoticeState.FAILED and link.notice_reason:
        return gettext("not sent: %(why)s", why=label(NoticeReason(link.notice_reason))), state.tone
    return label(state), state.tone
