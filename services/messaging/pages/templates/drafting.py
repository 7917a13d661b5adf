"""What the editor shows: problems at their fields, what may be inserted, and the text as a guest would read it."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.messaging.channels.registry import CHANNELS
from services.messaging.channels.text import Cost
from services.messaging.commands.sending.texts import BARCODE, QR
from services.messaging.commands.sending.told import LOGOS, PICTURES
from services.messaging.commands.templates.publish import check_offer
from services.messaging.config import Config
from services.messaging.library.advice import FORMATTING, advice
from services.messaging.library.checks import check, sample_profile
from services.messaging.library.documents import read_template
from services.messaging.library.needs import values_in
from services.messaging.library.offers import offer_words
from services.messaging.library.rendering import Library, missing_values
from services.messaging.library.segments import segments_in
from services.messaging.pages.messages import without_secrets
from services.messaging.pages.template_context import heading
from services.messaging.pages.templates.inserts import value_in_words
from services.messaging.pages.templates.problem_words import in_words
from services.messaging.pages.templates.segment_choices import own_dates, segments_of_guest
from services.messaging.queries.templates.versions import (
    Reader,
    SegmentsShown,
    colours_of_hotels,
    house_of,
    reader,
    segments_shown,
    stays_of,
)
from services.messaging.rules.offers.codes import shown
from services.messaging.store.offers.offers import offer as kept_offer
from services.messaging.wording.languages import choose_language
from services.messaging.wording.links import as_long
from services.messaging.wording.message_values import message_values
from services.messaging.wording.names import Person
from services.messaging.wording.piece import Rendered
from services.messaging.wording.sandbox import NotOfTheLanguage
from services.messaging.wording.values import Hotel, Identity, Links, Profile, StaySaid
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.errors import GuestloopError, InputError
from shared.vocabulary.channel import Channel
from shared.web.config import WebConfig
from shared.web.i18n.languages import language_name
from shared.web.site import here

Document = Mapping[str, Any]
VIEWS: Mapping[str, Any] = {
    "desk": _l("On a desk"),
    "phone": _l("On a phone"),
    "dark": _l("In the dark"),
    "plain": _l("As plain text"),
}
"""How a mail is looked at in the editor, one at a time."""
FIELD_NAMES: Mapping[str, Any] = {
    "name": _l("Name of the template"),
    "offer": _l("The offer it makes"),
    "subject": _l("Subject line"),
    "preview": _l("Preview line"),
    "body": _l("Text"),
    "content": _l("ContentSid of the approved template"),
    "variables": _l("What fills {{1}}, {{2}} and so on"),
    "whatsapp": _l("WhatsApp text"),
}


def views() -> dict[str, str]:
    """Those of a mail, and each other channel."""
    others = {str(channel): heading(channel) for channel in Channel if channel is not Channel.EMAIL}
    return {**{view: str(words) for view, words in VIEWS.items()}, **others}


def field_names() -> dict[str, str]:
    """As problems name them: the only field of a channel is called as the channel."""
    alone = {channel: list(parts.text.fields) for channel, parts in CHANNELS.items() if len(parts.text.fields) == 1}
    return {**FIELD_NAMES, **{field: heading(channel) for channel, (field,) in alone.items()}}


FIELDS = tuple(
    (f"/{channel}{place}", field) for channel, parts in CHANNELS.items() for field, place in parts.text.fields.items()
)


def problems_of(tx: Tx, document: Mapping[str, Any]) -> dict[str, dict[str, str]]:
    """By language (or «» for the whole) and field, what is to be mended before it can be published."""
    try:
        template = read_template(document, version=1)
        check(template, own_origins(), own_dates())
        check_offer(tx, template)
    except InputError as error:
        return _by_field(error.problems)
    return {}


@dataclass(frozen=True)
class Advice:
    """`by_field`: by language and field, what is worth a look and keeps nothing from being published. `raw`: by
    language and field, the places that one press makes into formatting."""

    by_field: dict[str, dict[str, str]]
    raw: Mapping[tuple[str, str], list[str]]


def advice_of(tx: Tx, document: Mapping[str, Any]) -> Advice:
    try:
        found = advice(read_template(document, version=1), colours_of_hotels(tx))
    except InputError:
        return Advice({}, {})
    raw: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for place, problem in found.items():
        if problem.code in FORMATTING:
            raw[_field(place)].append(place)
    return Advice(_by_field(found), dict(raw))


def _by_field(problems: Mapping[str, str]) -> dict[str, dict[str, str]]:
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for place, problem in problems.items():
        language, field = _field(place)
        found[language].setdefault(field, in_words(problem))
    return dict(found)


def own_origins() -> tuple[str, ...]:
    config = here().part(Config)
    return config.origin, config.link_origin


def _field(place: str) -> tuple[str, str]:
    whole = re.fullmatch(r"/locales/([^/]+)(/.*)?", place)
    if not whole:
        return "", place.strip("/") or "name"
    below = whole[2] or ""
    return whole[1], next((field for start, field in FIELDS if below.startswith(start)), "language")


@dataclass(frozen=True)
class Preview:
    """How a guest would read it, or why it cannot be shown. `written`: the part it is of; `supposed`: of how many
    segments its blocks are shown although nobody knows whether the guest is in them."""

    channel: str
    rendered: Rendered | None
    problem: str = ""
    written: Mapping[str, Any] = field(default_factory=dict)
    supposed: int = 0

    @property
    def text(self) -> str:
        return without_secrets(self.rendered.text) if self.rendered else ""

    @property
    def cost(self) -> Cost | None:
        return CHANNELS[Channel(self.channel)].text.cost(self.rendered) if self.rendered else None


def previews(
    tx: Tx, document: Mapping[str, Any], language: str, who: Reader | None, on: Iterable[str] = Channel
) -> dict[Channel, Preview]:
    """One language on each of these channels."""
    return {channel: preview(tx, document, language, channel, who) for channel in Channel if channel in on}


def preview(
    tx: Tx, document: Mapping[str, Any], language: str, channel: str, who: Reader | None, *, straight: bool = False
) -> Preview:
    """One language on one channel, whatever the others lack; of a mail those of its blocks that can be read.
    `straight`: its links lead to their targets."""
    only = document["locales"].get(language, {}).get(channel)
    if not only:
        return Preview(channel, None, gettext("Nothing is written here yet."))
    part = {**document, "locales": {language: {channel: only}}}
    try:
        template = read_template(_readable(part, language, channel), version=1)
        library = Library([template])
        country = who.country if who else None
        segments = _segments(tx, segments_in(part), who)
        profile = who.profile if who else sample_profile(values_in(template))
        values = _values(tx, language, who, part.get("offer"), segments.inside, profile)
        tracked = None if straight else as_long(here().part(Config).link_origin)
        if missing := missing_values(library.required_values(part["key"], language, channel), values):
            return Preview(channel, None, _not_sent(missing[0]))
        rendered = library.render(part["key"], language, channel, values, country=country, tracked=tracked)
        return Preview(channel, rendered, written=only, supposed=len(segments.supposed))
    except GuestloopError as error:
        first = next(iter(error.problems.values()), "") if isinstance(error, InputError) else _problem(error)
        return Preview(channel, None, gettext("It cannot be shown yet: %(why)s", why=in_words(first)))


def _segments(tx: Tx, named: frozenset[str], who: Reader | None) -> SegmentsShown:
    """As their own service knows them, where it answered; else as messaging does."""
    known = segments_of_guest() if who else None
    return (
        SegmentsShown(named & known) if known is not None else segments_shown(tx, named, who.guest_id if who else None)
    )


def _not_sent(value: str) -> str:
    """What becomes of a guest who lacks a value that the text needs."""
    return gettext("Nothing is sent to this guest: «%(value)s» is missing.", value=value_in_words(value))


def _readable(part: Document, language: str, channel: str) -> Document:
    """Without the blocks that nobody can read yet, as long as others are left: the preview stays in sight."""
    try:
        read_template(part, version=1)
    except InputError as error:
        start = f"/locales/{language}/{channel}/body/"
        wrong = {place.removeprefix(start).split("/")[0] for place in error.problems if place.startswith(start)}
        written = part["locales"][language][channel]
        left = [block for number, block in enumerate(written.get("body") or []) if str(number) not in wrong]
        if left and wrong:
            return {**part, "locales": {language: {channel: {**written, "body": left}}}}
    return part


def _problem(error: GuestloopError) -> str:
    return error.problem if isinstance(error, NotOfTheLanguage) else str(error)


def _values(
    tx: Tx, language: str, who: Reader | None, offer: str | None, segments: frozenset[str], profile: Profile
) -> Mapping[str, Any]:
    hotel = house_of(tx, who.home_property if who else None, language) or SOMEWHERE
    origin = here().part(WebConfig).origin
    sample = replace(SAMPLE_STAY, hotel=hotel["name"])
    stay, last_stay = stays_of(tx, who.guest_id) if who else (sample, sample)
    made = kept_offer(tx, offer) if offer else None
    page = f"{origin}/messaging/offer/{AS_LONG}" if made else None
    return message_values(
        Person(who.given_name, who.family_name, who.title) if who else Person("Anna", "Müller", "Ms"),
        language,
        sender=Identity(
            hotel["name"],
            hotel["legal_entity"],
            hotel["postal_address"],
            hotel["contact"],
            f"{origin}{PICTURES}",
            hotel.get("colour", ""),
            f"{origin}{LOGOS}{hotel['logo']}" if hotel.get("logo") else "",
        ),
        hotel=Hotel(
            hotel["name"],
            hotel["contact"],
            hotel.get("code", ""),
            hotel["postal_address"],
            hotel.get("phone", ""),
            hotel.get("map_url", ""),
            hotel.get("booking_url", ""),
        ),
        stay=stay,
        last_stay=last_stay,
        country=who.country if who else None,
        profile=profile,
        journey=gettext("An example journey"),
        segments=segments,
        links=Links(
            f"{origin}/messaging/way-out/{AS_LONG}",
            f"{origin}/feedback/survey/{AS_LONG}",
            offer=page,
            offer_qr=page and f"{page}{QR}",
            offer_barcode=page and f"{page}{BARCODE}",
        ),
        offer=offer_words(made.offer, language, made.offer.word or shown(SAMPLE_CODE)) if made else None,
    )


AS_LONG = "x" * 66  # a token is: so that the parts of a text message are counted true
SAMPLE_STAY = StaySaid("Hotel", "hotel", date(2027, 3, 5), date(2027, 3, 8), "10023", "Double", 2, "15:00")
SAMPLE_CODE = "7KGMXW4P9TCA"  # stands for the guest's in a preview; nobody has it
SOMEWHERE = {"name": "Hotel", "legal_entity": "Hotel Ltd", "postal_address": "1 Example Street", "contact": "–"}


def reader_of(tx: Tx, text: str | None, scope: Scope) -> Reader | None:
    try:
        return reader(tx, UUID(text or ""), scope)
    except ValueError:
        return None


def fallback(languages: list[str]) -> str:
    """What a guest reads whose language is not written."""
    last = choose_language(languages, "und") if languages else "en"
    name = language_name(last)
    return gettext("A guest whose language is not written here reads it in %(language)s.", language=name)
