"""Departments, history and calls in the reader's words. Templates use this module as `told`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import groupby
from typing import assert_never

from flask_babel import gettext

from services.feedback.pages.labels import outcome
from services.feedback.queries.care.around import CallLine, CompensationLine
from services.feedback.queries.cases import EntryLine
from services.feedback.rules.care import Care, CareOption, Department, Matter
from services.feedback.rules.cases import EntryKind
from shared.access.people import Person
from shared.vocabulary.case import AlertReason, Compensation, Contentment
from shared.vocabulary.channel import Channel
from shared.vocabulary.notice import NoticeReason
from shared.web.i18n.formatting import money
from shared.web.i18n.labels import label
from shared.web.i18n.languages import locale

KINDS = {"department": Department, "matter": Matter}
CONTENTMENTS = tuple(Contentment)


def option(which: str, one: CareOption) -> str:
    """In the hotel's own words where it has some, in the reader's language where it has those."""
    own = one.name_zh if locale().language == "zh" and one.name_zh else one.name
    if own or one.name_zh:
        return own or one.name_zh
    kind = KINDS[which]
    return label(kind(one.code)) if one.code in list(kind) else one.code


def named(care: Care, which: str, code: str | None) -> str:
    """What a department or a matter is called; empty for none."""
    if not code:
        return ""
    found = care.every(which).get(code)
    return option(which, found) if found else code


def choices(care: Care, which: str, kept: str | None = None) -> list[tuple[str, str]]:
    """Those in use, and the one that a case has."""
    found = {one.code: option(which, one) for one in care.options(which)}
    if kept and kept not in found:
        found[kept] = named(care, which, kept)
    return list(found.items())


def levels(care: Care) -> list[tuple[int, str]]:
    """Each with the hours it gives."""
    return [
        (level, gettext("level %(level)s: %(hours)s hours", level=level, hours=hours))
        for level, hours in enumerate(care.terms.hours, 1)
    ]


def contentment(code: str) -> Contentment:
    return Contentment(code)


def given(about: str | None) -> str:
    """A compensation as the history keeps it: its kind, an amount and a currency."""
    kind, _, priced = (about or "").partition(" ")
    amount, _, currency = priced.partition(" ")
    return _given(kind, Decimal(amount) if currency else None, currency)


def given_line(line: CompensationLine) -> str:
    return _given(line.kind, line.amount, line.currency)


def _given(kind: str, amount: Decimal | None, currency: str | None) -> str:
    name = label(Compensation(kind)) if kind in list(Compensation) else kind
    if amount is None or not currency:
        return name
    return gettext("%(kind)s, %(amount)s", kind=name, amount=money(amount, currency))


def compensations() -> list[tuple[str, str]]:
    return [(str(one), label(one)) for one in Compensation]


def departments(cares: Mapping[str | None, Care]) -> list[tuple[str, str]]:
    """Those of several hotels, each code once, by name."""
    found = {code: name for care in cares.values() for code, name in choices(care, "department")}
    return sorted(found.items(), key=lambda pair: pair[1])


def people(found: Sequence[Person]) -> list[tuple[str, str]]:
    return [(str(one.person_id), one.name) for one in found]


def entry(line: EntryLine, care: Care) -> tuple[str, str, str]:
    """A line of a case's history: the sentence that says who did what, its icon and its tone."""
    by, about = line.by_name, line.about
    match kind := EntryKind(line.kind):
        case EntryKind.ASSIGNED if by == about:
            return gettext("%(by)s took it on.", by=by), "person", "plain"
        case EntryKind.ASSIGNED:
            return gettext("%(by)s assigned it to %(name)s.", by=by, name=about), "person", "plain"
        case EntryKind.NOTE:
            return gettext("%(by)s noted:", by=by), "pencil", "plain"
        case EntryKind.CLOSED:
            return gettext("%(by)s closed it: %(outcome)s.", by=by, outcome=outcome(about)), "tick", "good"
        case EntryKind.REOPENED:
            return gettext("%(by)s opened it again.", by=by), "flag", "plain"
        case EntryKind.DEPARTMENT | EntryKind.MATTER | EntryKind.ROOM | EntryKind.LEVEL:
            return _placed(kind, by, about, care), "path", "plain"
        case EntryKind.COMPENSATED:
            return gettext("%(by)s recorded what was given: %(what)s.", by=by, what=given(about)), "coins", "plain"
        case EntryKind.WITHDRAWN:
            text = gettext("%(by)s withdrew what was given: %(what)s.", by=by, what=given(about))
            return text, "coins", "look"
        case EntryKind.PICTURE:
            return gettext("%(by)s added a picture.", by=by), "page", "plain"
        case EntryKind.PICTURE_GONE:
            return gettext("%(by)s removed a picture.", by=by), "page", "look"
        case EntryKind.MERGED:
            return gettext("%(by)s merged it into another case.", by=by), "path", "plain"
        case EntryKind.TOOK_IN:
            return gettext("%(by)s merged another case into this one.", by=by), "path", "plain"
        case EntryKind.LATE:
            return gettext("The deadline passed."), "clock", "bad"
        case _:
            assert_never(kind)


def _placed(kind: EntryKind, by: str, about: str | None, care: Care) -> str:
    nothing = "–"
    match kind:
        case EntryKind.DEPARTMENT:
            name = named(care, "department", about) or nothing
            return gettext("%(by)s gave it to: %(department)s.", by=by, department=name)
        case EntryKind.MATTER:
            name = named(care, "matter", about) or nothing
            return gettext("%(by)s noted what it is about: %(matter)s.", by=by, matter=name)
        case EntryKind.ROOM:
            return gettext("%(by)s noted the room: %(room)s.", by=by, room=about or nothing)
        case _:
            return gettext("%(by)s made it level %(level)s.", by=by, level=about)


@dataclass(frozen=True)
class Called:
    """One call on every channel: who, by what, when, and what became of it."""

    name: str
    channels: str
    at: datetime
    text: str
    tone: str


@dataclass(frozen=True)
class Ring:
    """One alert with its calls."""

    line: CallLine
    calls: Sequence[Called]

    @property
    def because(self) -> str:
        return label(AlertReason(self.line.because))


def rings(lines: Sequence[CallLine]) -> list[Ring]:
    found = []
    for _, of_alert in groupby(lines, key=lambda line: line.alert_id):
        of_one = list(of_alert)
        by_turn = groupby((line for line in of_one if line.name), key=lambda line: (line.turn, line.name))
        calls = [list(each) for _, each in by_turn]
        found.append(Ring(of_one[0], [_called(each, is_last=each is calls[-1]) for each in calls]))
    return found


def _called(calls: Sequence[CallLine], *, is_last: bool) -> Called:
    first = calls[0]
    assert first.name is not None and first.called_at is not None
    channels = gettext(" and ").join(label(Channel(one.channel)) for one in calls if one.channel)
    text, tone = _became(calls, first, is_last=is_last)
    return Called(first.name, channels, first.called_at, text, tone)


def _became(calls: Sequence[CallLine], first: CallLine, *, is_last: bool) -> tuple[str, str]:
    """What the best of the channels came to."""
    states = {one.state for one in calls}
    if not states & {"asked", "sent"}:
        reasons = {label(NoticeReason(one.reason)) for one in calls if one.reason}
        if "unknown" in states:
            return gettext("nobody knows whether it arrived"), "bad"
        return gettext("not sent: %(reason)s", reason="; ".join(sorted(reasons))), "bad"
    if first.ended == "answered" and is_last:
        return gettext("answered by %(name)s", name=first.answered_by), "good"
    if is_last and first.next_at is not None:
        return (gettext("sent, no answer yet") if "sent" in states else gettext("on its way")), "look"
    return gettext("no answer"), "plain"
