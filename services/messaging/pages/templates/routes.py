"""What guests read: the templates there are, one in all its languages, and a new one."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from flask import Blueprint, abort, flash, redirect, render_template, request
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response

from services.messaging.channels.email.looks import LOOKS
from services.messaging.commands.pictures.keeping import add_picture
from services.messaging.commands.templates.drafts import start_template
from services.messaging.commands.unwritten import try_again
from services.messaging.library.gallery import gallery
from services.messaging.library.heroes import NotDrawn, hero
from services.messaging.pages.messages import framed, without_secrets
from services.messaging.pages.pictures import object_store
from services.messaging.pages.templates import drafting
from services.messaging.pages.templates.own_tests import tests_shown
from services.messaging.pages.templates.segment_choices import load_segments_of
from services.messaging.queries.templates import versions as queries
from services.messaging.queries.unwritten import of_template
from services.messaging.rules.pictures import file_name
from services.messaging.schemas import NewTemplate, read
from services.messaging.store.links import has_links
from services.messaging.store.templates.drafts import draft
from services.messaging.store.templates.pictures import Place
from services.messaging.wording.languages import choose_language
from shared.access.people import May
from shared.database.pool import Tx
from shared.errors import InputError
from shared.outgoing.object_store import StoreSilent
from shared.vocabulary.channel import Channel
from shared.web.access_control import me, needs, scope
from shared.web.i18n.languages import language_name
from shared.web.site import here

templates = Blueprint("messaging_templates", __name__, url_prefix="/messaging/templates")
LANGUAGES = ("en", "zh-Hans", "pt", "es", "fr", "de", "it", "nl", "ja", "ko", "zh-Hant", "pl", "ru", "ar")
WORTH_A_COLUMN = 0.02
GALLERY: Mapping[str, tuple[Any, Any]] = {
    "stay-confirmed": (_l("Your booking is confirmed"), _l("as soon as a booking comes in")),
    "pre-arrival": (_l("Before the arrival"), _l("a few days before: the stay at a glance, and wishes")),
    "upgrade": (_l("Before the arrival, something more"), _l("a week before: what the house can add")),
    "in-stay": (_l("During the stay"), _l("on the first morning: is everything as it should be?")),
    "departure": (_l("On the day of departure"), _l("in the morning: what helps on the way")),
    "post-stay-survey": (_l("The day after the stay"), _l("one question, and how to answer it")),
    "review": (_l("After a good answer"), _l("thanks, and a word for other travellers")),
    "birthday": (_l("A week before the birthday"), _l("an announcement, never a congratulation")),
    "win-back": (_l("Three months after the last stay"), _l("short and kind, without an offer")),
    "win-back-offer": (_l("Half a year after the last stay"), _l("with an offer and the guest's own code")),
    "festival": (_l("A festival"), _l("a week before one that the guest keeps")),
    "member-day": (_l("Member day"), _l("once a month: what is a member's")),
    "newsletter": (_l("News of the house"), _l("three short pieces of news")),
    "fill-the-house": (_l("Room in the weeks ahead"), _l("when less is booked than a year before")),
    "cancelled": (_l("After a cancelled booking"), _l("two days later: an open door")),
    "welcome": (_l("Welcome"), _l("to whoever signed up")),
    "tier-near": (_l("Close to the next tier"), _l("one stay is missing")),
}
"""By key of a ready template, what it is called and when it is sent."""
LOOK_NAMES: Mapping[str, Any] = {
    "calm": _l("calm: paper and serif"),
    "bright": _l("bright: colour and round corners"),
}
IN_THE_DARK = "@media (prefers-color-scheme: dark)"  # as mails say it: so it is shown to who asks for it


@templates.get("")
@needs(May.CONFIGURE)
def index() -> str:
    with here().transaction() as tx:
        listed, spoken = queries.listed(tx), queries.spoken(tx, scope())
    written = {tag for each in listed for tag in each.languages}
    spoken = _by_column(spoken, written)
    enough = max(sum(spoken.values()) * WORTH_A_COLUMN, 1)
    columns = [tag for tag, count in spoken.items() if tag in written or count >= enough]
    columns += sorted(written - set(columns))
    return render_template("templates.html", listed=listed, spoken=spoken, columns=columns[:10])


def _by_column(spoken: dict[str, int], written: set[str]) -> dict[str, int]:
    """Guests whose «zh» is written as «zh-Hans» lack nothing: they count where they read."""
    found: dict[str, int] = {}
    for tag, count in spoken.items():
        chosen = choose_language(written, tag) if written else tag
        column = chosen if chosen.split("-")[0] == tag.split("-")[0] else tag
        found[column] = found.get(column, 0) + count
    return found


@templates.get("/new")
@needs(May.CONFIGURE)
def new() -> str:
    """`begins_as`: the ready one that is chosen already."""
    return _new({"begins_as": request.args.get("begins_as", "")}, {})


def _new(typed: dict[str, str], problems: dict[str, str]) -> str:
    ready = [(one.key, f"{GALLERY[one.key][0]}: {GALLERY[one.key][1]}") for one in gallery().values()]
    return render_template(
        "template_new.html",
        typed=typed,
        problems=problems,
        languages_=language_choices(),
        ready=ready,
        looks=look_choices(),
    )


def look_choices() -> list[tuple[str, str]]:
    return [(look, str(LOOK_NAMES[look])) for look in LOOKS]


def _hero(key: str | None, look: str) -> str:
    """The file of a ready template's picture, drawn and put into the library; empty where there is none."""
    if key not in gallery():
        return ""
    try:
        picture = hero(key, LOOKS[look])
        name = gettext("Picture of «%(name)s»", name=GALLERY[key][0])
        add_picture(here().database, object_store(), picture, Place(), name, here().now(), me())
    except (NotDrawn, StoreSilent):
        return ""
    return file_name(sha256(picture.content).hexdigest(), picture.media_type)


def language_choices(without: list[str] | None = None) -> list[tuple[str, str]]:
    return [(tag, language_name(tag)) for tag in LANGUAGES if tag not in (without or [])]


@templates.post("")
@needs(May.CONFIGURE)
def start() -> Response | tuple[str, int]:
    try:
        asked = read(NewTemplate, request.form)
        asked["picture"] = _hero(asked["begins_as"], asked["look"])
        with here().transaction() as tx:
            key = start_template(tx, **asked, by=me(), at=here().now())
    except InputError as error:
        return _new(request.form.to_dict(), error.problems), 422
    return redirect(f"/messaging/templates/{key}/edit?language={asked['language']}", 303)


@templates.get("/<key>")
@needs(May.CONFIGURE)
def show(key: str) -> str | Response:
    load_segments_of(request.args.get("guest"))
    with here().transaction() as tx:
        found = load(tx, key)
        if not found.version:
            return redirect(f"/messaging/templates/{key}/edit", 303)
        document = _document(tx, found)
        language = _language(document)
        who = drafting.reader_of(tx, request.args.get("guest"), me().scope)
        previews = drafting.previews(tx, document, language, who, found.channels)
        more = {"versions": queries.versions(tx, key), "spoken": queries.spoken(tx, scope()), **readers_asked(tx, who)}
        more |= tests_shown(tx, key)
        more["has_links"] = has_links(tx, key, found.version)
        more["unwritten"] = of_template(tx, key, me().scope, here().now())
    return render_template(
        "template.html", template=found, document=document, reads=language, previews=previews,
        fallback=drafting.fallback(list(found.languages)), shown=request.args.get("version"), **more,
    )  # fmt: skip


@templates.post("/<key>/unwritten/retry")
@needs(May.CONFIGURE)
def retry(key: str) -> Response:
    with here().transaction() as tx:
        load(tx, key)
        count = try_again(tx, key, me().scope, by=me(), at=here().now())
    flash(ngettext("%(num)s message is tried again.", "%(num)s messages are tried again.", count))
    return redirect(f"/messaging/templates/{key}", 303)


def readers_asked(tx: Tx, who: queries.Reader | None) -> dict[str, Any]:
    """Whom one could try it on: those searched for."""
    words = request.args.get("q", "").strip()
    return {"who": who, "q": words, "readers": queries.readers(tx, words, me().scope) if words else []}


def load(tx: Tx, key: str) -> queries.Listed:
    found = queries.one(tx, key)
    if found is None:
        abort(404)
    return found


def _document(tx: Tx, found: queries.Listed) -> dict[str, Any]:
    """The version asked for, else the newest."""
    asked = request.args.get("version", type=int)
    if asked is None or asked == found.version:
        return found.document
    document = queries.document_of(tx, found.key, asked)
    if document is None:
        abort(404)
    return document


def _language(document: dict[str, Any]) -> str:
    tags = list(document["locales"])
    asked = request.args.get("language", "")
    return asked if asked in tags else ("en" if "en" in tags else tags[0])


@templates.get("/<key>/preview")
@needs(May.CONFIGURE)
def preview(key: str) -> Response:
    """A mail alone, for a frame: of the draft with `draft=1`, else of a version."""
    load_segments_of(request.args.get("guest"))
    with here().transaction() as tx:
        found = load(tx, key)
        written = draft(tx, key) if request.args.get("draft") else None
        document = written.document if written else _document(tx, found)
        who = drafting.reader_of(tx, request.args.get("guest"), me().scope)
        shown = drafting.preview(tx, document, request.args.get("language", "en"), Channel.EMAIL, who)
    page = shown.rendered.html if shown.rendered else None
    if page and request.args.get("dark"):
        page = page.replace(IN_THE_DARK, "@media all")
    shown_page = without_secrets(page) if page else render_template("_no_preview.html", problem=shown.problem)
    return framed(shown_page, scrolled_by_us=written is not None)
