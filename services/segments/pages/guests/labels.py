"""What is known of guests, in the reader's words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.segments.facts import FACTS
from services.segments.facts.families.ranks import MEASURES
from services.segments.rules.people.corrections import Field
from shared.vocabulary.channel import Channel
from shared.vocabulary.consent import ConsentState
from shared.vocabulary.contact_point import DoNotContact, PointClass, PointFault
from shared.vocabulary.right import Right
from shared.vocabulary.stay import StayStatus
from shared.web.access_control import my_hotels
from shared.web.i18n.labels import label, labels
from shared.web.i18n.languages import locale

KEYS = {
    "email": _l("the same e-mail address"),
    "phone": _l("the same phone number"),
    "name_birth": _l("the same name and birth date"),
    "likeness": _l("names and dates that are alike"),
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
    ("event", _l("From the hotel's systems")),
    ("edit", _l("Changes by hand")),
)
SILENT = {
    "campaigns": _l("The journeys do not answer at the moment; what they know is missing here."),
    "messaging": _l("The messages do not answer at the moment; what was sent and refused is missing here."),
    "feedback": _l("Answers and cases do not answer at the moment; they are missing here."),
}
HAPPENED = {
    "stay.booked": _l("A stay was booked."),
    "stay.changed": _l("A stay was changed."),
    "stay.cancelled": _l("A stay was cancelled."),
    "stay.no_show": _l("The guest did not come."),
    "stay.checked_in": _l("The guest checked in."),
    "stay.checked_out": _l("The guest checked out."),
    "stay.reinstated": _l("A cancelled stay stands again."),
    "guest.dates_changed": _l("A date of the guest was changed."),
    "guest.changed": _l("Something in the profile or a consent changed."),
    "offer.given": _l("An offer was given to the guest."),
    "offer.redeemed": _l("The guest used an offer."),
    "offer.referred": _l("A friend of the guest used an offer."),
    "message.sent": _l("A message was sent to the guest."),
    "journey.entered": _l("The guest entered a journey."),
    "survey.answered": _l("The guest answered a survey."),
    "answer.understood": _l("What an answer speaks of was understood, or corrected."),
    "case.opened": _l("A case was opened."),
    "case.closed": _l("A case was closed."),
    "list.changed": _l("The guest was put on a list, or taken off."),
    "guest.merged": _l("Two records became one guest."),
    "guest.unmerged": _l("A merge was taken apart."),
}
EDITS = {
    "guest.noted": _l("%(who)s wrote a note"),
    "guest.loyalty_told": _l("%(who)s told another tier"),
    "guest.note_deleted": _l("%(who)s deleted a note"),
    "stay.muted": _l("%(who)s muted the stay %(reservation)s"),
    "stay.unmuted": _l("%(who)s lifted the mute of the stay %(reservation)s"),
    "guest.contact_allowed": _l("%(who)s took the guest off the do-not-contact list"),
    "guest.signed_up": _l("%(who)s signed up by the form %(form)s, version %(version)s"),
    "guest.sign_up_settled": _l("%(who)s decided what differed in a sign-up"),
    "guest.at_kiosk": _l("%(who)s opened the guest's data at a kiosk"),
    "guest.refreshed": _l("The guest looked through their data (%(who)s)"),
    "guest.tagged": _l("%(who)s put on the tag %(tag)s"),
    "guest.untagged": _l("%(who)s took off the tag %(tag)s"),
    "guest.tagged_by_rule": _l("By a rule the guest got the tag %(tag)s: they are in the segment «%(segment)s»"),
    "guest.tier_by_rule": _l("By rule the guest has the tier %(tier)s"),
    "guest.tier_rule_left": _l("By rule the guest has the tier %(tier)s no more"),
    "guest.untagged_by_rule": _l("By a rule the guest lost the tag %(tag)s: they left the segment «%(segment)s»"),
    "guest.dates_changed": _l("%(who)s changed dates: %(dates)s"),
    "guest.made": _l("%(who)s made the guest by hand"),
    "guest.contact_corrected": _l("%(who)s corrected an address or number"),
    "guest.contact_removed": _l("%(who)s removed an address or number"),
    "guest.contact_returned": _l("%(who)s put back an address or number"),
    "guest.right_claimed": _l("%(who)s wrote down: %(right)s"),
    "guest.right_lifted": _l("%(who)s lifted: %(right)s"),
    "guest.tagged_by_journey": _l("The journey «%(who)s» gave the tag «%(tag)s»"),
    "guest.untagged_by_journey": _l("The journey «%(who)s» took away the tag «%(tag)s»"),
    "guest.tier_by_journey": _l("The journey «%(who)s» changed the tier from «%(was)s» to «%(tier)s»"),
    "guest.told_by_journey": _l("The journey «%(who)s» told the hotel's systems: «%(name)s»"),
    "guest.told_apart": _l("%(who)s said that a similar record is somebody else"),
    "guest.merged": _l("%(who)s merged another record of %(stays)s stays into this guest"),
    "guest.unmerged": _l("%(who)s took a merge apart: %(stays)s stays are another guest's again"),
}
MEANS: Mapping[Right, Any] = {
    Right.OBJECTS_TO_MARKETING: _l(
        "No offers any more, on no channel and at no address. The guest leaves every segment. Surveys and what a "
        "stay needs go on."
    ),
    Right.OBJECTS_TO_PROFILING: _l(
        "The guest leaves every segment. Only offers that are meant for everyone may still be sent."
    ),
    Right.RESTRICTED: _l(
        "The data are kept and not used: only what a stay that is booked or under way needs is sent, and nothing is "
        "corrected, merged or erased until the restriction is lifted."
    ),
}
RESTRICTED = _l("The guest's data are restricted: they are kept as they are until the restriction is lifted.")
"""What `commands.guests.rights.Restricted` says, here so that it is translated."""
CHINESE_TITLES = {"mr": "先生", "ms": "女士", "mrs": "女士", "miss": "女士", "dr": "博士", "prof": "教授"}
FIELDS = {"language": _l("language"), "tags": _l("tags"), "preference": _l("what the front desk should know")}


def because_words(because: Mapping[str, Any]) -> str:
    """Why a guest entered or left a segment, as `AudienceChanged.because` has it."""
    if because.get("kind") == "time":
        fact = FACTS.get(str(because.get("fact")))
        if fact and fact.moved:
            return gettext(fact.moved)
        if fact and fact.name in MEASURES:
            return gettext("Who is among the top per cent was counted anew.")
        return gettext("A stay has become older than the period that the segment counts.")
    return str(HAPPENED.get(str(because.get("what")), gettext("All guests were evaluated again.")))


def edit_words(what: str, who: str, details: Mapping[str, Any]) -> str:
    if what == "guest.edited":
        fields = [str(FIELDS[name]) for name in details.get("fields", []) if name in FIELDS]
        return gettext("%(who)s changed: %(fields)s", who=who, fields=listed(fields))
    if what in ("guest.corrected", "guest.correction_taken_back"):
        corrected = listed([label(Field(name)) for name in details.get("fields", []) if name in tuple(Field)])
        if what == "guest.corrected":
            return gettext("%(who)s corrected: %(fields)s", who=who, fields=corrected)
        return gettext("%(who)s took a correction back: %(fields)s", who=who, fields=corrected)
    if what == "guest.contact_forbidden":
        reason = labels(DoNotContact).get(str(details.get("reason")), str(details.get("reason")))
        return gettext("%(who)s put the guest on the do-not-contact list: %(reason)s", who=who, reason=reason)
    if what not in EDITS:
        return gettext("%(who)s changed something", who=who)
    known = {"reservation": "", "stays": 0, **details, "who": who}
    if what == "guest.dates_changed":
        known["dates"] = listed([str(key) for key in details.get("dates", [])])
    if details.get("right") in tuple(Right):
        known["right"] = label(Right(str(details["right"])))
    return str(EDITS[what]) % known


def guest_labels() -> dict[str, Any]:
    """What the page of a guest needs to name what it shows."""
    return {
        "channels": labels(Channel),
        "consent_names": labels(ConsentState),
        "fault_of": labels(PointFault),
        "points_of_class": {key: text for key, text in labels(PointClass).items() if key != PointClass.PERSONAL},
        "reasons": labels(DoNotContact),
        "statuses": labels(StayStatus),
        "keys": KEYS,
        "language_name": language_name,
        "country_name": country_name,
        "hotel_name": hotel_name,
        "titled": titled,
        "label": label,
        "means": MEANS,
    }


def titled(title: str | None, name: str) -> str:
    """«Ms Marta Ferreira»; for a Chinese reader the title stands behind the name: «李梅女士»."""
    if not title or not name:
        return name
    if locale().language != "zh":
        return f"{title} {name}"
    behind = CHINESE_TITLES.get(title.lower().rstrip("."), title)
    return f"{name}{behind}" if name[-1] > "\u2e7f" else f"{name} {behind}"


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


OUTLETS = {
    "room": _l("Room"),
    "restaurant": _l("Restaurant"),
    "bar": _l("Bar"),
    "spa": _l("Spa"),
    "minibar": _l("Minibar"),
    "events": _l("Events"),
}
"""What systems usually call where guests spend; every other name stands as it is told."""
