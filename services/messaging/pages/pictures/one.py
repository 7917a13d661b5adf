"""What does this picture show, where is it used, and can it go?"""

from __future__ import annotations

from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.pictures.keeping import delete_picture
from services.messaging.commands.pictures.library import LONGEST_ALT, LONGEST_NAME, StillShown, describe_picture
from services.messaging.pages.pictures import object_store
from services.messaging.queries.templates import pictures as queries
from services.messaging.rules.pictures import picture_url
from services.messaging.store.offers import offers
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import Conflict, InputError, NotFound
from shared.web.access_control import me, needs
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from shared.web.site import here

one = Blueprint("messaging_picture", __name__, url_prefix="/messaging/pictures/<uuid:library_id>")
Answer = Response | tuple[str, int]


class NoPicture(NotFound):
    """There is no such picture in the library any more."""


@one.get("")
@needs(May.CONFIGURE)
def show(library_id: UUID) -> str:
    with here().transaction() as tx:
        return _page(tx, library_id)


@one.post("")
@needs(May.CONFIGURE)
def describe(library_id: UUID) -> Answer:
    seen = request.form.get("version", "")
    try:
        with here().transaction() as tx:
            _visible(tx, library_id)
            describe_picture(
                tx,
                library_id,
                int(seen) if seen.isascii() and seen.isdecimal() and len(seen) < 10 else 0,
                request.form.get("name", "").strip(),
                {tag: request.form.get(f"alt.{tag}", "").strip() for tag in GUEST_LANGUAGES},
                here().now(),
                by=me(),
            )
    except (InputError, Conflict) as error:
        problems = _in_words(error.problems) if isinstance(error, InputError) else {"version": _meanwhile()}
        with here().transaction() as tx:
            return _page(tx, library_id, problems), 422 if isinstance(error, InputError) else 409
    flash(gettext("Saved."))
    return redirect(f"/messaging/pictures/{library_id}", 303)


@one.post("/removal")
@needs(May.CONFIGURE)
def remove(library_id: UUID) -> Answer:
    with here().transaction() as tx:
        _visible(tx, library_id)
    try:
        delete_picture(here().database, object_store(), library_id, here().now(), me())
    except StillShown:
        problem = gettext("It stays: wordings that were published, a draft, a saved block or an offer show it.")
        with here().transaction() as tx:
            return _page(tx, library_id, {"removal": problem}), 409
    flash(gettext("The picture is deleted."))
    return redirect("/messaging/pictures", 303)


def _visible(tx: Tx, library_id: UUID) -> queries.Shelved:
    found = queries.one(tx, library_id, me().scope)
    if found is None:
        raise NoPicture()
    return found


def _page(tx: Tx, library_id: UUID, problems: dict[str, str] | None = None) -> str:
    """What was typed is kept where it could not be saved."""
    found = _visible(tx, library_id)
    typed = request.form if problems and "name" in request.form else None
    return render_template(
        "picture.html",
        picture=found,
        url=picture_url("", found.file),
        uses=queries.used_in(tx, found.sha),
        offers=offers.showing(tx, found.sha),
        name=typed["name"] if typed else found.name,
        alt={tag: typed.get(f"alt.{tag}", "") if typed else found.alt.get(tag, "") for tag in GUEST_LANGUAGES},
        version=request.form.get("version", found.version) if typed else found.version,
        languages=GUEST_LANGUAGES,
        longest=(LONGEST_NAME, LONGEST_ALT),
        problems=problems or {},
    )


def _in_words(problems: object) -> dict[str, str]:
    assert isinstance(problems, dict)
    long = gettext("Make it shorter than %(most)s characters.", most=LONGEST_ALT)
    name = gettext("Give it a name of up to %(most)s characters.", most=LONGEST_NAME)
    return {field: name if field == "name" else long for field in problems}


def _meanwhile() -> str:
    return gettext("Somebody else changed this picture meanwhile. What you typed still stands here; copy it first.")
