"""Blocks kept under a name: which are there, and one kept, put into a mail, called otherwise or deleted."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.templates import saved_blocks as commands
from services.messaging.pages.blocks.form import typed_blocks
from services.messaging.pages.blocks.kinds import KINDS, kind_of
from services.messaging.pages.blocks.told import body_of, pages_of
from services.messaging.store.templates import saved_blocks as store
from services.messaging.store.templates.drafts import draft
from shared.access.people import May
from shared.errors import Conflict, InputError, NotFound
from shared.web.access_control import me, my_hotels, needs
from shared.web.site import here

saved = Blueprint("messaging_saved_blocks", __name__, url_prefix="/messaging/saved-blocks")
Answer = Response | tuple[str, int] | tuple[Response, int]


class NoSavedBlock(NotFound):
    """These blocks are not kept any more."""


@saved.get("")
@needs(May.CONFIGURE)
def index() -> str:
    return _page({})


@saved.get("/choices")
@needs(May.CONFIGURE)
def choices() -> Response:
    """For the editor of a mail, in the language that is written there."""
    language = request.args.get("language", "en")
    with here().transaction() as tx:
        found = store.seen(tx, me().scope)
    written = [commands.in_language(one, language) for one in found]
    shown = [
        {"name": one.name, "hotel": one.hotel, "blocks": blocks} for one, blocks in zip(found, written, strict=True)
    ]
    return jsonify(saved=shown, pages=pages_of([block for one in written for block in one]))


@saved.post("")
@needs(May.CONFIGURE)
def keep() -> Answer:
    """From a script: `blocks`, of which `count` from `first` on are kept as `name`. From the plain list: the form of
    the whole editor, whose button says which."""
    key, language = request.args.get("key", ""), request.form.get("language", "")
    body = body_of({"blocks": typed_blocks(request.form) or request.form.get("blocks", "[]")})
    place = request.form.get("do", "").removeprefix("keep ").strip("/")
    first = _number(place or request.form.get("first", ""))
    name = request.form.get(f"keep:/{place}" if place else "name", "").strip()
    hotel = request.form.get("hotel") or None
    if hotel is not None and hotel not in {one.code for one in my_hotels()}:
        abort(404)
    blocks = body[first : first + max(_number(request.form.get("count", "1")), 1)]
    try:
        with here().transaction() as tx:
            written = draft(tx, key)
            locales = written.document["locales"] if written else {}
            bodies = commands.along(locales, language, blocks, first)
            commands.save_blocks(tx, name, hotel, bodies, by=me(), at=here().now())
    except InputError as error:
        words = _in_words(error)
        return (jsonify(problem=words), 422) if _wants_json() else (_page({"name": words}), 422)
    if _wants_json():
        return jsonify(kept=name), 201
    flash(gettext("Kept as «%(name)s».", name=name))
    return redirect(
        f"/messaging/templates/{key}/edit?language={language}#f-body" if written else "/messaging/saved-blocks", 303
    )


@saved.post("/<uuid:block_id>")
@needs(May.CONFIGURE)
def rename(block_id: UUID) -> Answer:
    try:
        with here().transaction() as tx:
            found = store.one(tx, block_id, me().scope)
            if found is None:
                raise NoSavedBlock()
            name = request.form.get("name", "").strip()
            commands.rename_blocks(tx, found, _number(request.form.get("version", "")), name, by=me(), at=here().now())
    except InputError as error:
        return _page({str(block_id): _in_words(error)}), 422
    except Conflict:
        taken = gettext("Another one is called so, or somebody changed it meanwhile.")
        return _page({str(block_id): taken}), 409
    flash(gettext("Saved."))
    return redirect("/messaging/saved-blocks", 303)


@saved.post("/<uuid:block_id>/removal")
@needs(May.CONFIGURE)
def remove(block_id: UUID) -> Response:
    with here().transaction() as tx:
        if found := store.one(tx, block_id, me().scope):
            commands.drop_blocks(tx, found, by=me(), at=here().now())
    flash(gettext("It is deleted. Mails that have a copy of it keep it."))
    return redirect("/messaging/saved-blocks", 303)


def _page(problems: dict[str, str]) -> str:
    with here().transaction() as tx:
        found = store.seen(tx, me().scope)
    hotels = {hotel.code: hotel.name for hotel in my_hotels()}
    return render_template("saved_blocks.html", saved=found, kinds=_kinds, hotels_=hotels, problems=problems)


def _kinds(one: store.SavedBlock) -> list[Any]:
    """What the blocks are called, in their order."""
    blocks = next(iter(one.bodies.values()))
    return [KINDS[kind].label for block in blocks if (kind := kind_of(block))]


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 6 else 0


def _in_words(error: InputError) -> str:
    if "blocks" in error.problems:
        return gettext("Only blocks without a fault can be kept, ten at most.")
    if error.problems.get("name") == "is taken":
        return gettext("Another one is called so.")
    return gettext("Give it a name of up to %(most)s characters.", most=commands.LONGEST_NAME)


def _wants_json() -> bool:
    return request.accept_mimetypes.best_match(("text/html", "application/json")) == "application/json"
