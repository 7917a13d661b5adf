"""The domains' pages: for administrators, as those of the senders are."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.domains import keys
from services.messaging.commands.domains.check import MailDomain, keep, known_records, mail_domains, records_of
from services.messaging.config import Config
from services.messaging.pages.domains import shown
from services.messaging.pages.domains.shown import ShownDomain
from services.messaging.pages.senders.shown import zone
from services.messaging.rules.domains.records import RecordState
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.outgoing.dns import Dns
from shared.web.access_control import me, needs
from shared.web.site import here

domains = Blueprint("messaging_domains", __name__, url_prefix="/messaging/domains")
HERE = "/messaging/domains"


@domains.get("")
@needs(May.ADMINISTER)
def index() -> str:
    with here().transaction() as tx:
        found = mail_domains(tx, here().part(Config))
    return render_template("domains.html", listed=[ShownDomain(one, known_records(one)) for one in found], zone=zone())


@domains.get("/<domain>")
@needs(May.ADMINISTER)
def show(domain: str) -> str:
    with here().transaction() as tx:
        found = _one(tx, domain)
    return render_template(
        "domain.html",
        one=ShownDomain(found, known_records(found)),
        mark_of=shown.mark,
        title_of=shown.title,
        advice_of=shown.advice,
        too_many=shown.too_many,
        zone=zone(),
    )


@domains.post("/<domain>/check")
@needs(May.ADMINISTER)
def check(domain: str) -> Response:
    at = here().now()
    with here().transaction() as tx:
        found = _one(tx, domain)
    records = records_of(found, Dns(here().part(Config).resolvers))
    with here().transaction() as tx:
        keep(tx, found, records, by=me(), at=at)
    if any(record.state != RecordState.CANNOT_ASK for record in records):
        flash(gettext("DNS was asked. A change there may take hours until everybody sees it."))
    else:
        flash(gettext("DNS did not answer. Try again in a few minutes."), "problem")
    return redirect(f"{HERE}/{domain}", 303)


@domains.post("/<domain>/keys")
@needs(May.ADMINISTER)
def add_key(domain: str) -> Response:
    key, at = keys.make_key(), here().now()
    try:
        with here().transaction() as tx:
            keys.add_key(tx, _one(tx, domain).name, key, by=me(), at=at)
    except Conflict:
        flash(gettext("A new key waits already: paste its line and check again."), "problem")
    else:
        flash(
            gettext(
                "The key is made. Paste its line at your DNS provider, then check again: it signs once it is found."
            )
        )
    return redirect(f"{HERE}/{domain}", 303)


@domains.post("/<domain>/keys/<selector>/use")
@needs(May.ADMINISTER)
def use_key(domain: str, selector: str) -> Response:
    """For a house whose DNS cannot be asked from here."""
    try:
        with here().transaction() as tx:
            keys.sign_by(tx, _one(tx, domain).name, selector, by=me(), at=here().now())
    except Conflict:
        flash(gettext("This key does not wait: it signs already, or signed once."), "problem")
    else:
        flash(gettext("Mails of this domain are signed by it from now on."))
    return redirect(f"{HERE}/{domain}", 303)


def _one(tx: Tx, name: str) -> MailDomain:
    """Of those that mail is from; no other is asked for."""
    found = next((one for one in mail_domains(tx, here().part(Config)) if one.name == name), None)
    return found or abort(404)
