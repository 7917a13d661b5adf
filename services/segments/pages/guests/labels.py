"""What is known of guests, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from shared.web.access_control import my_hotels
from shared.web.i18n.languages import locale

CHANNELS = {"email": _l("E-mail"), "sms": _l("Text message")}
CONSENTS = {
    "express": _l("agreed"),
    "existing_customer": _l("as an existing customer"),
    "unknown": _l("unknown, so nothing is sent"),
    "never_asked": _l("never asked"),
    "refused": _l("refused"),
    "withdrawn": _l("withdrawn"),
}
POINTS = {
    "masked": _l("an alias of the booking site, for that stay only"),
    "agency": _l("of an agency or a company"),
    "bad": _l("cannot be reached"),
}
REASONS = {
    "deceased": _l("Deceased"),
    "asked": _l("Asked not to be contacted"),
    "blocked": _l("Blocked by the hotel"),
    "staff": _l("Works here"),
    "private": _l("Private person"),
}
KEYS = {
    "email": _l("the same e-mail address"),
    "phone": _l("the same phone number"),
    "name_birth": _l("the same name and birth date"),
}
STATUSES = {
    "booked": _l("Booked"),
    "cancelled": _l("Cancelled"),
    "no_show": _l("Did not come"),
    "checked_in": _l("In house"),
    "checked_out": _l("Stayed"),
}
WHICH = (
    ("", _l("All guests")),
    ("in_house", _l("In house now")),
    ("arriving", _l("With a booking ahead")),
    ("not_contacted", _l("On the do-not-contact list")),
    ("unreachable", _l("Without an own address or number")),
    ("doubled", _l("Might be the same person")),
)
SORTS = (("name", _l("By name")), ("arrival", _l("By next arrival")))
KINDS = (
    ("", _l("Everything")),
    ("stay", _l("Stays")),
    ("message", _l("Sent")),
    ("skip", _l("Not sent")),
    ("answer", _l("Answers")),
    ("case", _l("Cases")),
    ("audience", _l("Segments")),
    ("edit", _l("Changes by hand")),
)
SILENT = {
    "campaigns": _l("The journeys do not answer at the moment; what they know is missing here."),
    "messaging": _l("The messages do not answer at the moment; what was sent and refused is missing here."),
    "feedback": _l("Answers and cases do not answer at the moment; they are missing here."),
}
TURNED = {
    "last_checkout": _l("So much time has passed since the last check-out."),
    "next_arrival": _l("The next arrival has come nearer."),
    "birthday_in": _l("The birthday has come nearer, or is past."),
    "age": _l("It was the guest's birthday."),
    "consent": _l("A consent ran out on that day."),
    "reachable": _l("A consent ran out on that day."),
}
HAPPENED = {
    "stay.booked": _l("A stay was booked."),
    "stay.changed": _l("A stay was changed."),
    "stay.cancelled": _l("A stay was cancelled."),
    "stay.no_show": _l("The guest did not come."),
    "stay.checked_in": _l("The guest checked in."),
    "stay.checked_out": _l("The guest checked out."),
    "stay.reinstated": _l("A cancelled stay stands again."),
    "guest.changed": _l("Something in the profile or a consent changed."),
    "guest.merged": _l("Two records became one guest."),
}
EDITS = {
    "stay.muted": _l("%(who)s muted the stay %(reservation)s"),
    "stay.unmuted": _l("%(who)s lifted the mute of the stay %(reservation)s"),
    "guest.contact_allowed": _l("%(who)s took the guest off the do-not-contact list"),
    "guest.told_apart": _l("%(who)s said that a similar record is somebody else"),
    "guest.merged": _l("%(who)s merged another record of %(stays)s stays into this guest"),
}
FIELDS = {"language": _l("language"), "tags": _l("tags"), "preference": _l("what the desk should know")}


def because_words(because: Mapping[str, Any]) -> str:
    """Why a guest entered or left a segment, as `AudienceChanged.because` has it."""
    if because.get("kind") == "time":
        fact = str(because.get("fact"))
        return str(TURNED.get(fact, gettext("A stay has become older than the segment looks back.")))
    return str(HAPPENED.get(str(because.get("what")), gettext("Everybody was looked at again.")))


def edit_words(what: str, who: str, details: Mapping[str, Any]) -> str:
    if what == "guest.edited":
        fields = [str(FIELDS[name]) for name in details.get("fields", []) if name in FIELDS]
        return gettext("%(who)s changed: %(fields)s", who=who, fields=listed(fields))
    if what == "guest.contact_forbidden":
        reason = str(REASONS.get(str(details.get("reason")), details.get("reason")))
        return gettext("%(who)s put the guest on the do-not-contact list: %(reason)s", who=who, reason=reason)
    if what not in EDITS:
        return gettext("%(who)s changed something", who=who)
    known = {"reservation": "", "stays": 0, **details, "who": who}
    return str(EDITS[what]) % known


def listed(words: list[str]) -> str:
    return ("、" if locale().language == "zh" else ", ").join(words)


def hotel_name(code: str | None) -> str:
    return next((hotel.name for hotel in my_hotels() if hotel.code == code), code or "–")


def language_name(tag: str | None) -> str:
    """«French»; the tag itself where it is none that is known."""
    if not tag:
        return gettext("unknown")
    codes = {"zh-hans": "zh_Hans", "zh-cn": "zh_Hans", "zh-hant": "zh_Hant", "zh-tw": "zh_Hant"}
    name = locale().languages.get(codes.get(tag.lower(), tag.split("-")[0].lower()))
    return str(name or tag)


def country_name(code: str | None) -> str:
    return str(locale().territories.get(code or "", code or "–"))
