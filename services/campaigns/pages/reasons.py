"""Why a message did not go and why a guest left a journey, in words."""

from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

REFUSED = {
    "do_not_contact": _l("the guest is on the do-not-contact list"),
    "muted": _l("the stay is muted"),
    "erased": _l("the guest's data was erased"),
    "no_contact_point": _l("there is no address or number"),
    "masked_address": _l("the address is an agency's alias"),
    "suppressed": _l("the address is not to be used any more"),
    "no_sender_for_country": _l("no sender for the guest's country"),
    "no_consent": _l("no consent to marketing"),
    "for_everyone_only": _l("the guest wants only offers meant for everyone"),
    "no_basis": _l("nothing allows us to ask this guest"),
    "minor": _l("the guest is a minor"),
    "placeholder_date": _l("the birthday is a placeholder"),
    "stale_data": _l("the hotel was not heard of for too long"),
    "open_complaint": _l("a complaint is open"),
    "in_house": _l("the guest is in house"),
    "future_booking": _l("the guest has a booking"),
    "same_trip": _l("the guest is on the same trip still"),
    "missing_value": _l("a value the text needs is missing"),
    "household": _l("somebody of the same household got it"),
    "priority": _l("another journey went first"),
    "frequency_cap": _l("the guest had enough messages for now"),
    "holdout": _l("the guest is in the control group"),
    "quiet_hours": _l("it fell into quiet hours"),
    "stopped": _l("sending was stopped"),
    "expired": _l("it was too late to be of use"),
    "withdrawn": _l("it was taken back"),
    "bad_address": _l("nobody is reached at this address or number"),
    "opted_out": _l("the provider knows of a STOP from this number"),
    "content_refused": _l("the provider refused the text"),
    "sender_set_up": _l("our account or sender address was refused"),
    "temporary": _l("refused for now"),
    "unreachable": _l("the provider could not be reached"),
    "cut_off": _l("the connection broke before the provider answered"),
    "ambiguous": _l("it is not known whether it arrived"),
}
LEFT = {
    "booked": _l("the guest booked"),
    "left_audience": _l("the guest left the segment"),
    "erased": _l("the guest's data was erased"),
    "merged": _l("the guest was merged with another"),
    "taken_back": _l("the launch was taken back"),
    "journey_ended": _l("the journey was ended"),
    "already_settled": _l("a message of it had gone already"),
    "stay_moved": _l("the stay belongs to another guest now"),
    "stay_undone": _l("the stay turned out not to have happened"),
    "stay_booked": _l("the stay is booked again"),
    "stay_checked_in": _l("the guest checked in"),
    "stay_checked_out": _l("the guest checked out"),
    "stay_cancelled": _l("the stay was cancelled"),
    "stay_no_show": _l("the guest did not show up"),
    "stay.booked": _l("the guest booked"),
    "stay.changed": _l("the stay changed"),
    "stay.cancelled": _l("a stay was cancelled"),
    "stay.checked_in": _l("the guest checked in"),
    "stay.checked_out": _l("the guest checked out"),
    "stay.no_show": _l("the guest did not show up"),
    "stay.reinstated": _l("a cancelled stay stands again"),
    "survey.answered": _l("the guest answered the survey"),
    "case.opened": _l("a follow-up or complaint was opened"),
    "case.closed": _l("a follow-up or complaint was closed"),
    "planned_anew": _l("it was planned anew"),
    "paused": _l("the journey is paused"),
    "done": _l("the journey was over"),
}
MESSAGES = {
    "requested": _l("asked for"),
    "sent": _l("sent"),
    "delivered": _l("delivered"),
    "clicked": _l("a link was opened"),
    "held": _l("waits until it may go"),
    "skipped": _l("not sent"),
    "failed": _l("failed"),
    "unknown": _l("outcome unclear"),
    "bounced": _l("came back"),
    "complained": _l("called spam"),
    "expired": _l("too late"),
    "withdrawn": _l("taken back"),
}


def refused_words(reason: str | None) -> str:
    if not reason:
        return str(gettext("no reason was given"))
    return str(REFUSED.get(reason) or reason.replace("_", " "))


def left_words(reason: str | None) -> str:
    if not reason:
        return str(gettext("the journey was over"))
    return str(LEFT.get(reason) or reason.replace("_", " ").replace("-", " "))


def message_words(state: str, reason: str | None) -> str:
    word = str(MESSAGES.get(state, state))
    if state in ("skipped", "failed", "held") and reason:
        return str(gettext("%(state)s: %(reason)s", state=word, reason=refused_words(reason)))
    return word
