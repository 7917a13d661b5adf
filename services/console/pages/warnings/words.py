"""What a warning says: what is, what is usual, where chance ends, and where that is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from urllib.parse import urlencode

from flask_babel import gettext

from services.console.store.warnings import Warned
from shared.access.people import May
from shared.vocabulary.channel import Channel
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.signal import Signal
from shared.web.i18n.formatting import number, percent
from shared.web.i18n.labels import label

Link = tuple[str, str, May]


def where(one: Warned, hotels: Mapping[str, str]) -> str:
    """The hotel, the source, or the sender and what it sends."""
    if one.signal == Signal.SENDER:
        sender, _, purpose = one.about.partition(" ")
        known = label(Channel(sender)) if sender in set(map(str, Channel)) else one.named
        what = label(Purpose(purpose)) if purpose in set(map(str, Purpose)) else purpose
        return gettext("%(sender)s (%(purpose)s)", sender=known, purpose=what)
    hotel = hotels.get(one.property, one.property)
    return gettext("%(hotel)s, «%(source)s»", hotel=hotel, source=one.named) if one.named else hotel


def of_the_same(one: Warned) -> list[str]:
    """What else lies outside, of the same days."""
    return [says(replace(one, **other, also=[])) for other in one.also]


def says(one: Warned) -> str:
    """What is, what is usual, and where chance ends."""
    values = {"part": number(one.part), "whole": number(one.whole)}
    match Signal(one.signal):
        case Signal.UNHEARD:
            return gettext(
                "%(days)s days without a booking; usually there is one every %(usual)s days, and more than %(border)s "
                "without one are no chance.",
                days=number(one.part),
                usual=number(round(one.centre + 1, 1)),
                border=number(int(one.border)),
            )
        case Signal.FEED:
            return gettext(
                "Days without anything from it: %(days)s. Usual from one time to the next are %(usual)s, and beyond "
                "%(border)s it is no chance.",
                days=number(one.part),
                usual=number(round(one.centre, 1)),
                border=number(round(one.border, 1)),
            )
        case Signal.SENDER:
            return gettext(
                "%(part)s of %(whole)s messages came back or were reported as spam: %(value)s. Usual is %(usual)s, and "
                "above %(border)s it is no chance.",
                **values,
                **_shares(one),
            )
        case Signal.NPS:
            return gettext(
                "%(value)s of %(whole)s answers; usual is %(usual)s, and below %(border)s it is no chance.",
                **values,
                value=_points(one.value),
                usual=_points(one.centre),
                border=_points(one.border),
            )
        case Signal.OCCUPANCY:
            occupied = one.part / one.whole if one.whole else 0.0
            return gettext(
                "Occupancy on the books is %(now)s, a year before it was %(before)s: %(value)s points. Usual is "
                "%(usual)s, and below %(border)s it is no chance.",
                now=percent(occupied, 1),
                before=percent(occupied - one.value, 1),
                value=_points(one.value),
                usual=_points(one.centre),
                border=_points(one.border),
            )
        case Signal.NIGHTS:
            return gettext(
                "%(part)s nights on the books, a year before %(whole)s: %(value)s of them. Usual is %(usual)s, and "
                "below %(border)s it is no chance.",
                **values,
                **_shares(one),
            )
        case Signal.ARRIVALS:
            return gettext(
                "%(part)s arrivals on the books, a year before %(whole)s: %(value)s of them. Usual is %(usual)s, and "
                "below %(border)s it is no chance.",
                **values,
                **_shares(one),
            )
    return gettext(
        "%(part)s of %(whole)s: %(value)s. Usual is %(usual)s, and above %(border)s it is no chance.",
        **values,
        **_shares(one),
    )


def behind(one: Warned) -> list[Link]:
    """Where the guests, answers or messages behind it are, and who may look at them."""
    first, what = (one.last_on - timedelta(days=6)).isoformat(), gettext("What is behind it")
    match Signal(one.signal):
        case Signal.COMPLAINTS:
            asked = {"hotel": one.property, "kind": "complaint"}
            return [(what, _at("/feedback/cases", asked), May.SEE_GUESTS)]
        case Signal.NPS:
            return [(what, _at("/feedback/answers", {"hotel": one.property}), May.SEE_GUESTS)]
        case Signal.REACH:
            asked = {"hotel": one.property, "which": "unreachable"}
            return [(what, _at("/segments/guests", asked), May.SEE_GUESTS)]
        case Signal.OCCUPANCY | Signal.ARRIVALS | Signal.NIGHTS:
            days = {"from": (one.last_on - timedelta(days=27)).isoformat(), "to": one.last_on.isoformat()}
            asked = {"hotel": one.property, "which": "booked", **days}
            return [(what, _at("/segments/figures/guests", asked), May.SEE_GUESTS)]
        case Signal.UNHEARD:
            return [(what, _at("/segments/imports", {"hotel": one.property}), May.IMPORT_DATA)]
        case Signal.FEED:
            return [
                (gettext("Imports"), _at("/segments/imports", {"hotel": one.property}), May.IMPORT_DATA),
                (gettext("Systems"), "/segments/systems", May.ADMINISTER),
            ]
        case Signal.SENDER:
            return _of_sender(one, first)
        case Signal.BOUNCES | Signal.SPAM as signal:
            back = "bounced" if signal is Signal.BOUNCES else "complained"
            asked = {"hotel": one.property, "back": back, "since": first}
            return [(what, _at("/messaging/messages", asked), May.SEE_GUESTS)]
    return [(what, _at("/messaging/messages", {"hotel": one.property, "since": first}), May.SEE_GUESTS)]


def _of_sender(one: Warned, first: str) -> list[Link]:
    """One of the environment's is known by its channel, and has no page of its own."""
    sender, _, purpose = one.about.partition(" ")
    is_channel = sender in set(map(str, Channel))
    whose = {"channel" if is_channel else "sender": sender, "purpose": purpose, "back": "either", "since": first}
    found = [(gettext("What is behind it"), _at("/messaging/messages", {"hotel": "", **whose}), May.SEE_GUESTS)]
    page = "/messaging/senders" if is_channel else f"/messaging/senders/{sender}"
    return [*found, (gettext("The sender"), page, May.ADMINISTER)]


def _at(path: str, asked: Mapping[str, str]) -> str:
    return f"{path}?{urlencode(asked)}"


def _shares(one: Warned) -> dict[str, str]:
    return {name: percent(value, 1) for name, value in _values(one).items()}


def _values(one: Warned) -> dict[str, float]:
    return {"value": one.value, "usual": one.centre, "border": one.border}


def _points(share: float) -> str:
    points = round(share * 100)
    return f"{points:+d}".replace("-", "−") if points else "0"
