"""Who receives guests' data, and the proof of consents, for who has to answer for them."""

from __future__ import annotations

from collections.abc import Iterator

from flask import Blueprint, Response, render_template, stream_with_context

from services.messaging.pages.template_context import sandboxed
from services.messaging.queries.guests.consent_proofs import COLUMNS, consent_proofs
from shared.access.audit import record
from shared.access.people import May
from shared.personal_data.recipients import RECIPIENTS
from shared.spreadsheets import MARK, row_text
from shared.web.access_control import me, needs
from shared.web.i18n.labels import label
from shared.web.reading import long_reading
from shared.web.site import here

privacy = Blueprint("messaging_privacy", __name__, url_prefix="/messaging/privacy")


@privacy.get("")
@needs(May.ADMINISTER)
def processors() -> str:
    kept_back = sandboxed()
    lines = [(label(channel), one, channel not in kept_back) for channel, one in RECIPIENTS.items()]
    return render_template("privacy_processors.html", lines=lines)


@privacy.post("/consents.csv")
@needs(May.ADMINISTER)
def proofs() -> Response:
    """Written as it is read: there may be millions. It is in the audit trail before its first line leaves."""
    with here().transaction() as tx:
        record(tx, me(), "consents.exported", f"service {tx.service}", {}, here().now())
    response = Response(stream_with_context(_lines()), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = 'attachment; filename="consents.csv"'
    return response


def _lines() -> Iterator[str]:
    yield MARK + row_text(COLUMNS)
    with long_reading() as tx:
        for row in consent_proofs(tx):
            yield row_text(row)
