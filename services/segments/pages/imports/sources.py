"""How the files of each system are read: seen, and forgotten value by value or as a whole."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.hand_in import forget_meaning, forget_source
from services.segments.imports.mappings import mapping_of
from services.segments.pages.imports import views
from services.segments.store.house_dates import house_dates
from services.segments.store.imports import files as store
from shared.access import audit
from shared.access.people import May
from shared.errors import NotFound
from shared.web.access_control import me, needs
from shared.web.site import here

pages = Blueprint("segments_import_sources", __name__, url_prefix="/segments/imports/sources")


@pages.get("/<source>")
@needs(May.IMPORT_DATA)
def one(source: str) -> str:
    with here().transaction() as tx:
        document = store.saved_mappings(tx).get(source)
        views.name_dates(house_dates(tx))
    if document is None:
        raise NotFound(gettext("No files of this system were read yet."))
    mapping = mapping_of(source, document)
    return render_template("import_source.html", source=source, mapping=mapping, may_change=_may_change(), views=views)


@pages.post("/<source>/meanings/forget")
@needs(May.IMPORT_DATA)
def forget_value(source: str) -> Response:
    _check_may_change()
    field = request.form.get("field", "")
    with here().transaction() as tx:
        forget_meaning(tx, source, field, request.form.get("value", ""), me().name, here().now())
        audit.record(tx, me(), "import.mapping_changed", f"source {source}", {"field": field}, here().now())
    return redirect(f"/segments/imports/sources/{source}", 303)


@pages.post("/<source>/forget")
@needs(May.IMPORT_DATA)
def forget(source: str) -> Response:
    _check_may_change()
    with here().transaction() as tx:
        forget_source(tx, source)
        audit.record(tx, me(), "import.mapping_changed", f"source {source}", {"forgotten": True}, here().now())
    flash(gettext("Forgotten. The next file from %(source)s is asked about anew.", source=source))
    return redirect("/segments/imports", 303)


def _may_change() -> bool:
    """How a source is read belongs to all hotels."""
    return not me().properties


def _check_may_change() -> None:
    if not _may_change():
        abort(403)
