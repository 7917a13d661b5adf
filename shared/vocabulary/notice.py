"""What colleagues are written about, past the guests' gate."""

from __future__ import annotations

from shared.vocabulary.term import N_, Term


class NoticeKind(Term):
    PASSWORD_RESET = "password_reset", N_("link for a new password"), "plain", "mail"
    INVITATION = "invitation", N_("invitation"), "plain", "mail"
    PASSWORD_CHANGED = "password_changed", N_("the password was changed"), "look", "mail"
    NEW_DEVICE = "new_device", N_("sign-in from a new device"), "look", "mail"
    SECOND_FACTOR_CHANGED = "second_factor_changed", N_("the second factor was changed"), "look", "mail"
    CASE_ALERT = "case_alert", N_("a complaint was opened"), "look", "flag"
    DUTY_CALL = "duty_call", N_("somebody on duty is called"), "look", "flag"
    WARNING = "warning", N_("a figure left its usual course"), "look", "flag"
    REPORT = "report", N_("report of figures"), "plain", "mail"
    TEMPLATE_TEST = "template_test", N_("test of a template"), "plain", "mail"


class NoticeState(Term):
    QUEUED = "queued", N_("planned"), "look"
    CLAIMED = "claimed", N_("on its way")
    SENT = "sent", N_("sent"), "good"
    FAILED = "failed", N_("not sent"), "bad"
    UNKNOWN = "unknown", N_("outcome unclear"), "bad"


class NoticeReason(Term):
    """Why a notice was not sent, or nobody knows whether it was. A label stands after «not sent: »."""

    NO_SENDER = "no_sender", N_("nothing is really sent from this installation")
    EXPIRED = "expired", N_("it would have come too late to be of use")
    BAD_ADDRESS = "bad_address", N_("nobody is reached at this address or number")
    REFUSED = "refused", N_("the provider refused it")
    CUT_OFF = "cut_off", N_("the connection broke before the provider answered")
    LEASE_EXPIRED = "lease_expired", N_("the sender broke off while it was on its way")
    RESTORED = "restored", N_("the database was restored from a backup, and it may have been sent before")
