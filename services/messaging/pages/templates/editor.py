"""The editor of a template: a draft, language by language, with its problems and its preview, until it is published."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Blueprint, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from werkzeug.wrappers import Response

from services.messaging.channels.registry import CHANNELS
from services.messaging.channels.sandbox import SandboxSender
from services.messaging.channels.sender import Outgoing
from services.messaging.commands.templates import drafts as commands
from services.messaging.commands.templates.saved_blocks import in_language
from services.messaging.pages.blocks import told
from services.messaging.pages.blocks.form import typed_blocks
from services.messaging.pages.blocks.kinds import KINDS, WHOLE_ROWS, kind_of
from services.messaging.pages.offers.labels import live_offers
from services.messaging.pages.templates import drafting
from services.messaging.pages.templates.audience import told_when_published
from services.messaging.pages.templates.comments import comments_shown
from services.messaging.pages.templates.four_eyes import approval_shown
from services.messaging.pages.templates.inserts import inserts_of, sources_of
from services.messaging.pages.templates.own_tests import channels_of_tests
from services.messaging.pages.templates.problem_words import in_words
from services.messaging.pages.templates.routes import LANGUAGES, language_choices, look_choices
from services.messaging.pages.templates.segment_choices import (
    load_segment_choices,
    load_segments_of,
    own_date_values,
    own_dates,
)
from services.messaging.pages.whatsapp.approved_text import with_approved_text
from services.messaging.queries.templates import versions as queries
from services.messaging.schemas import TestAsked, read
from services.messaging.store.templates import saved_blocks
from services.messaging.store.templates.drafts import Draft
from services.messaging.wording.conditions import Comparison
from services.messaging.wording.own_dates import GROUP
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs
from shared.web.app import is_fragment
from shared.web.i18n.labels import labels
from shared.web.i18n.shipped_names import kept_name, shown_name
from shared.web.site import here

editor = Blueprint("messaging_editor", __name__, url_prefix="/messaging/templates/<key>")
Answer = str | Response | tuple[str, int]


@editor.get("/edit")
@needs(May.CONFIGURE)
def edit(key: str) -> str:
    _load_segments()
    with here().transaction() as tx:
        found = commands.draft_to_see(tx, key, by=me(), at=here().now())
        return page(tx, found, _language(found))


def _load_segments() -> None:
    """What the form and the preview have to know of segments."""
    if not is_fragment() or any(GROUP in value for value in request.form.values()):
        load_segment_choices()
    load_segments_of(request.values.get("guest"))


def page(tx: Tx, found: Draft, language: str, typed: dict[str, str] | None = None, problem: str = "") -> str:
    """`typed`: kept where it could not be saved."""
    template = "_editor_beside.html" if is_fragment() else "template_edit.html"
    shown = typed or _typed(found, language)
    who = drafting.reader_of(tx, request.values.get("guest"), me().scope)
    words = request.values.get("q", "").strip()
    body = told.body_of(shown)
    advised = drafting.advice_of(tx, found.document)
    return render_template(
        template,
        body=body,
        kinds=KINDS,
        kind_of=kind_of,
        whole_rows=WHOLE_ROWS,
        looks=look_choices(),
        fragment=is_fragment(),
        saved_blocks=saved_blocks.seen(tx, me().scope),
        block_problems=told.block_problems(found.document, language),
        conditions=told.COMPARED_NAMES,
        comparisons=labels(Comparison),
        told="" if is_fragment() else told.told(found.document, language, body),
        draft=found,
        reads=language,
        tags=list(found.document["locales"]),
        typed=shown,
        problem=problem,
        problems=drafting.problems_of(tx, found.document),
        advice=advised.by_field,
        raw=advised.raw,
        inserts=inserts_of(found.document, own_date_values()),
        sources=sources_of(language),
        field_names=drafting.field_names(),
        fields={channel: parts.text.fields for channel, parts in CHANNELS.items()},
        views=drafting.views(),
        others=language_choices(list(found.document["locales"])),
        previews=drafting.previews(tx, found.document, language, who),
        fallback=drafting.fallback(list(found.document["locales"])),
        offers=live_offers(tx, found.document.get("offer")),
        test_channels=channels_of_tests(tx),
        **({} if is_fragment() else comments_shown(tx, found.key, found.document, language)),
        **approval_shown(tx, found),
        who=who,
        q=words,
        readers=queries.readers(tx, words, me().scope) if words else [],
    )


def _typed(found: Draft, language: str) -> dict[str, str]:
    locale: dict[str, Any] = found.document["locales"].get(language, {})
    typed = {"name": shown_name(found.document["name"]), "offer": found.document.get("offer") or ""}
    for channel, parts in CHANNELS.items():
        typed |= parts.text.typed(locale.get(channel, {}))
    return typed


def _language(found: Draft) -> str:
    tags = list(found.document["locales"])
    asked = request.values.get("language", "")
    return asked if asked in tags else ("en" if "en" in tags or not tags else tags[0])


@editor.post("/edit")
@needs(May.CONFIGURE)
def save(key: str) -> Answer:
    """Saved as one writes (htmx), or by the button."""
    return _save(key, request.form.to_dict())


@editor.post("/edit/approved-text")
@needs(May.CONFIGURE)
def fetch_approved_text(key: str) -> Answer:
    """What Twilio tells of the ContentSid takes the place of the text; what fills it stays. All is saved."""
    return _save(key, with_approved_text(request.form.to_dict()))


def _save(key: str, typed: dict[str, str]) -> Answer:
    _load_segments()
    with here().transaction() as tx:
        found, language = commands.draft_of(tx, key, by=me(), at=here().now()), request.form.get("language", "")
        if language not in found.document["locales"]:
            return redirect(f"/messaging/templates/{key}/edit", 303)
        if (typed.get("draft_version"), typed.get("base", str(found.base))) != (str(found.version), str(found.base)):
            problem = gettext(
                "Somebody else changed this draft meanwhile. What you typed still stands here; copy it first."
            )
            return page(tx, found, language, typed, problem), 200 if is_fragment() else 409
        if (blocks := typed_blocks(request.form, _saved(tx, language))) is not None:
            typed["blocks"] = blocks
        typed["name"] = kept_name(typed.get("name", "").strip(), found.document["name"])
        commands.write_language(tx, found, language, typed, by=me(), at=here().now())
        if is_fragment():
            return page(tx, commands.draft_of(tx, key, by=me(), at=here().now()), language)
    if typed.get("then") == "publish":
        return publish(key)
    if typed.get("do"):
        return redirect(f"{_address(key, language)}#f-body", 303)
    flash(gettext("The draft is saved."))
    return redirect(_address(key, language), 303)


def _saved(tx: Tx, language: str) -> list[Any]:
    """The kept blocks that a button of the plain list asks for."""
    verb, _, rest = request.form.get("do", "").partition(" ")
    try:
        found = saved_blocks.one(tx, UUID(rest.partition(" ")[2]), me().scope) if verb == "saved" else None
    except ValueError:
        return []
    return in_language(found, language) if found else []


@editor.post("/languages")
@needs(May.CONFIGURE)
def add_language(key: str) -> Response:
    language = request.form.get("add", "")
    with here().transaction() as tx:
        found = commands.draft_of(tx, key, by=me(), at=here().now())
        if language in LANGUAGES:
            commands.add_language(tx, found, language, by=me(), at=here().now())
    return redirect(_address(key, language), 303)


@editor.post("/languages/<tag>/removal")
@needs(May.CONFIGURE)
def remove_language(key: str, tag: str) -> Response:
    with here().transaction() as tx:
        found = commands.draft_of(tx, key, by=me(), at=here().now())
        if len(found.document["locales"]) > 1:
            commands.remove_language(tx, found, tag, by=me(), at=here().now())
    return redirect(f"/messaging/templates/{key}/edit", 303)


def publish(key: str) -> Answer:
    load_segment_choices()
    own, now = drafting.own_origins(), here().now()
    try:
        with here().transaction() as tx:
            template = commands.publish_draft(tx, key, by=me(), at=now, own=own, dates=own_dates())
    except InputError as error:
        problem = ngettext(
            "It cannot be published yet: %(num)d place needs a change.",
            "It cannot be published yet: %(num)d places need a change.",
            len(error.problems) or 1,
        )
        problem = " ".join((problem, *map(in_words, list(error.problems.values())[:1])))
        return _edit_again(key, problem), 422
    flash(gettext("Published as version %(number)s. Everything sent from now on uses it.", number=template.version))
    with here().transaction() as tx:
        for sentence in told_when_published(tx, queries.document_of(tx, key, template.version) or {}):
            flash(sentence)
    return redirect(f"/messaging/templates/{key}", 303)


def _edit_again(key: str, problem: str) -> str:
    with here().transaction() as tx:
        found = commands.draft_of(tx, key, by=me(), at=here().now())
        wrong = next((tag for tag in drafting.problems_of(tx, found.document) if tag), _language(found))
        return page(tx, found, wrong, problem=problem)


@editor.post("/formatting")
@needs(May.CONFIGURE)
def read_as_formatting(key: str) -> Response:
    """Places of the draft, parted by blanks, whose marks or tags guests would read as they stand."""
    with here().transaction() as tx:
        found = commands.draft_of(tx, key, by=me(), at=here().now())
        commands.format_places(tx, found, request.form.get("place", "").split(), by=me(), at=here().now())
    return redirect(_address(key, _language(found)), 303)


@editor.post("/draft/removal")
@needs(May.CONFIGURE)
def drop(key: str) -> Response:
    with here().transaction() as tx:
        commands.drop_draft(tx, key, by=me(), at=here().now())
        there = queries.one(tx, key)
    flash(gettext("The draft was deleted."))
    return redirect(f"/messaging/templates/{key}" if there else "/messaging/templates", 303)


@editor.post("/tests")
@needs(May.CONFIGURE)
def try_out(key: str) -> Response:
    """The draft as a guest would get it, in the sandbox."""
    channel = Channel(read(TestAsked, request.form)["channel"])
    now = here().now()
    with here().transaction() as tx:
        found = commands.draft_of(tx, key, by=me(), at=here().now())
        language = _language(found)
        who = drafting.reader_of(tx, request.form.get("guest"), me().scope)
        shown = drafting.preview(tx, found.document, language, channel, who)
    if shown.rendered is None:
        flash(shown.problem, "problem")
        return redirect(_address(key, language), 303)
    message_id = make_id("test", key, found.version, language, channel, me().person_id, now.isoformat())
    test = Outgoing(
        message_id=message_id,
        channel=channel,
        to=me().name,
        text=shown.rendered.text,
        at=now,
        purpose=found.document["purpose"],
        language=language,
        subject=shown.rendered.subject,
        html=shown.rendered.html,
        from_name=gettext("a test by %(name)s", name=me().name),
    )
    SandboxSender(here().database).send([test])
    return redirect(f"/messaging/messages/{message_id}", 303)


def _address(key: str, language: str) -> str:
    guest = request.form.get("guest", "")
    return f"/messaging/templates/{key}/edit?language={language}" + (f"&guest={guest}" if guest else "")
