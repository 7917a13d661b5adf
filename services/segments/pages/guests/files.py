"""A guest's file of all that is held of them: asked for, watched, downloaded. For who may, and sees all hotels."""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.segments.commands.guests import files as commands
from services.segments.pages.guests.guest import living_card_of
from services.segments.pages.guests.handing_out import file_shown, may_hand_out
from services.segments.queries.guests.page import guest_card
from shared.access.people import May
from shared.personal_data.guest_file.paper import html_of, json_of
from shared.web.access_control import me, needs
from shared.web.site import here

pages = Blueprint("segments_files", __name__, url_prefix="/segments/guests")
KINDS = {"html": ("text/html; charset=utf-8", html_of), "json": ("application/json", json_of)}


@pages.get("/<uuid:guest_id>/file")
@needs(May.HAND_OUT_FILES)
def show(guest_id: UUID) -> str:
    """The block alone: how far it is."""
    _refuse_others()
    with here().transaction() as tx:
        card = living_card_of(tx, guest_id)
        shown = file_shown(tx, guest_id)
    return render_template("_guest_file.html", guest=card, **shown)


@pages.post("/<uuid:guest_id>/file")
@needs(May.HAND_OUT_FILES)
def ask(guest_id: UUID) -> Response:
    _refuse_others()
    with here().transaction() as tx:
        living_card_of(tx, guest_id)
        commands.request_file(tx, guest_id, me(), here().now())
    flash(gettext("The file is being made. It is here in a moment."))
    return redirect(url_for("segments_guest.guest", guest_id=guest_id) + "#file", 303)


@pages.get("/files/<uuid:guest_file_id>.<any(html, json):kind>")
@needs(May.HAND_OUT_FILES)
def download(guest_file_id: UUID, kind: str) -> Response:
    _refuse_others()
    with here().transaction() as tx:
        guest_id, pieces, made_at = commands.download(tx, guest_file_id, me(), here().now())
        file = commands.file_of(tx, guest_card(tx, guest_id, me().scope), pieces, made_at)
    mimetype, write = KINDS[kind]
    response = Response(write(file), content_type=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="guest-{str(guest_id)[:8]}.{kind}"'
    return response


def _refuse_others() -> None:
    if not may_hand_out(me()):
        abort(403)
