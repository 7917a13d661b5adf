"""From a claimed message to what is sent: language, values, links, text."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from services.messaging.channels.registry import CHANNELS
from services.messaging.commands.offers.giving import Giving
from services.messaging.commands.sending.told import hotel_said, identity, last_stay, person, told_of
from services.messaging.library.offers import offer_words
from services.messaging.library.rendering import Library, missing_values
from services.messaging.rules.answers import Answer, answer_in
from services.messaging.rules.confirmations import JOURNEY, TEMPLATE
from services.messaging.rules.facts import Guest, Property, Request, Stay
from services.messaging.rules.links.tracking import LinkChoices, is_tracked_for
from services.messaging.wording.links import LinkMaker
from services.messaging.wording.message_values import message_values
from services.messaging.wording.names import guest_words
from services.messaging.wording.own_dates import GROUP as OWN_DATES
from services.messaging.wording.piece import Ready, Rendered
from services.messaging.wording.sandbox import NotOfTheLanguage
from services.messaging.wording.values import Hotel, Identity, Links, OfferWords, Profile, StaySaid
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.crypto.signing import LinkSigner
from shared.errors import NotFound
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose

# By what a link is signed for.
PATHS = {
    "unsubscribe": "/messaging/way-out/",
    "survey": "/feedback/survey/",
    "confirm": "/messaging/confirmation/",
    "offer": "/messaging/offer/",
    "picture": "/messaging/answer/",
}
GREETING = "guest.greeting"  # is never missing
OF_GROUP = {"guest": "guest", OWN_DATES: "guest", "stay": "stay", "last_stay": "stay"}
QR, BARCODE = "/qr.png", "/barcode.png"  # beside the page of the offer
UNSIGNED = "…"  # stands for a link while one only asks whether there would be one


class MessageTexts:
    """The published texts: what the gate asks of them, and the finished message. Made for one claim, in which a
    property is always the same."""

    def __init__(
        self,
        library: Library,
        signer: LinkSigner,
        origin: str,
        keyring: KeyRing,
        links: LinkMaker,
        choices: LinkChoices,
        hotels: Mapping[str, Property],
        journeys: Mapping[str, str],
    ) -> None:
        """`hotels`: by code, those the guests of this claim stayed at; `journeys`: by key what they are called."""
        self._hotels, self._journeys = hotels, journeys
        self._library, self._signer, self._origin, self._keyring = library, signer, origin, keyring
        self._links, self._choices = links, choices
        self._lacking: dict[tuple[Any, ...], bool] = {}
        self._asked: dict[tuple[str, str, str], frozenset[str]] = {}
        self._senders: dict[tuple[str | None, str], Identity] = {}
        self._places: dict[tuple[str, str], Hotel] = {}
        self._giving: Giving | None = None
        self._codes: Mapping[tuple[str, UUID], str] = {}

    def make_offers(self, giving: Giving) -> None:
        """The offers of this claim; the gate asks of them what it asks of every value."""
        self._giving = giving if giving.is_needed else None

    def hand_over_codes(self, codes: Mapping[tuple[str, UUID], str]) -> None:
        """By offer and guest the code that stands in the message."""
        self._codes = codes

    def offer_named(self, request: Request) -> str | None:
        """The offer that the message makes: the one that its journey gave, in a text that makes one; else the text's
        own."""
        try:
            own = self._library.template(request.template).offer
        except NotFound:
            return None
        return own and str(request.values.get("offer") or own)

    def segments_named(self, template: str) -> frozenset[str]:
        """Those by which it shows blocks."""
        try:
            return self._library.template(template).segments
        except NotFound:
            return frozenset()

    def language_for(self, template: str, wanted: str) -> str:
        try:
            return self._library.choose_language(template, wanted)
        except NotFound:
            return wanted

    def version(self, template: str) -> int | None:
        """The version that is read now; None where nothing of that name is written."""
        try:
            return self._library.version(template)
        except NotFound:
            return None

    def lacks(
        self,
        request: Request,
        guest: Guest,
        speaker: Property | None,
        hotel: Property | None,
        language: str,
        channel: str,
    ) -> bool:
        """Whether a value is missing that the text needs, or the text itself: asked once for all guests alike."""
        text = request.template, language, channel
        places = speaker and speaker.code, hotel and hotel.code
        journey, offer_key = bool(self._journeys.get(request.journey)), self.offer_named(request)
        case = (*text, *places, request.stay_id is None, journey, offer_key, *self._known_of(request, guest, text))
        if case not in self._lacking:
            confirm = UNSIGNED if request.template == TEMPLATE else None
            of_offer = [UNSIGNED] * 3 if offer_key else []
            unsigned = Links(UNSIGNED, UNSIGNED if request.stay_id else None, confirm, *of_offer)
            offer = self._offer_words(request, language, UNSIGNED)
            values = self._values(request, guest, language, speaker, hotel, unsigned, offer)
            if answer_in(request):
                values = {**values, "answer": {"subject": UNSIGNED, "words": UNSIGNED}}
            self._lacking[case] = self._lacks(request, text, values)
        return self._lacking[case]

    def _known_of(self, request: Request, guest: Guest, text: tuple[str, str, str]) -> tuple[Any, ...]:
        """What is known of a guest and their stays, as far as the text asks for it; most ask for neither."""
        if text not in self._asked:
            self._asked[text] = self._groups_of(text)
        known: list[Any] = []
        if "guest" in self._asked[text]:
            known += frozenset(guest_words(person(guest), text[1])), bool(guest.tier), guest.loyalty_points is None
            known += guest.birth_date is None, frozenset(guest.own_dates)
        if "stay" in self._asked[text]:
            known += told_of(guest.stay(request.stay_id)), told_of(last_stay(guest, request))
        return tuple(known)

    def _groups_of(self, text: tuple[str, str, str]) -> frozenset[str]:
        """Of guest and stay, those of which the text needs what may be missing."""
        try:
            needed = self._library.required_values(*text) - {GREETING}
        except (NotFound, NotOfTheLanguage):
            return frozenset(OF_GROUP.values())
        return frozenset(OF_GROUP[group] for path in needed if (group := path.partition(".")[0]) in OF_GROUP)

    def needs_window(self, template: str, language: str, channel: str) -> bool:
        """Whether the text goes only to who wrote lately; a text that is not there, or no text, does not say."""
        try:
            return self._library.needs_window(template, language, channel)
        except (NotFound, NotOfTheLanguage):
            return False

    def _lacks(self, request: Request, text: tuple[str, str, str], values: Mapping[str, Any]) -> bool:
        try:
            if answer_in(request):
                return bool(missing_values(_ready_answer(*text[1:]).required, values))
            return bool(missing_values(self._library.required_values(*text), values))
        except NotFound:
            return True
        except NotOfTheLanguage:
            return False  # it cannot be written at all, which is this message's own outcome and no missing value

    def render(
        self,
        request: Request,
        guest: Guest,
        speaker: Property | None,
        hotel: Property | None,
        language: str,
        channel: str,
    ) -> tuple[Rendered, Links]:
        links = self._signed_links(request)
        offer = self._offer_words(request, language, self._code_of(request))
        values = self._values(request, guest, language, speaker, hotel, links, offer)
        if answer := answer_in(request):
            written = {**values, "answer": self._opened(request, answer, hotel or speaker)}
            is_pictured = answer.picture_alt is not None
            return _ready_answer(language, channel, is_pictured=is_pictured).render(written), links
        tracked = self._links.of(request.message_id) if is_tracked_for(guest, hotel, self._choices) else None
        rendered = self._library.render(
            request.template, language, channel, values, country=guest.country, tracked=tracked
        )
        return rendered, links

    def _values(
        self,
        request: Request,
        guest: Guest,
        language: str,
        speaker: Property | None,
        hotel: Property | None,
        links: Links,
        offer: OfferWords | None,
    ) -> Mapping[str, Any]:
        stay, last = guest.stay(request.stay_id), last_stay(guest, request)
        said = self._said(stay, language)
        return message_values(
            person(guest),
            language,
            sender=self._sender(speaker, language),
            hotel=self._place(hotel, language),
            links=links,
            offer=offer,
            stay=said,
            last_stay=said if last is stay else self._said(last, language),
            country=guest.country,
            profile=Profile(guest.tier or "", guest.loyalty_points, guest.birth_date, guest.own_dates),
            journey=self._journeys.get(request.journey, ""),
            segments=guest.segments,
        )

    def _sender(self, speaker: Property | None, language: str) -> Identity:
        place = speaker.code if speaker else None, language
        if place not in self._senders:
            self._senders[place] = identity(speaker, language, self._origin)
        return self._senders[place]

    def _place(self, hotel: Property | None, language: str) -> Hotel | None:
        if hotel is None:
            return None
        place = hotel.code, language
        if place not in self._places:
            self._places[place] = hotel_said(hotel, language)
        return self._places[place]

    def _said(self, stay: Stay | None, language: str) -> StaySaid | None:
        if stay is None:
            return None
        hotel = self._hotels.get(stay.property)
        name = hotel.name_in(language) if hotel else ""
        check_in = hotel.check_in if hotel else ""
        return StaySaid(
            name,
            stay.property,
            stay.arrival,
            stay.departure,
            stay.reservation,
            stay.room_type,
            stay.guests,
            check_in,
        )

    def _offer_words(self, request: Request, language: str, code: str) -> OfferWords | None:
        offer = self._giving.offer(request) if self._giving else None
        return offer_words(offer, language, code) if offer else None

    def _code_of(self, request: Request) -> str:
        offer = self._giving.offer(request) if self._giving else None
        return self._codes.get((offer.key, request.guest_id), "") if offer else ""

    def _opened(self, request: Request, answer: Answer, hotel: Property | None) -> Mapping[str, str]:
        """A mail without a title has the hotel's name for one."""
        subject = self._keyring.open(Sealed(answer.subject), Sealing.ANSWER) if answer.subject else ""
        words = self._keyring.open(Sealed(answer.words), Sealing.ANSWER)
        said = {"subject": subject.strip() or (hotel.name if hotel else UNSIGNED), "words": words.strip()}
        if answer.picture_alt is None:
            return said
        alt = self._keyring.open(Sealed(answer.picture_alt), Sealing.ANSWER)
        return {**said, "picture": self._link("picture", request), "alt": alt}

    def _link(self, purpose: str, request: Request) -> str:
        return f"{self._origin}{PATHS[purpose]}{self._signer.sign(purpose, request.message_id)}"

    def _signed_links(self, request: Request) -> Links:
        return Links(
            None if request.purpose == Purpose.STAY_SERVICE else self._link("unsubscribe", request),
            self._link("survey", request) if request.purpose == Purpose.FEEDBACK and request.stay_id else None,
            self._link("confirm", request) if request.journey == JOURNEY else None,
            *self._links_of_offer(request),
        )

    def _links_of_offer(self, request: Request) -> list[str]:
        """The guest's page of the offer, and the pictures of the code."""
        if self._giving is None or self._giving.offer(request) is None:
            return []
        page = self._link("offer", request)
        return [page, page + QR, page + BARCODE]


@lru_cache(maxsize=100)
def _ready_answer(language: str, channel: str, *, is_pictured: bool = False) -> Ready:
    return CHANNELS[Channel(channel)].text.answer(is_pictured=is_pictured).ready(language, Purpose.STAY_SERVICE)
