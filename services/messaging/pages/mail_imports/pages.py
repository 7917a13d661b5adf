"""Which mails were brought from elsewhere, and what becomes of one?"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.messaging.channels.email.incoming.reading import LARGEST, Incoming, Why, decoded
from services.messaging.commands.templates import mail_imports as commands
from services.messaging.pages.mail_imports.pictures import take_pictures
from services.messaging.pages.messages import framed, without_secrets
from services.messaging.pages.templates import drafting
from services.messaging.pages.templates.inserts import INSERTS
from services.messaging.pages.templates.problem_words import in_words
from services.messaging.pages.templates.routes import language_choices
from services.messaging.pages.templates.segment_choices import load_segment_choices, own_date_values
from services.messaging.queries.templates import versions as queries
from services.messaging.schemas import MadeTemplate, read
from services.messaging.store.templates import mail_imports as store
from services.messaging.wording.values import KNOWN
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError, NotFound, Problem
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs
from shared.web.site import here

mail_imports = Blueprint("messaging_mail_imports", __name__, url_prefix="/messaging/mail-imports")
Answer = Response | tuple[str, int]
PROBLEMS: Mapping[str, Any] = {
    "missing": _l("Choose a file, or paste a mail."),
    "too_large": _l("It is larger than 400 kB; a mail of this size is cut by Gmail."),
    "no_mail": _l("This is no HTML and no MJML that a mail could be made of."),
}
WHY: Mapping[Why, Any] = {
    Why.NO_MAIL: _l("mails cannot hold it"),
    Why.FOOTER: _l("our own footer has the way out"),
    Why.PIXEL: _l("it counts who opens the mail"),
    Why.TAG: _l("no value of ours stands for it"),
    Why.STYLE: _l("rules for small screens and pointers; the rest of the style sheet stands at its elements"),
}
"""Why something was left out."""


class NoImport(NotFound):
    """This mail is not here any more."""


@mail_imports.get("")
@needs(May.CONFIGURE)
def index() -> str:
    return _index({})


@mail_imports.post("")
@needs(May.CONFIGURE)
def bring() -> Answer:
    try:
        upload = request.files.get("file")
        file = upload.read(LARGEST + 1) if upload and upload.filename else b""
        text = decoded(file or request.form.get("text", "").encode())
        name = PurePath((upload and upload.filename) or "").stem.strip() or gettext("A mail that was pasted")
        with here().transaction() as tx:
            import_id = commands.bring_mail(tx, name, text, by=me(), at=here().now())
    except InputError as error:
        problem = error.problems["file"]
        words = PROBLEMS[problem.code] if isinstance(problem, Problem) else PROBLEMS["no_mail"]
        return _index({"file": str(words)}), 422
    return redirect(f"/messaging/mail-imports/{import_id}", 303)


def _index(problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        found = store.listed(tx)
    return render_template("mail_imports.html", imports=found, problems=problems, text=request.form.get("text", ""))


@mail_imports.get("/<uuid:import_id>")
@needs(May.CONFIGURE)
def show(import_id: UUID) -> str:
    load_segment_choices()
    with here().transaction() as tx:
        return _page(tx, _found(tx, import_id), {})


def _page(tx: Tx, found: store.MailImport, problems: Mapping[str, str]) -> str:
    incoming = commands.read_again(found)
    inserts = [(name, str(INSERTS[name])) for name in KNOWN if name != "links.confirm"]
    inserts += own_date_values().items()
    templates = [(one.key, one.document["name"]) for one in queries.listed(tx)]
    return render_template(
        "mail_import.html",
        brought=found,
        incoming=incoming,
        why=WHY,
        fault=in_words(incoming.fault) if incoming.fault else "",
        values=[("", gettext("nothing: it is left out")), *inserts],
        chosen={tag.text: found.choices.get(tag.text, tag.proposed) for tag in incoming.tags},
        templates=templates,
        languages_=language_choices(),
        typed=request.form or {"name": incoming.subject or found.name, "language": "en", "purpose": "marketing"},
        problems=problems,
    )


@mail_imports.post("/<uuid:import_id>")
@needs(May.CONFIGURE)
def decide(import_id: UUID) -> Response:
    """Which value stands where another program wrote one of its own."""
    chosen = dict(zip(request.form.getlist("tag"), request.form.getlist("value"), strict=False))
    with here().transaction() as tx:
        commands.choose_values(tx, _found(tx, import_id), chosen)
    return redirect(f"/messaging/mail-imports/{import_id}#values", 303)


@mail_imports.post("/<uuid:import_id>/pictures")
@needs(May.CONFIGURE)
def fetch(import_id: UUID) -> Response:
    """Outside a transaction: each is asked of the server it lies on."""
    with here().transaction() as tx:
        found = _found(tx, import_id)
    addresses = commands.read_again(found).pictures
    taken, failed = take_pictures(addresses)
    with here().transaction() as tx:
        store.note_pictures(tx, import_id, taken)
    if failed:
        named = ", ".join(failed[:5])
        flash(gettext("These could not be fetched; hand them in by yourself: %(named)s", named=named), "problem")
    return redirect(f"/messaging/mail-imports/{import_id}#pictures", 303)


@mail_imports.get("/<uuid:import_id>/preview")
@needs(May.CONFIGURE)
def preview(import_id: UUID) -> Response:
    """The mail alone, for a frame, as blocks or as source."""
    with here().transaction() as tx:
        incoming = commands.read_again(_found(tx, import_id))
        part = commands.part_of(incoming, as_blocks=request.args.get("as") == "blocks")
        part["subject"] = part["subject"] or "–"
        document = {"key": "import", "name": "–", "purpose": "marketing", "locales": {"en": {"email": part}}}
        shown = drafting.preview(tx, document, "en", Channel.EMAIL, None)
    page = shown.rendered.html if shown.rendered else None
    return framed(without_secrets(page) if page else render_template("_no_preview.html", problem=shown.problem))


@mail_imports.post("/<uuid:import_id>/template")
@needs(May.CONFIGURE)
def make(import_id: UUID) -> Answer:
    load_segment_choices()
    with here().transaction() as tx:
        found = _found(tx, import_id)
        try:
            asked = read(MadeTemplate, request.form)
            incoming: Incoming = commands.read_again(found)
            as_blocks = asked["kind"] == "blocks"
            commands.check_fault(incoming, as_blocks=as_blocks)
            if asked["into"] and not queries.one(tx, asked["into"]):
                raise NoImport()
            if not asked["into"] and not asked["name"]:
                raise InputError(None, {"name": "is missing"})
            part = commands.part_of(incoming, as_blocks=as_blocks)
            key = commands.make_template(
                tx, found, asked["into"] or "", asked["name"] or "", asked["purpose"], asked["language"], part,
                by=me(), at=here().now(),
            )  # fmt: skip
        except InputError as error:
            return _page(tx, found, error.problems), 422
    return redirect(f"/messaging/templates/{key}/edit?language={asked['language']}", 303)


@mail_imports.post("/<uuid:import_id>/removal")
@needs(May.CONFIGURE)
def remove(import_id: UUID) -> Response:
    with here().transaction() as tx:
        store.drop(tx, import_id)
    flash(gettext("The mail that was brought is deleted."))
    return redirect("/messaging/mail-imports", 303)


def _found(tx: Tx, import_id: UUID) -> store.MailImport:
    return store.one(tx, import_id) or abort(404)
