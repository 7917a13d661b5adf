"""What became of a message, in words: the one table of reasons, and each state as a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from babel import Locale, UnknownLocaleError
from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.messaging.config import Config
from services.messaging.rules.reasons import Reason
from services.messaging.senders import OutcomeReason
from shared.web.i18n.languages import locale
from shared.web.site import here

OF_THE_GATE: Mapping[Reason, Any] = {
    Reason.DO_NOT_CONTACT: _l("is on the do-not-contact list"),
    Reason.MUTED: _l("muted for this stay"),
    Reason.ERASED: _l("the guest was erased or merged with another"),
    Reason.NO_CONTACT_POINT: _l("no address or number that could be used"),
    Reason.MASKED_ADDRESS: _l("only a booking site's masked address is known"),
    Reason.SUPPRESSED: _l("this address or number asked for no more messages"),
    Reason.NO_SENDER_FOR_COUNTRY: _l("nothing of this kind is sent to this country"),
    Reason.NO_CONSENT: _l("has not agreed to offers on this channel"),
    Reason.NO_BASIS: _l("may not be asked about the stay on this channel"),
    Reason.FOR_EVERYONE_ONLY: _l("wants only offers meant for everyone"),
    Reason.MINOR: _l("is under eighteen"),
    Reason.PLACEHOLDER_DATE: _l("the birth date is a placeholder"),
    Reason.STALE_DATA: _l("the hotel's stays have not been heard of for 36 hours"),
    Reason.OPEN_COMPLAINT: _l("a complaint is open"),
    Reason.IN_HOUSE: _l("is staying with us now"),
    Reason.FUTURE_BOOKING: _l("has booked again already"),
    Reason.SAME_TRIP: _l("was asked about this trip already, or it still goes on"),
    Reason.MISSING_VALUE: _l("the text needs something that is not known of this guest"),
    Reason.HOUSEHOLD: _l("somebody at the same address was written to"),
    Reason.PRIORITY: _l("a more important message went at the same time"),
    Reason.FREQUENCY_CAP: _l("already had %(most)s messages in %(days)s days"),
    Reason.HOLDOUT: _l("is in the control group"),
    Reason.STOPPED: _l("sending is stopped"),
    Reason.QUIET_HOURS: _l("quiet hours"),
    Reason.EXPIRED: _l("it would have come too late to be of use"),
}
OF_THE_PROVIDER: Mapping[OutcomeReason, Any] = {
    OutcomeReason.BAD_ADDRESS: _l("nobody is reached at this address or number"),
    OutcomeReason.OPTED_OUT: _l("the provider knows of a STOP from this number"),
    OutcomeReason.CONTENT: _l("the provider refused the text"),
    OutcomeReason.SET_UP: _l("our account or sender address was refused"),
    OutcomeReason.TEMPORARY: _l("refused for now"),
    OutcomeReason.UNREACHABLE: _l("the provider could not be reached"),
    OutcomeReason.CUT_OFF: _l("the connection broke before the provider answered"),
}
OF_OTHERS: Mapping[str, Any] = {
    "lease_expired": _l("the sender broke off while it was on its way"),
    "restored": _l("the database was restored from a backup, and it may have gone before"),
    "arrived": _l("somebody found out that the guest has it"),
    "never_arrived": _l("somebody found out that it never arrived"),
    "provider_has_it": _l("the provider's list has it"),
    "provider_never_had_it": _l("the provider's list does not have it"),
    "booked": _l("the guest has booked"),
    "left_audience": _l("the guest left the segment"),
    "erased": _l("the guest was erased or merged with another"),
    "merged": _l("the guest was erased or merged with another"),
    "paused": _l("the journey was paused"),
    "journey_ended": _l("the journey was ended"),
    "taken_back": _l("the launch was taken back"),
    "already_settled": _l("a message of it had gone already"),
    "planned_anew": _l("it was planned anew"),
    "done": _l("the journey was over"),
    "stay_moved": _l("the stay belongs to another guest now"),
    "stay_undone": _l("the stay turned out not to have happened"),
    **dict.fromkeys(("stay_booked", "stay.booked"), _l("the guest has booked")),
    **dict.fromkeys(("stay_cancelled", "stay.cancelled"), _l("the stay was cancelled")),
    **dict.fromkeys(("stay_changed", "stay.changed"), _l("the stay was moved")),
    **dict.fromkeys(("stay_checked_in", "stay.checked_in"), _l("the guest checked in")),
    **dict.fromkeys(("stay_checked_out", "stay.checked_out"), _l("the guest checked out")),
    **dict.fromkeys(("stay_no_show", "stay.no_show"), _l("the guest did not show up")),
    "stay.reinstated": _l("a cancelled stay stands again"),
    "survey.answered": _l("the guest answered the survey"),
    **dict.fromkeys(("case.opened", "case.closed"), _l("a follow-up or complaint was opened or closed")),
}
WORDS: Mapping[str, Any] = {
    **{str(key): text for key, text in (*OF_THE_GATE.items(), *OF_THE_PROVIDER.items())},
    **OF_OTHERS,
}

CHANNELS: Mapping[str, Any] = {"email": _l("e-mail"), "sms": _l("text message")}
PURPOSES: Mapping[str, Any] = {
    "marketing": _l("offers"),
    "feedback": _l("questions about a stay"),
    "stay_service": _l("about your stay"),
    "profiling": _l("offers chosen for this guest"),
}
GROUPS: Mapping[str, tuple[Any, tuple[str, ...]]] = {
    "sent": (_l("Was sent"), ("sent", "delivered", "claimed")),
    "waits": (_l("Waits"), ("held",)),
    "not_sent": (_l("Not sent"), ("skipped", "expired", "failed", "withdrawn")),
    "unknown": (_l("Outcome unclear"), ("unknown",)),
}
"""The states of a message as one filters by them."""

TONES = {"sent": "good", "delivered": "good", "held": "look", "queued": "look", "failed": "bad", "unknown": "bad"}


def why(reason: str | None) -> str:
    """The reason as a clause; of one that a journey names itself, its name."""
    if not reason:
        return ""
    known = WORDS.get(reason)
    if known is None:
        return gettext("the journey ended it (%(reason)s)", reason=reason.replace("_", " "))
    return str(known) % numbers()


def numbers() -> dict[str, int]:
    config = here().part(Config)
    return {"most": config.cap_contacts, "days": config.cap_days}


def state(name: str, reason: str | None) -> str:
    """What became of it, but for the hour a waiting one waits for, which the page shows beside this."""
    if name == "held":
        return gettext("waits: %(why)s", why=why(reason))
    if name in ("skipped", "expired", "failed"):
        return gettext("not sent: %(why)s", why=why(reason))
    if name == "withdrawn":
        return gettext("taken back: %(why)s", why=why(reason))
    return {
        "queued": gettext("planned"),
        "claimed": gettext("on its way"),
        "sent": gettext("sent"),
        "delivered": gettext("delivered"),
        "unknown": gettext("outcome unclear"),
    }[name]


def tone(name: str) -> str:
    return TONES.get(name, "plain")


CONSENTS: Mapping[str, Any] = {
    "express": _l("agreed"),
    "existing_customer": _l("existing customer"),
    "unknown": _l("not known, so not used"),
    "never_asked": _l("never asked"),
    "refused": _l("refused"),
    "withdrawn": _l("withdrawn"),
}
SOURCES: Mapping[str, Any] = {
    "import": _l("from an import"),
    "recorded": _l("recorded by the team"),
    "merge": _l("taken over from a merged guest"),
    "reply": _l("the guest's answer"),
    "link": _l("the link in a message"),
    "one_click": _l("the button of the mail program"),
    "preferences": _l("the guest's preference page"),
    "survey": _l("the survey page"),
    "desk": _l("told to the team"),
    "desk: at the desk": _l("told at the desk"),
    "desk: on the phone": _l("told on the phone"),
    "desk: in writing": _l("told in writing"),
}
KINDS: Mapping[str, Any] = {
    "personal": _l("personal"),
    "masked": _l("a booking site's alias"),
    "agency": _l("an agency's"),
    "bad": _l("reaches nobody"),
}
WAYS: Mapping[str, Any] = {
    "at the desk": _l("at the desk"),
    "on the phone": _l("on the phone"),
    "in writing": _l("in writing"),
}


def source(name: str) -> str:
    return str(SOURCES.get(name, name))


def ended(purposes: Sequence[str]) -> str:
    """What nobody on an address may be written to for."""
    if "all" in purposes:
        return gettext("everything")
    return gettext(", ").join(str(PURPOSES[purpose]) for purpose in purposes)


def language_name(tag: str) -> str:
    """A language in the reader's own."""
    try:
        return str(Locale.parse(tag, sep="-").get_display_name(locale()) or tag)
    except (UnknownLocaleError, ValueError):
        return tag
