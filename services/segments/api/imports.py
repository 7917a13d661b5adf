"""The API of segments: bring a file of reservations, and ask what became of it."""

from __future__ import annotations

import zlib
from csv import Error as CsvError
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID

from flask import Blueprint, jsonify, request
from marshmallow import Schema, ValidationError, fields, validate
from werkzeug.wrappers import Response

from services.segments.api.documents import Import
from services.segments.commands.hand_in import LONGEST_SOURCE, HandedIn, hand_in
from services.segments.imports.files.table import Table
from services.segments.imports.mappings import mapping_of
from services.segments.imports.preview.look import Known, preview_of
from services.segments.imports.preview.questions import question_text
from services.segments.imports.uploads.kept import received
from services.segments.pages.imports.imports import known_now, rejects_csv, uploads_here
from services.segments.store.imports import files as store
from services.segments.store.imports.files import ImportFile
from shared.access import audit
from shared.access.people import May
from shared.access.scope import EVERYWHERE
from shared.errors import Conflict, InputError, NotFound
from shared.web.access_control import me, needs
from shared.web.api.description import Operation, described
from shared.web.api.reading import idempotency_key
from shared.web.bodies import takes_files
from shared.web.site import here

imports = Blueprint("segments_api_imports", __name__, url_prefix="/api/imports")


class Asked(Schema):
    """What comes beside the file, in the query or the form."""

    source = fields.String(required=True, validate=validate.Length(1, LONGEST_SOURCE))
    name = fields.String(load_default="import.csv", validate=validate.Length(1, 200))


@imports.post("")
@needs(May.IMPORT_DATA)
@takes_files()
@described(
    Operation(
        "Bring reservations or a list of people. The same file again, or the same Idempotency-Key, is the same import",
        Import,
        query=Asked,
        status=202,
        media=("text/csv", "application/gzip", "multipart/form-data"),
        headers={"Idempotency-Key": "by default the file's SHA-256"},
    )
)
def bring() -> tuple[Response, int, dict[str, str]]:
    asked, named = _asked(), idempotency_key()
    with here().transaction() as tx:
        saved, known = store.saved_mappings(tx), known_now(tx, here().now())
    source = asked["source"]
    if source not in saved:
        names = ", ".join(saved) or "none"
        problem = f"no mapping is saved under this name (saved: {names}); import one such file under Imports first"
        raise InputError("This file cannot be taken.", {"source": problem})
    upload = request.files.get("file")
    uploads = uploads_here()
    with received(uploads, upload.stream if upload else request.stream) as stored:
        _check(stored.path, source, saved[source], known)
        place = uploads.keep(stored)
    key = named or stored.digest
    repeat_key = f"{me().person_id} {source} {key}"
    name = (upload.filename if upload else None) or asked["name"]
    file = HandedIn(Path(name).name, place, stored.digest, stored.bytes, "program", me().name, repeat_key)
    file = replace(file, properties=me().properties)
    with here().transaction() as tx:
        file_id = hand_in(tx, file, source, saved[source], here().now(), start=True)
        waits = store.find(tx, file_id, EVERYWHERE)
        assert waits is not None, "it was just handed in"
        if waits.place == place:
            audit.record(tx, me(), "import.started", f"import {file_id}", {"source": source}, here().now())
    if waits.place != place:
        uploads.delete(place)
        if waits.digest != stored.digest:
            raise Conflict("This Idempotency-Key was used for another file: use a new key for a new file.")
    return jsonify(import_document(waits)), 202, {"Location": f"/api/imports/{file_id}"}


@imports.get("/<uuid:file_id>")
@needs(May.IMPORT_DATA)
@described(Operation("What became of an import", Import))
def state(file_id: UUID) -> Response:
    return jsonify(import_document(_file(file_id)))


@imports.get("/<uuid:file_id>/rejects.csv")
@needs(May.IMPORT_DATA)
@described(Operation("Line, field and reason of what was refused", answer_media="text/csv"))
def rejects(file_id: UUID) -> Response:
    file = _file(file_id)
    with here().transaction() as tx:
        refused = store.rejects(tx, file.run_id)
        audit.record(tx, me(), "import.rejects_saved", f"import {file_id}", {"rows": len(refused)}, here().now())
    return rejects_csv(refused)


def import_document(file: ImportFile) -> dict[str, Any]:
    """An import as programs see it; `documents.Import` describes it."""
    return {
        "id": str(file.id),
        "url": f"/api/imports/{file.id}",
        "state": file.state,
        "source": file.source,
        "name": file.name,
        "handed_in_at": file.handed_in_at.isoformat(),
        "ended_at": file.ended_at.isoformat() if file.ended_at else None,
        "rows_entered": file.entered,
        "rows_waiting": file.waiting,
        "counts": _told(file.counts),
        "problems": file.known_problems,
        "rejects": f"/api/imports/{file.id}/rejects.csv" if file.counts.get("rejected") else None,
    }


def _told(counts: dict[str, Any]) -> dict[str, Any]:
    """Whoever is limited to hotels is not told how many guests of others theirs are like."""
    return {name: count for name, count in counts.items() if not (me().properties and name == "duplicates")}


def _asked() -> dict[str, Any]:
    known = {name: value for name, value in {**request.form, **request.args}.items() if name in Asked().fields}
    try:
        loaded: dict[str, Any] = Asked().load(known)
        return loaded
    except ValidationError as error:
        problems = {name: " ".join(map(str, texts)) for name, texts in error.messages_dict.items()}
        raise InputError("This file cannot be taken.", problems) from error


def _check(path: Path, source: str, mapping: dict[str, Any], known: Known) -> None:
    """What the first rows show to be wrong is refused at once, and the file is not kept."""
    try:
        wanted = mapping_of(source, mapping)
        seen = preview_of(Table(path, wanted.reading), wanted, known)
        problems = dict(seen.problems) | {
            one.header or str(one.kind): question_text(one) for one in seen.open_questions
        }
        if problems:
            raise InputError("This file does not fit the mapping of its source.", problems)
    except InputError as error:
        raise InputError("This file cannot be taken.", error.problems or {"file": "no table"}) from error
    except (OSError, EOFError, zlib.error, UnicodeError, CsvError) as error:
        raise InputError("This file cannot be taken.", {"file": "damaged"}) from error


def _file(file_id: UUID) -> ImportFile:
    with here().transaction() as tx:
        file = store.find(tx, file_id, me().scope)
    if file is None:
        raise NotFound("There is no such import.")
    return file
