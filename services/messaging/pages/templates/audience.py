"""Before a template is published: which of its values are missing for how many of those who would read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from flask import Blueprint, render_template
from flask_babel import gettext

from services.messaging.library.documents import Template, read_template
from services.messaging.library.gaps import Counted, Gap, gaps
from services.messaging.library.needs import Instead
from services.messaging.pages.template_context import heading, journey_name
from services.messaging.pages.templates.inserts import value_in_words
from services.messaging.pages.templates.routes import load
from services.messaging.pages.templates.segment_choices import load_segment_choices
from services.messaging.queries.templates.audience import audience
from services.messaging.store.guest_segments import incomplete
from services.messaging.store.templates.drafts import draft
from services.messaging.store.templates.journey_uses import uses_of
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.vocabulary.channel import Channel
from shared.web.access_control import needs, scope
from shared.web.app import is_fragment
from shared.web.i18n.formatting import number
from shared.web.i18n.languages import language_name
from shared.web.site import here

audience_page = Blueprint("messaging_audience", __name__, url_prefix="/messaging/templates/<key>/audience")
MOST_TOLD = 3


@dataclass(frozen=True)
class Look:
    """`readers`: by channel, guests by the language they read. `of`: of whom they are, in words. `problem`: why nothing
    can be counted yet."""

    readers: Mapping[Channel, Counter[str]]
    gaps: list[Gap]
    of: str = ""
    problem: str = ""


@dataclass(frozen=True)
class Readers:
    """`segments`: whose members they are; None: everybody whom a text of this purpose may reach."""

    segments: tuple[str, ...] | None
    words: str


@audience_page.get("")
@needs(May.CONFIGURE)
def show(key: str) -> str:
    """Of the draft, where there is one."""
    load_segment_choices()
    with here().transaction() as tx:
        found = load(tx, key)
        written = draft(tx, key)
        looked = look(tx, written.document if written else found.document)
    template = "_audience.html" if is_fragment() else "template_audience.html"
    return render_template(template, template=found, looked=looked, in_words=in_words, is_draft=bool(written))


def look(tx: Tx, document: Mapping[str, Any]) -> Look:
    try:
        template = read_template(document, version=1)
    except InputError:
        return Look({}, [], problem=gettext("It can be counted once what is to be changed is changed."))
    of = readers(tx, template.key)
    return Look(*gaps(template, partial(_count, tx, template, of.segments)), of.words)


def readers(tx: Tx, key: str) -> Readers:
    """The guests of the journeys that run and send it: who is in the segments by which they are entered now. Everybody,
    while no journey sends it, one is entered by something else, or a segment's members are not all known yet."""
    uses = uses_of(tx, key)
    if not uses:
        return Readers(None, gettext("No journey that runs sends it: these are all whom it might be sent to."))
    names = ", ".join(f"«{journey_name(use.journey)}»" for use in uses)
    segments = tuple(sorted({use.entry for use in uses}))
    if "" in segments:
        of = gettext("Sent by %(journeys)s, for which no segment is needed: these are all whom it might be sent to.")
        return Readers(None, of % {"journeys": names})
    if incomplete(tx, segments):
        of = gettext("Who is in the segments of %(journeys)s is being told: until then all are counted.")
        return Readers(None, of % {"journeys": names})
    return Readers(segments, gettext("Guests of %(journeys)s: who is in their segments today.", journeys=names))


def _count(
    tx: Tx, template: Template, segments: Collection[str] | None, channel: Channel, values: Collection[str]
) -> Counted:
    found = audience(tx, template.purpose, channel, values, here().now().date(), scope(), segments)
    return found.guests, found.lacking


def in_words(gap: Gap) -> str:
    """One sentence: first name: missing for 214 of 9,871; they read «guest»."""
    need = gap.need
    language, channel = language_name(need.language), heading(need.channel)
    said = {
        "value": value_in_words(need.value),
        "where": gettext("%(language)s, %(channel)s", language=language, channel=channel),
        "missing": number(gap.missing),
        "guests": number(gap.guests),
        "words": need.words,
    }
    match need.instead:
        case Instead.WORDS if need.words:
            return gettext(
                "%(where)s: %(value)s is missing for %(missing)s of %(guests)s; they read «%(words)s».", **said
            )
        case Instead.NO_BLOCK:
            return gettext(
                "%(where)s: %(value)s is missing for %(missing)s of %(guests)s; its block is not shown.", **said
            )
        case Instead.NO_MESSAGE:
            return gettext(
                "%(where)s: %(value)s is missing for %(missing)s of %(guests)s; nothing is sent to them.", **said
            )
        case _:
            return gettext(
                "%(where)s: %(value)s is missing for %(missing)s of %(guests)s; they read it without.", **said
            )


def told_when_published(tx: Tx, document: Mapping[str, Any]) -> list[str]:
    """The first of it, for whoever has just published."""
    return [in_words(gap) for gap in look(tx, document).gaps[:MOST_TOLD]]
