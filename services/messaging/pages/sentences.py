"""What became of a message, and where a consent comes from, as sentences around the vocabulary's labels."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, assert_never

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from services.messaging.config import Config
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import ConsentPurpose
from shared.vocabulary.reason import Reason, reason_named
from shared.vocabulary.receipt import ReceiptState
from shared.web.i18n.labels import label
from shared.web.site import here

GROUPS: Mapping[str, Any] = {
    "sent": _l("Sent"),
    "waits": _l("Waiting"),
    "not_sent": _l("Not sent"),
    "unknown": _l("Outcome unclear"),
}
"""The states of a message as one filters by them (`schemas.SENT_GROUPS`)."""


def waits_for_an_hour(name: str, reason: str | None) -> bool:
    """Whether the page shows the hour it waits for; what a person or the next import ends has none."""
    return name == MessageState.HELD and reason not in (Reason.STOPPED, Reason.OBJECTION_UNREAD, Reason.STALE_DATA)


def why(reason: str | None) -> str:
    """The reason as a clause; of one that a journey names itself, its name."""
    if not reason:
        return ""
    match reason_named(reason):
        case None:
            return gettext("the journey ended it (%(reason)s)", reason=reason.replace("_", " "))
        case Reason.FREQUENCY_CAP as cap:
            config = here().part(Config)
            return gettext(
                "%(cap)s (%(most)s messages in %(days)s days, or the country's own)",
                cap=label(cap),
                most=config.cap_contacts,
                days=config.cap_days,
            )
        case known:
            return label(known)


def state(name: str, reason: str | None) -> str:
    """What became of it, but for the hour a waiting one waits for, which the page shows beside this."""
    match term := MessageState(name):
        case MessageState.QUEUED | MessageState.CLAIMED | MessageState.SENT | MessageState.UNKNOWN:
            return label(term)
        case (
            MessageState.HELD
            | MessageState.SKIPPED
            | MessageState.EXPIRED
            | MessageState.FAILED
            | MessageState.WITHDRAWN
        ):
            return gettext("%(state)s: %(why)s", state=label(term), why=why(reason))
        case _:
            assert_never(term)


def receipt(name: str, reason: str | None) -> str:
    """What became of it after it was sent."""
    match term := ReceiptState(name):
        case ReceiptState.ON_ITS_WAY | ReceiptState.DELIVERED | ReceiptState.COMPLAINED:
            return label(term)
        case ReceiptState.BOUNCED:
            return gettext("%(state)s: %(why)s", state=label(term), why=why(reason))
        case _:
            assert_never(term)


SOURCES: Mapping[str, Any] = {
    "import": _l("from an import"),
    "recorded": _l("recorded by the team"),
    "merge": _l("taken over from a merged guest"),
    "reply": _l("the guest's answer"),
    "link": _l("the link in a message"),
    "one_click": _l("the button of the mail program"),
    "preferences": _l("the guest's preference page"),
    "provider": _l("the provider's word"),
    "mail": _l("a mail that asks for no more"),
    "complaint": _l("the spam button of the guest's mail program"),
    "survey": _l("the survey page"),
    "desk": _l("told to the team"),
    "desk: at the desk": _l("told at the desk"),
    "desk: on the phone": _l("told on the phone"),
    "desk: in writing": _l("told in writing"),
}
WAYS: Mapping[str, Any] = {
    "at the desk": _l("at the desk"),
    "on the phone": _l("on the phone"),
    "in writing": _l("in writing"),
}


def source(name: str) -> str:
    return str(SOURCES.get(name, name))


def ended(purposes: Iterable[str]) -> str:
    """What nobody on an address may be written to for."""
    if "all" in purposes:
        return gettext("everything")
    return gettext(", ").join(label(ConsentPurpose(purpose)) for purpose in purposes)
