"""Comments of colleagues on a template, or on one block of it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, request
from flask_babel import gettext
from werkzeug.wrappers import Response

from services.messaging.commands.templates import comments as commands
from services.messaging.library.readable import words_of
from services.messaging.pages.templates.routes import load
from services.messaging.schemas import CommentSaid, read
from services.messaging.store.templates import comments as store
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.web.access_control import me, needs
from shared.web.site import here

comments = Blueprint("messaging_comments", __name__, url_prefix="/messaging/templates/<key>/comments")
LONGEST_ABOUT = 80


def comments_shown(tx: Tx, key: str, document: Mapping[str, Any], language: str) -> dict[str, Any]:
    """Those there are, and what one may comment on in this language."""
    return {"comments": store.of_template(tx, key), "commented": places(document, language)}


def places(document: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """The blocks of a mail, each by its first words."""
    mail = document["locales"].get(language, {}).get("email") or {}
    found = (re.sub(r"\s+", " ", words_of(block)).strip()[:LONGEST_ABOUT] for block in mail.get("body") or [])
    return [(words, words) for words in dict.fromkeys(filter(None, found))]


@comments.post("")
@needs(May.CONFIGURE)
def say(key: str) -> Response:
    try:
        said = read(CommentSaid, request.form)
        with here().transaction() as tx:
            load(tx, key)
            commands.say(tx, key, **said, by=me(), at=here().now())
    except InputError:
        flash(gettext("Write what you want to say, in 2,000 characters at most."), "problem")
    return redirect(_back(key), 303)


@comments.post("/<uuid:comment_id>/resolution")
@needs(May.CONFIGURE)
def resolve(key: str, comment_id: UUID) -> Response:
    with here().transaction() as tx:
        commands.resolve(tx, key, comment_id, by=me(), at=here().now())
    return redirect(_back(key), 303)


def _back(key: str) -> str:
    language = request.form.get("language", "")
    asked = f"?language={language}" if re.fullmatch(r"[A-Za-z-]{2,12}", language) else ""
    return f"/messaging/templates/{key}/edit{asked}#comments"
