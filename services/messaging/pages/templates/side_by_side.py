"""A template in all its languages at once, side by side, as an example guest or a real one would read it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request

from services.messaging.pages.templates import drafting
from services.messaging.pages.templates.routes import load, readers_asked
from services.messaging.pages.templates.segment_choices import load_segments_of
from services.messaging.store.templates.drafts import draft
from shared.access.people import May
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs
from shared.web.site import here

side_by_side = Blueprint("messaging_side_by_side", __name__, url_prefix="/messaging/templates/<key>/side-by-side")


@dataclass(frozen=True)
class Column:
    """`missing`: the channels that another language has."""

    language: str
    previews: dict[Channel, drafting.Preview]
    missing: list[str]


@side_by_side.get("")
@needs(May.CONFIGURE)
def show(key: str) -> str:
    """Of the draft with `draft=1`, else of the version that guests read."""
    load_segments_of(request.args.get("guest"))
    with here().transaction() as tx:
        found = load(tx, key)
        written = draft(tx, key) if request.args.get("draft") or not found.version else None
        document = written.document if written else found.document
        who = drafting.reader_of(tx, request.args.get("guest"), me().scope)
        everywhere = sorted({channel for locale in document["locales"].values() for channel in locale})
        columns = [
            Column(
                language,
                drafting.previews(tx, document, language, who, everywhere),
                [channel for channel in everywhere if channel not in locale],
            )
            for language, locale in document["locales"].items()
        ]
        more = readers_asked(tx, who)
    return render_template(
        "template_side_by_side.html",
        template=found,
        document=document,
        draft=written,
        columns=columns,
        **more,
    )
