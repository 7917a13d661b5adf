"""Who is in a segment, as a table: of the reader's hotels, contacts as the reader may see them, for a day."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, stream_with_context
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.segments.exports import make_export, open_export
from services.segments.queries.audiences.exports import Export, MemberRow, members_after
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.spreadsheets import MARK, row_text
from shared.web.access_control import me, needs, scope
from shared.web.i18n.formatting import masked
from shared.web.reading import read_again
from shared.web.site import here

pages = Blueprint("segments_exports", __name__, url_prefix="/segments/segments")


@pages.post("/<key>/exports")
@needs(May.SEE_GUESTS)
def make(key: str) -> Response:
    """Somebody of one hotel may export its guests, though the segment is everybody's."""
    _configures()
    with here().transaction() as tx:
        make_export(tx, key, me(), here().now())
    flash(gettext("The export is open for a day, for you alone."))
    return redirect(f"/segments/segments/{key}/about", 303)


@pages.get("/exports/<uuid:export_id>")
@needs(May.SEE_GUESTS)
def read(export_id: UUID) -> Response:
    """Written as it is read, range by range; it is in the audit trail before its first line leaves."""
    _configures()
    with here().transaction() as tx:
        export = open_export(tx, export_id, me(), here().now())
    response = Response(stream_with_context(_lines(export)), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="{export.key}.csv"'
    return response


def _configures() -> None:
    if not me().may(May.CONFIGURE):
        abort(403)


def _lines(export: Export) -> Iterator[str]:
    yield MARK + row_text(_headings())
    in_full, seen = me().may(May.SEE_CONTACTS), scope()

    def read(after: UUID | None) -> tuple[str, list[UUID]]:
        with here().transaction() as tx:
            rows = members_after(tx, export.number, seen, after)
            return "".join(row_text(_row(tx, one, in_full=in_full)) for one in rows), [one.guest_id for one in rows]

    lines, guests = read_again(partial(read, None))
    while guests:
        yield lines
        lines, guests = read_again(partial(read, guests[-1]))


def _headings() -> list[str]:
    return [
        *(gettext("Title"), gettext("Given name"), gettext("Family name"), gettext("Language"), gettext("Country")),
        *(gettext("Tier"), gettext("Tags"), gettext("Stays"), gettext("Nights"), gettext("Last check-out")),
        *(gettext("Next arrival"), gettext("E-mail"), gettext("Telephone")),
    ]


def _row(tx: Tx, one: MemberRow, *, in_full: bool) -> list[object]:
    def point(sealed: Sealed | None) -> str:
        if sealed is None:
            return ""
        plain = tx.keyring.open(sealed, Sealing.CONTACT)
        return plain if in_full else masked(plain)

    return [
        *(one.title, one.given_name, one.family_name, one.language, one.country, one.tier, ", ".join(one.tags)),
        *(one.stays, one.nights, one.last_stay_on, one.arrives_on, point(one.email), point(one.phone)),
    ]
