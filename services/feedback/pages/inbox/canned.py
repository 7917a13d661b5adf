"""What is answered often: canned answers of a hotel or of all, in the languages of guests."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID, uuid4

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.feedback.commands.inbox.canned import NameTaken, write_canned
from services.feedback.pages.cases.seen import form_with_problems
from services.feedback.pages.inbox.forms import CannedForm
from services.feedback.pages.inbox.pictures import handed_in
from services.feedback.pages.inbox.values_in_words import as_kept, in_words, words_of_values
from services.feedback.rules.inbox import LONGEST, unknown_values
from services.feedback.schemas import read
from services.feedback.store.inbox import canned as store
from shared.access.audit import record
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import NotFound
from shared.pictures.scaling import LARGEST_FILE
from shared.vocabulary.channel import Channel
from shared.vocabulary.guest_language import GUEST_LANGUAGES
from shared.web.access_control import me, my_hotels, needs
from shared.web.bodies import OF_A_PAGE, takes_files
from shared.web.site import here

CANNED = Blueprint("feedback_canned", __name__, url_prefix="/feedback/inbox/canned")


class NoCanned(NotFound):
    """There is no such canned answer here."""


@CANNED.get("")
@needs(May.CLOSE_CASES)
def show() -> str:
    """The list, with the form of a new one or of one that is changed."""
    with here().transaction() as tx:
        return _page(tx, _typed_of(tx, request.args.get("change", "")), {})


@CANNED.post("")
@needs(May.CLOSE_CASES)
@takes_files(LARGEST_FILE + OF_A_PAGE)
def write() -> Response:
    """A picture is made small before a transaction is open."""
    values, problems = read(CannedForm(), request.form)
    texts, wrong = _texts()
    picture, unusable = handed_in()
    problems, now = {**problems, **wrong, **unusable}, here().now()
    with here().transaction() as tx:
        if not problems:
            hotel = _hotel(tx, values["id"], values["version"], values["hotel"])
            try:
                write_canned(tx, values["id"], values["version"], hotel, values["name"], texts, now, by=me().name)
            except NameTaken:
                problems = {"name": "taken"}
        if problems:
            return form_with_problems(_page(tx, request.form, problems))
        if picture:
            store.show(tx, values["id"], picture.media_type, picture.content)
        elif values["bare"]:
            store.show(tx, values["id"], None, None)
        told = {"name": values["name"], "languages": sorted(texts)}
        record(tx, me(), "canned_answer.written", f"canned_answer {values['id']}", told, now)
    flash(gettext("Saved."))
    return redirect("/feedback/inbox/canned", 303)


@CANNED.post("/<uuid:canned_id>/removal")
@needs(May.CLOSE_CASES)
def remove(canned_id: UUID) -> Response:
    now = here().now()
    with here().transaction() as tx:
        _mine(tx, canned_id)
        store.remove(tx, canned_id)
        record(tx, me(), "canned_answer.removed", f"canned_answer {canned_id}", {}, now)
    flash(gettext("Removed."))
    return redirect("/feedback/inbox/canned", 303)


def _texts() -> tuple[dict[str, str], dict[str, str]]:
    """By language what was typed, and what is wrong with it."""
    typed = {tag: as_kept(request.form.get(f"text_{tag}", "").strip()) for tag in GUEST_LANGUAGES}
    texts = {tag: text for tag, text in typed.items() if text}
    wrong = {f"text_{tag}": "unknown_value" for tag, text in texts.items() if unknown_values(text)}
    wrong |= {f"text_{tag}": "too_long" for tag, text in texts.items() if len(text) > LONGEST[Channel.EMAIL]}
    return texts, wrong if texts else {"text_en": "empty"}


def _hotel(tx: Tx, canned_id: UUID, version: int, wanted: str | None) -> str | None:
    """Whose it is; of one that is there already it does not change. Raises `NoCanned` for what is not this person's."""
    if version:
        return _mine(tx, canned_id).property
    if wanted not in me().scope:
        raise NoCanned()
    return wanted


def _mine(tx: Tx, canned_id: UUID) -> store.Canned:
    """One that this person may change: what every hotel has is changed by whoever sees them all."""
    found = store.find(tx, canned_id)
    if found is None or found.property not in me().scope:
        raise NoCanned()
    return found


def _typed_of(tx: Tx, canned_id: str) -> Mapping[str, str]:
    """The form of the one that is changed, else of a new one."""
    try:
        found = _mine(tx, UUID(canned_id)) if canned_id else None
    except ValueError:
        raise NoCanned() from None
    if found is None:
        return {"id": str(uuid4()), "version": "0"}
    texts = {f"text_{tag}": in_words(text) for tag, text in found.texts.items()}
    shown = {"is_pictured": "1"} if found.is_pictured else {}
    return {"id": str(found.answer_id), "version": str(found.version), "name": found.name, **shown, **texts}


def _page(tx: Tx, typed: Mapping[str, str], problems: Mapping[str, str]) -> str:
    houses = [(one.code, one.name) for one in my_hotels()]
    if me().scope.everywhere:
        houses = [("", gettext("Every hotel")), *houses]
    return render_template(
        "canned.html",
        every=store.listed(tx, me().scope),
        houses=houses,
        names={one.code: one.name for one in my_hotels()},
        languages=GUEST_LANGUAGES,
        values=words_of_values(),
        in_words=in_words,
        typed=typed,
        problems=problems,
        mine=lambda one: one.property in me().scope,
    )
