"""Every morning all that is watched is judged: what is new is told, what is as usual again ends."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, date, datetime, time, timedelta

from services.console.commands.notices import publish_notices, request_notice
from services.console.queries.properties import all_properties
from services.console.queries.watched import quiet_hotels, series_of
from services.console.queries.watched_apart import senders, sources
from services.console.rules.warnings.outside import Outside, folded, same_warning
from services.console.rules.warnings.signals import WATCHED, judge, silence, silent_source
from services.console.store import accounts, feeds
from services.console.store import signals as signals_of_days
from services.console.store.warnings import calls_duty, end_warnings, keep_warning, told_roles
from shared.bus.outbox import publish
from shared.database.pool import Tx
from shared.events import chunk_of
from shared.events.console import WarningRaised
from shared.ids import make_id
from shared.vocabulary.notice import NoticeKind
from shared.vocabulary.role import Role
from shared.vocabulary.signal import Signal

HOUR = time(5, 0)  # UTC
KEPT = timedelta(days=400)
USEFUL_FOR = timedelta(days=2)
PAGE = "/figures/warnings"
WARNINGS = tuple(dict.fromkeys(same_warning(signal) for signal in (*WATCHED, Signal.FEED, Signal.UNHEARD)))
"""The signals of each warning."""


def next_watch(tx: Tx) -> datetime:
    """At once where nothing was ever judged."""
    return signals_of_days.next_night(tx) or datetime.min.replace(tzinfo=UTC)


def watch(tx: Tx, now: datetime) -> list[Outside]:
    """What is new. Done again on a day it changes no more than the numbers."""
    today = now.astimezone(UTC).date()
    yesterday, hotels = today - timedelta(days=1), {one.code: one.name for one in all_properties(tx)}
    news: list[Outside] = []
    explained: set[str] = set()  # hotels of which a source is silent: that no booking comes is told with it
    for signals in WARNINGS:
        outside = folded([one for signal in signals for one in _outside(tx, signal, yesterday, hotels.keys())])
        begins = [one.signal is not Signal.UNHEARD or one.property not in explained for one in outside]
        kept = [
            keep_warning(tx, one, signals, yesterday, now, begins=may_begin)
            for one, may_begin in zip(outside, begins, strict=True)
        ]
        news += [one for one, is_new in zip(outside, kept, strict=True) if is_new]
        end_warnings(tx, signals, outside, yesterday)
        explained |= {one.property for one in outside if one.signal is Signal.FEED}
    publish_raised(tx, news, yesterday, now)
    _tell(tx, news, hotels, now)
    signals_of_days.drop_before(tx, today - KEPT)
    feeds.drop_before(tx, today - KEPT)
    morning = datetime.combine(today, HOUR, UTC)
    signals_of_days.plan_night(tx, morning if morning > now else morning + timedelta(days=1))
    return news


def publish_raised(tx: Tx, news: Sequence[Outside], day: date, now: datetime) -> None:
    """Told to other services, and outside to those who asked for it."""
    calls = calls_duty(tx)
    raised = [
        WarningRaised(
            warning_id=make_id("warning", *_named(one, day)),
            version=1,
            signal=one.signal,
            property=one.property,
            day=day,
            value=f"{one.judged.value:.4f}",
            centre=f"{one.judged.centre:.4f}",
            border=f"{one.judged.border:.4f}",
            part=one.part,
            whole=one.whole,
            calls_duty=calls,
            occurred_at=now,
            about=one.about,
        )
        for one in news
    ]
    if raised:
        publish(tx, chunk_of(raised), at=now)


def _outside(tx: Tx, signal: Signal, yesterday: date, hotels: Collection[str]) -> list[Outside]:
    """Of hotels that there are, or of none."""
    if signal is Signal.SENDER:
        return _senders(tx, yesterday)
    if signal is Signal.UNHEARD:
        silences = [(one, silence(one.active, one.days, one.silent)) for one in quiet_hotels(tx, yesterday)]
        found = [Outside(signal, one.property, was, one.silent, one.active) for one, was in silences if was]
    elif signal is Signal.FEED:
        found = _sources(tx, yesterday)
    else:
        found = []
        for hotel, points in series_of(tx, signal, yesterday).items():
            if was := judge(signal, points):
                now = points[-1]
                part = now.part if now.told is None else now.told
                found.append(Outside(signal, hotel, was, round(part), round(now.whole)))
    return [one for one in found if one.judged.is_outside and one.property in hotels]


def _senders(tx: Tx, yesterday: date) -> list[Outside]:
    found = []
    for one in senders(tx, yesterday):
        was, now = judge(Signal.SENDER, one.points), one.points[-1]
        if was and was.is_outside:
            numbers = round(now.part), round(now.whole)
            found.append(Outside(Signal.SENDER, "", was, *numbers, f"{one.sender} {one.purpose}", one.name))
    return found


def _sources(tx: Tx, yesterday: date) -> list[Outside]:
    judged = [(one, silent_source(one.gaps, one.silent)) for one in sources(tx, yesterday)]
    return [
        Outside(Signal.FEED, one.property, was, one.silent, len(one.gaps), one.source, one.source)
        for one, was in judged
        if was
    ]


def _tell(tx: Tx, news: Sequence[Outside], names: dict[str, str], now: datetime) -> None:
    """Whoever has one of the roles chosen, and looks after the hotel. Nothing personal is in the mail."""
    if not news:
        return
    people = [account for role in told_roles(tx) for account in accounts.with_role(tx, Role(role))]
    publish_notices(
        tx,
        [
            request_notice(
                tx,
                account,
                NoticeKind.WARNING,
                {"hotel": _where(one, names), "what": str(one.signal)},
                now,
                notice_id=make_id(
                    "warning",
                    account.person_id,
                    one.signal,
                    one.property,
                    now.date(),
                    *([one.about] if one.about else []),
                ),
                page=PAGE,
                useful_for=USEFUL_FOR,
            )
            for one in news
            for account in people
            if not account.properties or one.property in account.properties
        ],
        now,
    )


def _where(one: Outside, names: dict[str, str]) -> str:
    """The hotel, and the sender or the source."""
    return " · ".join(filter(None, (names.get(one.property, one.property), one.named)))


def _named(one: Outside, day: date) -> list[object]:
    """What makes it another warning."""
    return [one.signal, one.property, day, *([one.about] if one.about else [])]
