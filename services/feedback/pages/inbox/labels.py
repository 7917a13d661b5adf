"""The inbox in the reader's words. Templates use this module as `told`."""

from __future__ import annotations

from datetime import datetime

from flask_babel import gettext
from markupsafe import Markup

from services.feedback.pages.labels import span
from services.feedback.queries.inbox.lines import AnswerLine
from services.feedback.queries.inbox.threads import ThreadLine
from services.feedback.queries.inbox.waits import FirstAnswer
from services.feedback.rules.inbox import LONGEST, CannedValue, Snooze, View
from shared.vocabulary.channel import Channel
from shared.vocabulary.message import MessageState
from shared.vocabulary.purpose import Purpose
from shared.vocabulary.reason import reason_named
from shared.web.i18n.formatting import moment, number
from shared.web.i18n.labels import label
from shared.web.i18n.languages import language_name

__all__ = ["LONGEST", "CannedValue", "label"]


def views() -> list[tuple[View, str]]:
    return [(view, label(view)) for view in View]


def snoozes() -> list[tuple[str, str]]:
    return [(str(one), label(one)) for one in Snooze]


def channels() -> list[tuple[str, str]]:
    return [(str(one), label(one)) for one in Channel]


def channel(code: str) -> str:
    return label(Channel(code))


def purpose(code: str) -> str:
    return label(Purpose(code)) if code in list(Purpose) else code


def language(tag: str | None) -> str:
    return language_name(tag or "")


def who(thread: ThreadLine) -> str:
    if thread.guest_id is not None:
        return thread.guest_name or gettext("A guest without a name")
    return gettext("Unknown address") if thread.channel == Channel.EMAIL else gettext("Unknown number")


def state(answer: AnswerLine) -> tuple[str, str]:
    """What became of an answer, in a few words, and the tone."""
    why = reason_named(answer.receipt_reason if answer.receipt == "bounced" else answer.reason)
    reason = label(why) if why else answer.reason or ""
    if answer.receipt == "bounced":
        return gettext("came back: %(reason)s", reason=reason), "bad"
    if answer.receipt == "complained":
        return gettext("the guest reported it as spam"), "bad"
    found = MessageState(answer.state)
    match found:
        case MessageState.SENT:
            return (gettext("delivered") if answer.receipt == "delivered" else gettext("sent")), "good"
        case MessageState.HELD if answer.held_until is not None:
            until = moment(answer.held_until, answer.zone)
            return Markup(gettext("waits until %(time)s: %(reason)s")) % {"time": until, "reason": reason}, "look"
        case MessageState.FAILED | MessageState.SKIPPED | MessageState.EXPIRED | MessageState.WITHDRAWN:
            return gettext("not sent: %(reason)s", reason=reason or "–"), "bad"
        case MessageState.HELD | MessageState.UNKNOWN | MessageState.QUEUED | MessageState.CLAIMED:
            return (f"{label(found)}: {reason}" if reason else label(found)), found.tone or "plain"


def waits(thread: ThreadLine, now: datetime) -> str:
    """How long somebody has waited for an answer."""
    return gettext("waiting for %(span)s", span=span(now - thread.waits_since)) if thread.waits_since else ""


def first_answer(found: FirstAnswer) -> str:
    return gettext("%(span)s, the median of %(num)s", span=span(found.median), num=number(found.n))
