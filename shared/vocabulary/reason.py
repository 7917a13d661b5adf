"""Why a message was not sent, waits or was taken back, and why a guest left a journey: one dictionary for every page.

A label is a clause about the guest, the message or the journey that stands after «not sent: » or alone. A journey may
name reasons of its own (its `exit` steps); they are not here, and are shown as their author wrote them.
"""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class Reason(Term):
    # the gate's, in the order in which it asks (`GATE`)
    DO_NOT_CONTACT = "do_not_contact", N_("the guest is on the do-not-contact list")
    MUTED = "muted", N_("the guest is muted for this stay")
    ERASED = "erased", N_("the guest was erased or merged with another")
    RESTRICTED = "restricted", N_("the guest's data are restricted, and this is not about a stay of theirs to come")
    OBJECTED = "objected", N_("the guest objected to offers")
    NO_CONTACT_POINT = "no_contact_point", N_("there is no address or number that could be used")
    MASKED_ADDRESS = "masked_address", N_("only a booking site's masked address is known")
    REFUSED_POINT = "refused_point", N_("the provider has said that nobody is reached at this address or number")
    SUPPRESSED = "suppressed", N_("this address or number asked for no more messages")
    MAILBOX_FULL_AGAIN = "mailbox_full_again", N_("the mailbox was full three times in a fortnight")
    NO_SENDER_FOR_COUNTRY = "no_sender_for_country", N_("nothing of this kind is sent to the guest's country")
    NO_CONSENT = "no_consent", N_("the guest has not agreed to offers on this channel")
    NO_BASIS = "no_basis", N_("the guest may not be asked about the stay on this channel")
    FOR_EVERYONE_ONLY = "for_everyone_only", N_("the guest wants only offers meant for everyone")
    GUEST_PAUSED = "guest_paused", N_("the guest asked for a pause from offers")
    MINOR = "minor", N_("the guest is under eighteen")
    PLACEHOLDER_DATE = "placeholder_date", N_("the birth date is a placeholder")
    OPEN_COMPLAINT = "open_complaint", N_("a complaint is open")
    IN_HOUSE = "in_house", N_("the guest is in house")
    FUTURE_BOOKING = "future_booking", N_("the guest has booked again already")
    SAME_TRIP = "same_trip", N_("the guest was asked about this trip already, or it still goes on")
    MISSING_VALUE = "missing_value", N_("the text needs something that is not known of this guest")
    WINDOW_CLOSED = "window_closed", N_("the guest has not written for 24 hours, and the text is no approved template")
    HOUSEHOLD = "household", N_("somebody of the same household was written to")
    PRIORITY = "priority", N_("a more important message was sent at the same time")
    FREQUENCY_CAP = "frequency_cap", N_("the guest has had as many messages as the frequency cap allows")
    ONCE_A_MONTH = "once_a_month", N_("the guest wants offers once a month at most")
    HOLDOUT = "holdout", N_("the guest is in the control group")
    OBJECTION_UNREAD = "objection_unread", N_("a reply that may be an objection has not been read")
    STOPPED = "stopped", N_("sending is stopped")
    STALE_DATA = "stale_data", N_("the hotel's stays have not been heard of for 36 hours")
    QUIET_HOURS = "quiet_hours", N_("quiet hours")
    EXPIRED = "expired", N_("it would have come too late to be of use")

    # the offer's that it makes, once the gate has let it pass
    OFFER_OVER = "offer_over", N_("the offer that it makes is not live or has ended")
    NO_CODE_LEFT = "no_code_left", N_("its offer has no code left")

    # the sender's that it would be given to
    WARM_UP = "warm_up", N_("its sender is new and takes no more today")

    # the provider's answer
    BAD_ADDRESS = "bad_address", N_("nobody is reached at this address or number")
    OPTED_OUT = "opted_out", N_("the provider knows of a STOP from this number")
    CONTENT = "content_refused", N_("the provider refused the text")
    SET_UP = "sender_set_up", N_("our account or sender address was refused")
    TEMPORARY = "temporary", N_("refused for now")
    MAILBOX_FULL = "mailbox_full", N_("the mailbox is full")
    POLICY = "policy_refused", N_("the guest's mail server or carrier refuses messages like ours")
    RETURNED = "returned", N_("it came back, and nothing says why")
    UNREACHABLE = "unreachable", N_("the provider could not be reached")
    CUT_OFF = "cut_off", N_("the connection broke before the provider answered")

    # our own error with this one message, which waits for a person
    UNWRITABLE = "unwritable", N_("its text could not be filled in for this guest")
    UNJUDGED = "unjudged", N_("something in it could not be read")

    # what settled an unclear one, or left it unclear
    LEASE_EXPIRED = "lease_expired", N_("the sender broke off while it was on its way")
    RESTORED = "restored", N_("the database was restored from a backup, and it may have been sent before")
    ARRIVED = "arrived", N_("somebody found out that the guest has it")
    NEVER_ARRIVED = "never_arrived", N_("somebody found out that it never arrived")
    PROVIDER_HAS_IT = "provider_has_it", N_("the provider's list has it")
    PROVIDER_NEVER_HAD_IT = "provider_never_had_it", N_("the provider's list does not have it")

    # the journey ended for this guest, or took its message back
    BOOKED = "booked", N_("the guest has booked")
    LEFT_AUDIENCE = "left_audience", N_("the guest left the segment")
    MERGED = "merged", N_("the guest was erased or merged with another")
    PAUSED = "paused", N_("the journey was paused")
    JOURNEY_ENDED = "journey_ended", N_("the journey was ended")
    TAKEN_BACK = "taken_back", N_("the launch was taken back")
    ALREADY_SETTLED = "already_settled", N_("a message of it had been sent already")
    PLANNED_ANEW = "planned_anew", N_("it was planned anew")
    DONE = "done", N_("the journey was over")
    GOAL_REACHED = "goal_reached", N_("the guest did what the journey was for")
    STAY_MOVED = "stay_moved", N_("the stay belongs to another guest now")
    STAY_UNDONE = "stay_undone", N_("the stay turned out not to have happened")
    DATE_UNKNOWN = "date_unknown", N_("the date that the journey waits for is not known")
    STAY_UNFIT = "stay_unfit", N_("the stay is no longer one that the journey is for")
    STAY_TURNED_BOOKED = "stay_booked", N_("the stay is booked again")
    STAY_TURNED_CANCELLED = "stay_cancelled", N_("the stay was cancelled")
    STAY_TURNED_CHECKED_IN = "stay_checked_in", N_("the guest checked in")
    STAY_TURNED_CHECKED_OUT = "stay_checked_out", N_("the guest checked out")
    STAY_TURNED_NO_SHOW = "stay_no_show", N_("the guest did not show up")
    A_STAY_BOOKED = "stay.booked", N_("the guest has booked")
    A_STAY_CHANGED = "stay.changed", N_("a stay of the guest changed")
    A_STAY_CANCELLED = "stay.cancelled", N_("a stay of the guest was cancelled")
    A_STAY_CHECKED_IN = "stay.checked_in", N_("the guest checked in")
    A_STAY_CHECKED_OUT = "stay.checked_out", N_("the guest checked out")
    A_STAY_NO_SHOW = "stay.no_show", N_("the guest did not show up")
    A_STAY_REINSTATED = "stay.reinstated", N_("a cancelled stay stands again")
    SURVEY_ANSWERED = "survey.answered", N_("the guest answered the survey")
    MESSAGE_DELIVERED = "message.delivered", N_("a message reached the guest")
    MESSAGE_BOUNCED = "message.bounced", N_("a message to the guest came back")
    MESSAGE_COMPLAINED = "message.complained", N_("the guest reported a message as spam")
    OFFER_REDEEMED = "offer.redeemed", N_("the guest used the offer")
    OFFER_REFERRED = "offer.referred", N_("a friend of the guest used the offer")
    CASE_OPENED = "case.opened", N_("a follow-up or complaint was opened")
    CASE_CLOSED = "case.closed", N_("a follow-up or complaint was closed")


_ALL = tuple(Reason)
GATE = _ALL[: _ALL.index(Reason.EXPIRED) + 1]
"""The gate's reasons, in the order in which it asks."""
OFFERS = (Reason.OFFER_OVER, Reason.NO_CODE_LEFT)
"""Those of the offer that a message makes."""
SENDERS = (Reason.WARM_UP,)
"""Those of the sender that a message would be given to."""
PROVIDER = _ALL[_ALL.index(Reason.BAD_ADDRESS) : _ALL.index(Reason.CUT_OFF) + 1]
"""What a provider answers."""


def reason_named(value: str | None) -> Reason | None:
    """The reason of that value; None for one that a journey named itself."""
    try:
        return Reason(value) if value else None
    except ValueError:
        return None
