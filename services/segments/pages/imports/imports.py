"""Imports: drop a file, see how it would be read, start it, leave; the result waits."""

from __future__ import annotations

import csv
import io
import zlib
from datetime import datetime
from typing import IO
from uuid import UUID

from flask import Blueprint, flash, make_response, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.hand_in import HandedIn, check_source, hand_in, map_file, start_import
from services.segments.config import Config
from services.segments.imports.files.columns import NEEDED_OF_PEOPLE, REQUIRED, Holds
from services.segments.imports.files.table import Table
from services.segments.imports.mappings import mapping_of, source_of_headings
from services.segments.imports.preview.look import Known, preview_of, readable
from services.segments.imports.refused import Reject, list_rejects
from services.segments.imports.uploads.kept import Uploads, received, uploads_of
from services.segments.pages.imports import file_words, forms, views
from services.segments.store.house_dates import house_dates
from services.segments.store.imports import files as store
from services.segments.store.imports.files import ImportFile
from services.segments.store.money.currencies import load_currencies
from services.segments.store.properties import property_places
from shared.access import audit
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.web.access_control import me, needs, signed_in
from shared.web.app import is_fragment
from shared.web.bodies import takes_files
from shared.web.site import here

pages = Blueprint("segments_imports", __name__, url_prefix="/segments/imports")
LISTED = 50
REJECTS_SHOWN = 200
Page = tuple[str, int]


@pages.get("")
@needs(May.IMPORT_DATA)
def imports() -> str:
    return _list({}, "")


@pages.get("/under-way")
@signed_in
def under_way() -> str:
    """The chip in the rail of every page."""
    if not me().may(May.IMPORT_DATA):
        return ""
    with here().transaction() as tx:
        file = store.under_way(tx)
        seen = store.find(tx, file.id, me().scope) if file else None
    return render_template("_import_chip.html", file=seen) if seen else ""


@pages.post("")
@needs(May.IMPORT_DATA)
@takes_files()
def bring() -> Page | Response:
    upload, source = request.files.get("file"), request.form.get("source", "").strip()
    try:
        if upload is None or not upload.filename:
            raise InputError(None, {"file": "missing or empty"})
        file_id = _hand_in(upload.stream, forms.short_name(upload.filename), source)
    except InputError as error:
        return _list(error.problems, source), 422
    return redirect(f"/segments/imports/{file_id}", 303)


@pages.get("/<uuid:file_id>")
@needs(May.IMPORT_DATA)
def one(file_id: UUID) -> str:
    return _page(_file(file_id))


@pages.post("/<uuid:file_id>/mapping")
@needs(May.IMPORT_DATA)
def remap(file_id: UUID) -> Response | str:
    """The choices are kept with the file and shown as they would be read; nothing is imported."""
    file = _file(file_id)
    if file.state != "draft":  # the file itself may be deleted by now
        raise Conflict()
    with uploads_here().at_hand(file.place) as path:
        source, mapping = forms.mapping_of_form(request.form, path)
    with here().transaction() as tx:
        map_file(tx, file_id, source, mapping)
        if (source, mapping) != (file.source, file.mapping):
            audit.record(tx, me(), "import.mapping_changed", f"import {file_id}", {"source": source}, here().now())
    return _page(_file(file_id)) if is_fragment() else redirect(f"/segments/imports/{file_id}", 303)


@pages.post("/<uuid:file_id>/source")
@needs(May.IMPORT_DATA)
def read_like(file_id: UUID) -> Response:
    """The file is read as those of another source are."""
    file, source = _file(file_id), request.form.get("source", "").strip()
    if file.state != "draft":
        raise Conflict()
    with uploads_here().at_hand(file.place) as path:
        header = Table(path, mapping_of(file.source, file.mapping).reading).header
    with here().transaction() as tx:
        saved, known = store.saved_mappings(tx), known_now(tx, file.handed_in_at)
        dates = house_dates(tx, me().scope)
        map_file(tx, file_id, source, forms.first_document(source, saved, header, known.hotels, dates))
        audit.record(tx, me(), "import.mapping_changed", f"import {file_id}", {"source": source}, here().now())
    return redirect(f"/segments/imports/{file_id}", 303)


@pages.post("/<uuid:file_id>/start")
@needs(May.IMPORT_DATA)
def start(file_id: UUID) -> Response | Page:
    file = _file(file_id)
    if file.state != "draft":
        return redirect(f"/segments/imports/{file_id}", 303)
    with uploads_here().at_hand(file.place) as path:
        source, mapping = forms.mapping_of_form(request.form, path)
        with here().transaction() as tx:
            map_file(tx, file_id, source, mapping)
            known = known_now(tx, file.handed_in_at)
        wanted = mapping_of(source, mapping)
        preview = preview_of(Table(path, wanted.reading), wanted, known, file.name)
    if preview.problems or preview.open_questions:
        flash(gettext("A question is still open; nothing was imported yet."), "problem")
        return _page(_file(file_id)), 422
    with here().transaction() as tx:
        start_import(tx, file_id, source, {**mapping, "holds": preview.holds}, me().name, here().now())
        audit.record(tx, me(), "import.started", f"import {file_id}", {"source": source}, here().now())
    return redirect(f"/segments/imports/{file_id}", 303)


@pages.post("/<uuid:file_id>/discard")
@needs(May.IMPORT_DATA)
def discard(file_id: UUID) -> Response:
    _file(file_id)
    with here().transaction() as tx:
        place = store.discard(tx, file_id)
        if place is None:
            raise Conflict()
        audit.record(tx, me(), "import.discarded", f"import {file_id}", {}, here().now())
    uploads_here().delete(place)
    flash(gettext("Discarded. Nothing of the file is kept."))
    return redirect("/segments/imports", 303)


@pages.get("/<uuid:file_id>/rejects.csv")
@needs(May.IMPORT_DATA)
def rejects(file_id: UUID) -> Response:
    file = _file(file_id)
    with here().transaction() as tx:
        refused = store.rejects(tx, file.run_id)
        audit.record(tx, me(), "import.rejects_saved", f"import {file_id}", {"rows": len(refused)}, here().now())
    return rejects_csv(refused)


def known_now(tx: Tx, at: datetime) -> Known:
    """The hotels whose rows this person may bring, and the day that it was there at that instant."""
    places = {code: place for code, place in property_places(tx).items() if me().sees(code)}
    return Known.of(places, at)


def rejects_csv(refused: list[Reject]) -> Response:
    text = io.StringIO()
    list_rejects(text, refused)
    response = make_response(text.getvalue())
    response.headers["Content-Type"] = "text/csv; charset=utf-8"
    response.headers["Content-Disposition"] = "attachment; filename=rejects.csv"
    return response


def uploads_here() -> Uploads:
    return uploads_of(here().part(Config), here().database.keyring, here().clock)


def _hand_in(stream: IO[bytes], name: str, source: str) -> UUID:
    """A file that is no table, or whose source has no sound name, is not kept. Without a source it is the one's whose
    files have the same headings."""
    uploads = uploads_here()
    with received(uploads, stream) as stored:
        try:
            header = Table(stored.path).header
        except (InputError, OSError, EOFError, zlib.error, UnicodeError, csv.Error) as error:
            if isinstance(error, InputError) and error.problems:
                raise
            raise InputError(None, {"file": "no table"}) from error
        with here().transaction() as tx:
            saved, known = store.saved_mappings(tx), known_now(tx, here().now())
            dates = house_dates(tx, me().scope)
        source = source or source_of_headings(header, saved) or forms.FIRST_SOURCE
        mapping = forms.first_document(source, saved, header, known.hotels, dates)
        check_source(source)
        place = uploads.keep(stored)  # before the transaction: the place may be far away
        file = HandedIn(name, place, stored.digest, stored.bytes, "page", me().name, properties=me().properties)
        with here().transaction() as tx:
            return hand_in(tx, file, source, mapping, here().now(), start=False)


def _list(problems: dict[str, str], source: str) -> str:
    words = {
        "file": gettext("Choose a CSV file, plain or gzipped, with a header line and at least one row."),
        "source": gettext("Letters, digits and hyphens, such as pms or booking-engine."),
    }
    with here().transaction() as tx:
        files, saved = store.newest(tx, LISTED, me().scope), store.saved_mappings(tx)
    told = {name: views.file_problem_words(problem) for name, problem in problems.items()}
    shown = {name: told[name] or words[name] for name in problems if name in words}
    return render_template(
        "imports.html",
        files=files,
        saved=saved,
        problems=shown,
        source=source,
        first_source=forms.FIRST_SOURCE,
        views=views,
    )


def _file(file_id: UUID) -> ImportFile:
    with here().transaction() as tx:
        file = store.find(tx, file_id, me().scope)
    if file is None:
        raise NotFound(gettext("There is no such import."))
    return file


def _page(file: ImportFile) -> str:
    if file.state == "draft":
        return _draft_page(file)
    with here().transaction() as tx:
        refused = store.rejects(tx, file.run_id, REJECTS_SHOWN) if file.state == "done" else []
        views.name_dates(house_dates(tx))
    template = "_import_run.html" if is_fragment() else "import_run.html"
    return render_template(template, file=file, refused=refused, views=views, about=file_words, most=REJECTS_SHOWN)


def _draft_page(file: ImportFile) -> str:
    with here().transaction() as tx:
        known, saved = known_now(tx, file.handed_in_at), store.saved_mappings(tx)
        currencies, dates = load_currencies(tx), house_dates(tx, me().scope)
    views.name_dates(dates)
    mapping = mapping_of(file.source, file.mapping)
    with uploads_here().at_hand(file.place) as path:
        table = Table(path, mapping.reading)
        preview, header = preview_of(table, mapping, known, file.name), table.header
    with here().transaction() as tx:
        details = {"count": len(preview.first_rows)}
        audit.record(tx, me(), "rows.listed", f"import {file.id}", details, here().now())
    alike = source_of_headings(header, saved)
    template = "_import_draft.html" if is_fragment() else "import_draft.html"
    return render_template(
        template,
        file=file,
        mapping=mapping,
        preview=preview,
        hotels_money=currencies,
        dates=dates,
        readable=readable(preview.header),
        alike=alike if alike != file.source else None,
        is_saved=file.source in saved,
        hotels_known=sorted(known.hotels),
        required=REQUIRED if preview.holds == Holds.STAYS else NEEDED_OF_PEOPLE,
        meanings=forms.meanings_asked(preview, mapping),
        renamed=forms.values_renamed(preview, mapping),
        views=views,
        about=file_words,
    )
