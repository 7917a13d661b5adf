"""Changes of a conversation's state: read, done, whose, put off, who is answering."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.inbox.changes import (
    assign_thread,
    close_thread,
    read_thread,
    reopen_thread,
    snooze_thread,
)
from services.feedback.commands.inbox.recognising import recognise, take_recognition_back
from services.feedback.pages.inbox.forms import ReadingForm, RecognitionForm, SnoozeForm, ThreadOwnerForm
from services.feedback.pages.inbox.seen import INBOX, back_to, hands_of, same_person, visible_thread
from services.feedback.queries import guests
from services.feedback.queries.inbox import threads as queries
from services.feedback.queries.inbox.threads import thread_of
from services.feedback.rules.inbox import PRESENT_FOR, Snooze
from services.feedback.schemas import VersionForm, need
from services.feedback.store.inbox import presence, recognitions
from shared.access.audit import record
from shared.access.people import May
from shared.errors import InputError, NotFound
from shared.web.access_control import me, needs
from shared.web.site import here


class NoGuest(NotFound):
    """There is no such guest here."""


class NoRecognition(NotFound):
    """Nobody was recognised so, or it was taken back."""


@INBOX.post("/<uuid:thread_id>/reading")
@needs(May.CARE)
def read(thread_id: UUID) -> Response:
    values, now = need(ReadingForm(), request.form), here().now()
    unread = values["unread"]
    with here().transaction() as tx:
        visible_thread(tx, thread_id)
        read_thread(tx, thread_id, values["version"], now, unread=unread, by=me().name)
        record(tx, me(), "thread.unread" if unread else "thread.read", f"thread {thread_id}", {}, now)
    return back_to(thread_id)


@INBOX.post("/<uuid:thread_id>/closure")
@needs(May.CARE)
def close(thread_id: UUID) -> Response:
    version, now = need(VersionForm(), request.form)["version"], here().now()
    with here().transaction() as tx:
        visible_thread(tx, thread_id)
        close_thread(tx, thread_id, version, now, by=me().name)
        record(tx, me(), "thread.done", f"thread {thread_id}", {}, now)
    flash(gettext("Done. What the guest writes next opens it again."))
    return redirect("/feedback/inbox", 303)


@INBOX.post("/<uuid:thread_id>/reopening")
@needs(May.CARE)
def reopen(thread_id: UUID) -> Response:
    version, now = need(VersionForm(), request.form)["version"], here().now()
    with here().transaction() as tx:
        visible_thread(tx, thread_id)
        reopen_thread(tx, thread_id, version, now, by=me().name)
        record(tx, me(), "thread.reopened", f"thread {thread_id}", {}, now)
    return back_to(thread_id)


@INBOX.post("/<uuid:thread_id>/owner")
@needs(May.CARE)
def own(thread_id: UUID) -> Response:
    values, now = need(ThreadOwnerForm(), request.form), here().now()
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        names = {one.person_id: one.name for one in hands_of(tx, thread)}
        owner = values["owner"]
        if owner is not None and owner not in names:
            raise InputError(problems={"owner": gettext("Choose somebody who looks after this guest.")})
        assign_thread(tx, thread_id, values["version"], owner, now, by=me().name)
        record(tx, me(), "thread.assigned", f"thread {thread_id}", {"owner": names.get(owner)}, now)
    return back_to(thread_id)


@INBOX.post("/<uuid:thread_id>/guest")
@needs(May.CARE)
def recognise_guest(thread_id: UUID) -> Response:
    """The stranger is this guest, says a person who sees both."""
    values, now = need(RecognitionForm(), request.form), here().now()
    with here().transaction() as tx:
        visible_thread(tx, thread_id)
        guest = guests.guest(tx, values["guest"], me().scope)
        if guest is None:
            raise NoGuest()
        recognise(tx, thread_id, values["version"], guest.guest_id, now, by=me().name)
        record(tx, me(), "thread.recognised", f"guest {guest.guest_id}", {"thread": str(thread_id)}, now)
        joined = thread_of(tx, guest.guest_id, me().scope)
    flash(gettext("What they wrote stands with %(name)s now.", name=guest.guest_name or gettext("the guest")))
    return back_to(joined.thread_id) if joined else redirect("/feedback/inbox", 303)


@INBOX.post("/<uuid:thread_id>/recognitions/<uuid:recognition_id>/taking-back")
@needs(May.CARE)
def take_recognition(thread_id: UUID, recognition_id: UUID) -> Response:
    """The stranger is not this guest, says a person who sees the conversation."""
    now = here().now()
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        held = recognitions.hold(tx, recognition_id)
        if held is None or held.guest_id not in same_person(tx, thread):
            raise NoRecognition()
        strangers = take_recognition_back(tx, held, now, by=me().name)
        record(tx, me(), "thread.recognition_taken_back", f"guest {held.guest_id}", {"thread": str(strangers)}, now)
        seen = queries.thread(tx, strangers, me().scope)
    flash(gettext("Taken back. What they wrote is a conversation of its own again."))
    return back_to(strangers) if seen else redirect("/feedback/inbox", 303)


@INBOX.post("/<uuid:thread_id>/snooze")
@needs(May.CARE)
def snooze(thread_id: UUID) -> Response:
    values, now = need(SnoozeForm(), request.form), here().now()
    with here().transaction() as tx:
        thread = visible_thread(tx, thread_id)
        until = Snooze(values["until"]).until(now, thread.zone) if values["until"] else None
        snooze_thread(tx, thread_id, values["version"], until, now, by=me().name)
        told = {"until": until.isoformat() if until else None}
        record(tx, me(), "thread.snoozed", f"thread {thread_id}", told, now)
    return redirect("/feedback/inbox", 303) if until else back_to(thread_id)


@INBOX.post("/<uuid:thread_id>/presence")
@needs(May.CARE)
def present(thread_id: UUID) -> Response:
    """The page says so for as long as there is something in its box; no change that anybody need trace."""
    now = here().now()
    with here().transaction() as tx:
        visible_thread(tx, thread_id)
        presence.keep(tx, thread_id, me(), now, now + PRESENT_FOR)
    return Response(status=204)
