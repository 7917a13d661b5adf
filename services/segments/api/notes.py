"""What people and programs write about a guest, for whoever looks after them next."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, jsonify
from werkzeug.wrappers import Response

from services.segments.api import documents
from services.segments.api.guests import living, request_bytes
from services.segments.commands.guests.notes import delete_note, write_note
from services.segments.store.guests.notes import notes_of
from shared.access.audit import record
from shared.access.done_once import once
from shared.crypto.purposes import Sealing
from shared.errors import NotFound
from shared.vocabulary.grant import Grant
from shared.web.access_control import grants, me
from shared.web.api.description import Operation, described
from shared.web.api.reading import body_by, idempotency_key
from shared.web.site import here

notes = Blueprint("segments_api_notes", __name__, url_prefix="/api/guests/<uuid:guest_id>/notes")
KEY = {"Idempotency-Key": "the same request again, within seven days, makes no second one"}


@notes.get("")
@grants(Grant.NOTES_READ)
@described(Operation("A guest's notes, the newest first", documents.Note, page=True))
def listed(guest_id: UUID) -> Response:
    with here().transaction() as tx:
        living(tx, guest_id)
        found = notes_of(tx, guest_id)
        record(tx, me(), "guest.viewed", f"guest {guest_id}", {"notes": len(found)}, here().now())
        shown = [
            documents.Note().dump(
                {"id": one.id, "text": tx.keyring.open(one.text_sealed, Sealing.NOTE), "by": one.by_whom, "at": one.at}
            )
            for one in found
        ]
    return jsonify({"items": shown, "next": None})


@notes.post("")
@grants(Grant.NOTES_WRITE)
@described(Operation("Write a note", documents.Note, documents.NewNote, status=201, headers=KEY))
def write(guest_id: UUID) -> tuple[Response, int]:
    said, now = body_by(documents.NewNote()), here().now()
    key = idempotency_key()
    with here().transaction() as tx:
        living(tx, guest_id)
        made = once(
            tx,
            me().person_id,
            key,
            request_bytes(),
            now,
            lambda: str(write_note(tx, guest_id, said["text"], me(), now)),
        )
    note = {"id": UUID(made), "text": said["text"], "by": me().name, "at": now}
    return jsonify(documents.Note().dump(note)), 201


@notes.delete("/<uuid:note_id>")
@grants(Grant.NOTES_WRITE)
@described(Operation("Delete a note", status=204))
def delete(guest_id: UUID, note_id: UUID) -> tuple[str, int]:
    with here().transaction() as tx:
        living(tx, guest_id)
        if not delete_note(tx, guest_id, note_id, me(), here().now()):
            raise NotFound("There is no such note.")
    return "", 204
