"""Pictures of answers: handed in with one, taken from a canned one, and seen behind the sign-in."""

from __future__ import annotations

from base64 import b64decode
from uuid import UUID

from flask import request
from werkzeug.wrappers import Response

from services.feedback.pages.cases.pictures import PROBLEMS
from services.feedback.pages.inbox.seen import INBOX, NoThread, same_person, visible_thread
from services.feedback.queries.inbox.lines import picture_of_answer
from services.feedback.rules.inbox import LARGEST_PICTURE
from services.feedback.store.inbox import canned as store
from shared.access.people import May
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Tx
from shared.errors import InputError, Problem
from shared.pictures.private import shown
from shared.pictures.scaling import LARGEST_FILE, Picture, scaled_for_mail
from shared.web.access_control import me, needs
from shared.web.site import here


def handed_in() -> tuple[Picture | None, dict[str, str]]:
    """The picture that came with a form, made small, and what is wrong with it. Not within a transaction."""
    upload = request.files.get("picture")
    if not upload or not upload.filename:
        return None, {}
    try:
        return scaled_for_mail(upload.read(LARGEST_FILE + 1), most_bytes=LARGEST_PICTURE), {}
    except InputError as error:
        problem = error.problems["picture"]
        return None, {"picture": str(PROBLEMS[problem.code if isinstance(problem, Problem) else "damaged"])}


def visible_canned(tx: Tx, canned_id: UUID | None) -> store.Pictured | None:
    """The picture of a canned answer that this person may take."""
    found = store.picture(tx, canned_id) if canned_id else None
    return found if found and (found.property is None or found.property in me().scope) else None


@INBOX.get("/<uuid:thread_id>/answers/<uuid:message_id>/picture")
@needs(May.SEE_CONTACTS)
def show_answers(thread_id: UUID, message_id: UUID) -> Response:
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        found = picture_of_answer(tx, message_id, same_person(tx, thread) or [thread_id], me().scope)
        if found is None:
            raise NoThread()
        content = b64decode(tx.keyring.open(Sealed(found.content_sealed), Sealing.WORDS))
    return shown(content, found.media_type)


@INBOX.get("/canned/<uuid:canned_id>/picture")
@needs(May.CARE)
def show_canned(canned_id: UUID) -> Response:
    with here().transaction() as tx:
        found = visible_canned(tx, canned_id)
    if found is None:
        raise NoThread()
    return shown(bytes(found.content), found.media_type)
