"""What every page of messaging knows beside its own subject: its labels, what is stopped, what ends in the sandbox."""

from __future__ import annotations

from typing import Any

from flask import g
from flask_babel import gettext

from services.messaging.config import Config
from services.messaging.pages import sentences
from services.messaging.queries.journeys import journey_names
from services.messaging.rules import answers, confirmations
from services.messaging.store.senders.live import live_period
from services.messaging.store.stops import Stop, standing
from shared.vocabulary.channel import Channel
from shared.vocabulary.click import Uncounted
from shared.vocabulary.consent import ConsentState
from shared.vocabulary.contact_point import PointClass
from shared.vocabulary.message import MessageState
from shared.vocabulary.notice import NoticeReason, NoticeState
from shared.vocabulary.purpose import ConsentPurpose
from shared.vocabulary.receipt import ReceiptState
from shared.vocabulary.right import Right
from shared.vocabulary.term import Term
from shared.web.access_control import me, my_hotels
from shared.web.i18n.labels import label, labels
from shared.web.i18n.languages import language_name, locale
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here


def template_context() -> dict[str, Any]:
    return {
        "sentences": sentences,
        "label": label,
        "labels": labels,
        "heading": heading,
        "Channel": Channel,
        "ConsentPurpose": ConsentPurpose,
        "ConsentState": ConsentState,
        "MessageState": MessageState,
        "ReceiptState": ReceiptState,
        "Uncounted": Uncounted,
        "NoticeState": NoticeState,
        "NoticeReason": NoticeReason,
        "PointClass": PointClass,
        "Right": Right,
        "standing_stops": standing_stops,
        "stop_in_words": stop_in_words,
        "stop_zone": stop_zone,
        "sandboxed": sandboxed,
        "sandbox_words": sandbox_words,
        "journey_name": journey_name,
        "language_name": language_name,
        "is_a_journey": is_a_journey,
    }


def heading(term: Term) -> str:
    """A label at the beginning of a line."""
    text = label(term)
    return text[:1].upper() + text[1:]


def sandboxed() -> tuple[str, ...]:
    """Channels of which nothing really leaves."""
    config, is_live = here().part(Config), g.live is not None
    return tuple(channel for channel in map(str, Channel) if not config.is_live(channel, house_is_live=is_live))


def sandbox_words() -> str:
    return gettext(", ").join(label(Channel(channel)) for channel in sandboxed())


def load_context() -> None:
    """Before a page's own transaction begins: a request that holds two connections can wait for itself."""
    with here().transaction() as tx:
        g.stops, g.journeys, g.live = standing(tx), journey_names(tx), live_period(tx)


def journey_name(key: str) -> str:
    """As its marketer wrote it; its key where the name is not known yet."""
    if key == confirmations.JOURNEY:
        return gettext("Confirmation of a consent")
    return gettext("An answer by hand") if key == answers.JOURNEY else shown_name(g.journeys.get(key, key))


def is_a_journey(key: str | None) -> bool:
    """It has a page; a confirmation and an answer belong to none."""
    return key is not None and key not in (confirmations.JOURNEY, answers.JOURNEY)


def standing_stops() -> list[Stop]:
    """Those that concern this person's hotels, as they stood when the page was asked for."""
    return [stop for stop in g.stops if concerns_me(stop)]


def concerns_me(stop: Stop) -> bool:
    return stop.kind != "property" or me().sees(stop.key)


def stop_in_words(stop: Stop) -> str:
    if stop.kind == "property":
        names = {hotel.code: hotel.name for hotel in my_hotels()}
        return gettext("Sending is stopped for %(hotel)s.", hotel=names.get(stop.key, stop.key))
    if stop.kind == "channel":
        return gettext("Sending is stopped by %(channel)s.", channel=label(Channel(stop.key)))
    if stop.kind == "country":
        return gettext("Sending is stopped to guests in %(country)s.", country=country_name(stop.key))
    return gettext("All sending is stopped.")


def country_name(code: str) -> str:
    return str(locale().territories.get(code, code))


def stop_zone() -> str:
    return next((hotel.zone for hotel in my_hotels()), "UTC")
