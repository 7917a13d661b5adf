"""Codes as a person reads them, and a guest's words as far as the reader may see them."""

from __future__ import annotations

from datetime import datetime, timedelta

from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _l

from services.feedback.queries.cases import CaseLine
from services.feedback.rules.cases import HIGHEST, Reason, share_gone
from services.feedback.rules.words import in_part
from shared.access.people import May
from shared.crypto.sealing import Sealed
from shared.web.access_control import me
from shared.web.site import here

KINDS = {"follow_up": _l("Follow-up"), "complaint": _l("Complaint")}
HOW_SAID = {
    Reason.DESK: _l("At the desk"),
    Reason.PHONE: _l("On the phone"),
    Reason.EMAIL: _l("By e-mail"),
    Reason.REPLY: _l("By text message"),
    Reason.REVIEW: _l("In a review"),
    Reason.SAID: _l("Otherwise"),
}
OUTCOMES = {
    "put_right": _l("Put right"),
    "apologised": _l("Apologised"),
    "compensated": _l("Compensated"),
    "explained": _l("Explained"),
    "not_reached": _l("Not reached"),
    "nothing_to_do": _l("Nothing to do"),
}
TAKEN_AS = {
    "stop": _l("Taken as STOP"),
    "score": _l("Taken as a score"),
    "stop_inside": _l("May mean «stop»"),
    "help": _l("Asked for help"),
    "words": _l("For a person to read"),
}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def words_of(sealed: str | None) -> str:
    """A guest's words: in full for those who may see contacts, else in part."""
    if not sealed:
        return ""
    text = here().database.keyring.open(Sealed(sealed))
    return text if me().may(May.SEE_CONTACTS) else in_part(text)


def why(case: CaseLine) -> str:
    """Why a case was opened, in a sentence."""
    if case.reason == Reason.SCORE and case.score is not None:
        return gettext("Gave the stay %(score)s of %(highest)s.", score=case.score, highest=HIGHEST)
    if case.reason == Reason.SCORE:
        return gettext("Gave the stay a low score.")
    if case.reason == Reason.STOP_INSIDE:
        return gettext("A reply contains a word that may mean «stop».")
    how = HOW_SAID[Reason(case.reason)]
    return gettext("%(how)s, taken down by %(name)s.", how=how, name=case.opened_by or "–")


def outcome(code: str | None) -> str:
    return str(OUTCOMES.get(code or "", code or ""))


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
