"""Every morning all that is watched is judged: what is new is told, what is as usual again ends."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, time, timedelta

from services.console.commands.notices import publish_notices, request_notice
from services.console.queries.properties import all_properties
from services.console.queries.watched import quiet_hotels, series_of
from services.console.rules.warnings.control import Judged
from services.console.rules.warnings.signals import WATCHED, judge, silence
from services.console.store import accounts, signals
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
News = list[tuple[Signal, str]]
Raised = tuple[Signal, str, Judged, tuple[int, int]]
"""What is new: a signal of a hotel, what was found, and its two numbers."""


def next_watch(tx: Tx) -> datetime:
    """At once where nothing was ever judged."""
    return signals.next_night(tx) or datetime.min.replace(tzinfo=UTC)


def watch(tx: Tx, now: datetime) -> News:
    """What is new. Done again on a day it changes no more than the numbers."""
    today = now.astimezone(UTC).date()
    yesterday, hotels = today - timedelta(days=1), {one.code: one.name for one in all_properties(tx)}
    news: list[Raised] = []
    for signal in (*WATCHED, Signal.UNHEARD):
        outside, usual = _judged(tx, signal, yesterday, hotels.keys())
        for code, (found, parts) in sorted(outside.items()):
            if keep_warning(tx, signal, code, yesterday, found, parts, now):
                news.append((signal, code, found, parts))
        end_warnings(tx, signal, usual, yesterday)
    publish_raised(tx, news, yesterday, now)
    _tell(tx, [one[:2] for one in news], hotels, now)
    signals.drop_before(tx, today - KEPT)
    morning = datetime.combine(today, HOUR, UTC)
    signals.plan_night(tx, morning if morning > now else morning + timedelta(days=1))
    return [one[:2] for one in news]


def publish_raised(tx: Tx, news: Sequence[Raised], day: date, now: datetime) -> None:
    """Told to other services, and outside to those who asked for it."""
    calls = calls_duty(tx)
    raised = [
        WarningRaised(
            warning_id=make_id("warning", signal, code, day),
            version=1,
            signal=signal,
            property=code,
            day=day,
            value=f"{found.value:.4f}",
            centre=f"{found.centre:.4f}",
            border=f"{found.border:.4f}",
            part=parts[0],
            whole=parts[1],
            calls_duty=calls,
            occurred_at=now,
        )
        for signal, code, found, parts in news
    ]
    if raised:
        publish(tx, chunk_of(raised), at=now)


Found = dict[str, tuple[Judged, tuple[int, int]]]


def _judged(tx: Tx, signal: Signal, yesterday: date, hotels: Iterable[str]) -> tuple[Found, list[str]]:
    """By hotel what lies outside, and the hotels where it does not."""
    found: Found = {}
    if signal in WATCHED:
        for code, points in series_of(tx, signal, yesterday).items():
            judged = judge(signal, points)
            if judged and judged.is_outside:
                found[code] = judged, (round(points[-1].part), round(points[-1].whole))
    else:
        for one in quiet_hotels(tx, yesterday):
            judged = silence(one.active, one.days, one.silent)
            if judged and judged.is_outside:
                found[one.property] = judged, (one.silent, one.active)
    known = set(hotels)
    return {code: one for code, one in found.items() if code in known}, sorted(known - found.keys())


def _tell(tx: Tx, news: News, names: dict[str, str], now: datetime) -> None:
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
                {"hotel": names[code], "what": str(signal)},
                now,
                notice_id=make_id("warning", account.person_id, signal, code, now.date()),
                page=PAGE,
                useful_for=USEFUL_FOR,
            )
            for signal, code in news
            for account in people
            if not account.properties or code in account.properties
        ],
        now,
    )
