"""Cases and replies in the reader's words. Templates use this module as `labels`."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import assert_never

from flask_babel import gettext, ngettext

from services.feedback.queries.cases import CaseLine
from services.feedback.queries.replies import ReplyLine
from services.feedback.rules.cases import BY_CHOICE, HIGHEST, Outcome, share_gone
from services.feedback.rules.replies import TakenAs
from shared.vocabulary.case import BY_A_PERSON, CaseKind, CaseReason
from shared.vocabulary.channel import Channel
from shared.vocabulary.task import TaskOutcome
from shared.web.i18n.labels import label

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)

__all__ = ["BY_A_PERSON", "BY_CHOICE", "HIGHEST", "Outcome", "label"]


def kind(case: CaseLine) -> CaseKind:
    return CaseKind(case.kind)


def task_outcome(outcome: str) -> str:
    """How a task that a journey asked for ended."""
    return label(TaskOutcome(outcome))


def outcomes_of_tasks() -> list[tuple[str, str]]:
    return [(str(one), label(one)) for one in TaskOutcome]


def taken_as(reply: ReplyLine) -> TakenAs:
    return TakenAs(reply.taken_as)


def why(case: CaseLine) -> str:
    """Why a case was opened, in a sentence."""
    match reason := CaseReason(case.reason):
        case CaseReason.SCORE if case.score is not None:
            return gettext("Gave the stay %(score)s of %(highest)s.", score=case.score, highest=HIGHEST)
        case CaseReason.SCORE:
            return gettext("Gave the stay a low score.")
        case CaseReason.STOP_INSIDE:
            return gettext("A reply may mean «stop»: read it and decide in Replies.")
        case CaseReason.WORDS:
            return gettext("What a guest wrote sounds like a complaint.")
        case CaseReason.URGENT:
            return gettext("The guest wrote words that cannot wait.")
        case (
            CaseReason.DESK
            | CaseReason.PHONE
            | CaseReason.EMAIL
            | CaseReason.REPLY
            | CaseReason.REVIEW
            | CaseReason.SAID
        ):
            name = case.opened_by or "–"
            return gettext("%(how)s, recorded by %(name)s.", how=label(reason), name=name)
        case _:
            assert_never(reason)


def kinds() -> list[tuple[str, str]]:
    """The choices of a filter, the most urgent kind first."""
    return [(str(one), label(one)) for one in (CaseKind.COMPLAINT, CaseKind.FOLLOW_UP)]


def replied(line: ReplyLine) -> tuple[str, str]:
    """A reply in a guest's story: its sentence and its icon."""
    channel = Channel(line.channel)
    return gettext("Replied by %(channel)s.", channel=label(channel)), channel.icon


def opened(line: CaseLine) -> tuple[str, str]:
    """A case in a guest's story: its sentence and its tone."""
    match found := kind(line):
        case CaseKind.COMPLAINT:
            return gettext("A complaint was opened."), "bad"
        case CaseKind.FOLLOW_UP:
            return gettext("A follow-up was opened."), "look"
        case _:
            assert_never(found)


def closed(line: CaseLine) -> str:
    match found := kind(line):
        case CaseKind.COMPLAINT:
            return gettext("A complaint was closed.")
        case CaseKind.FOLLOW_UP:
            return gettext("A follow-up was closed.")
        case _:
            assert_never(found)


def outcome(code: str | None) -> str:
    return label(Outcome(code)) if code else ""


def span(length: timedelta) -> str:
    """A length of time in its greatest unit."""
    if length >= 2 * DAY:
        return str(ngettext("%(num)s day", "%(num)s days", length // DAY))
    if length >= HOUR:
        return str(ngettext("%(num)s hour", "%(num)s hours", length // HOUR))
    return str(ngettext("%(num)s minute", "%(num)s minutes", length // MINUTE))


def time_left(case: CaseLine, now: datetime) -> str:
    if now > case.deadline:
        return gettext("late by %(span)s", span=span(now - case.deadline))
    return gettext("%(span)s left", span=span(case.deadline - now))


def urgency(case: CaseLine, now: datetime) -> tuple[int, str]:
    """How full its bar is, and the tone: plain, then look from three quarters on, bad when late."""
    gone = share_gone(case.opened_at, case.deadline, now)
    return gone, "bad" if now > case.deadline else "look" if gone >= 75 else "plain"
