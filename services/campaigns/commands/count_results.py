"""Results of few guests are counted as they are asked for; those of many by a role, whose last figures a page shows.

So a small house always sees the newest, and a large one's page waits for nothing: it says of when its figures are, and
shows them anew once they were counted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from services.campaigns.queries.goal_results import GoalLine, goal_rows
from services.campaigns.queries.key_figures import WON_WITHIN, Won, clicks_are_many, won_by_window, won_of, won_rows
from services.campaigns.queries.results import (
    By,
    ResultLine,
    Window,
    are_many,
    lines_of,
    result_rows,
)
from services.campaigns.queries.returns import are_many_in_all, return_rows, returns_of
from services.campaigns.rules.returns import Returns
from services.campaigns.store import results_kept as store
from services.campaigns.store.results_kept import Question
from shared.access.scope import Scope
from shared.database.pool import Tx
from shared.localtime import local_date, local_instant
from shared.vocabulary.window import A_COURSE, Span, last_windows
from shared.vocabulary.window import Window as Days

AT_ONCE = 3_000  # enrolments, or clicks: what they brought takes a page a tenth of a second
SHOWN_FOR = timedelta(hours=1)
ASKED_WITHIN = timedelta(days=1)  # counted every hour for so long after somebody asked
TIMES = {"shown_for": SHOWN_FOR, "asked_within": ASKED_WITHIN}
A_DAY = timedelta(days=1)
GOALS = "goals"  # beside what `By` tells apart
WON, WON_COURSE, RETURNS = "won", "won-course", "returns"  # of all journeys, which have no key together
EVERY_JOURNEY = ""


@dataclass(frozen=True)
class Counted:
    """`at`: when, None where it was never counted yet. `is_awaited`: newer figures are being counted."""

    at: datetime | None
    rows: list[Any]
    is_awaited: bool = False

    @property
    def lines(self) -> list[ResultLine]:
        return lines_of(self.rows)

    @property
    def goals(self) -> list[GoalLine]:
        return [GoalLine(*values) for values in self.rows]

    @property
    def won(self) -> Won | None:
        """None where it was never counted yet."""
        return None if self.at is None else won_of(self.rows)

    @property
    def by_window(self) -> dict[int, int] | None:
        """Bookings won by window, counted from 0; None where they were never counted yet."""
        return None if self.at is None else dict(self.rows)

    @property
    def returns(self) -> Returns | None:
        """None where it was never counted yet."""
        return None if self.at is None else returns_of(self.rows)


@dataclass(frozen=True)
class Asking:
    """Whoever asks: for which hotels, and when. `anew`: what was counted before is not enough. `waits`: until all is
    counted, as for a file."""

    scope: Scope
    at: datetime
    anew: bool = False
    waits: bool = False


def count_results(tx: Tx, key: str, window: Window, by: By, asking: Asking) -> Counted:
    return _counted(tx, key, window, str(by), asking)


def count_goals(tx: Tx, key: str, window: Window, asking: Asking) -> Counted:
    return _counted(tx, key, window, GOALS, asking)


def count_won(tx: Tx, since: datetime, until: datetime, asking: Asking) -> Counted:
    """Bookings won between these instants, by all journeys. `until` may lie ahead, so that a month is one question."""
    return _counted(tx, EVERY_JOURNEY, Window(since, until, WON_WITHIN), WON, asking)


def count_won_course(tx: Tx, span: Span, first: date, zone: str, asking: Asking) -> Counted:
    """The same of the last windows up to that of a day, by the midnights of a zone: rows of which of them it is,
    counted from 0, and the bookings."""
    bounds = _bounds(last_windows(span, first, A_COURSE), zone)
    window = Window(bounds[0], bounds[-1], WON_WITHIN)
    return _counted(tx, EVERY_JOURNEY, window, f"{WON_COURSE} {span} {zone}", asking)


def count_returns(tx: Tx, since: datetime, until: datetime, asking: Asking) -> Counted:
    """What messages cost and brought, of all journeys; `until` as above."""
    return _counted(tx, EVERY_JOURNEY, Window(since, until, WON_WITHIN), RETURNS, asking)


def _counted(tx: Tx, key: str, window: Window, by: str, asking: Asking) -> Counted:
    at = asking.at
    question = Question(key, by, **window.values, **asking.scope.values)
    if not _are_many(tx, question):
        return Counted(at, _rows(tx, question))
    kept = store.find(tx, question, at)
    is_new = kept is not None and kept.counted_at is not None and kept.counted_at >= at - SHOWN_FOR
    if asking.waits and not is_new:
        rows = _rows(tx, question)
        with tx.writing() as keeping:
            store.keep(keeping, question, rows, at)
        return Counted(at, rows)
    if asking.anew or not is_new:
        with tx.writing() as wanting:
            store.want(wanting, question, at)
    is_awaited = asking.anew or not is_new or (kept is not None and kept.wanted_at is not None)
    if kept is None or kept.lines is None:
        return Counted(None, [], is_awaited=True)
    return Counted(kept.counted_at, kept.lines, is_awaited)


def next_count(tx: Tx) -> datetime | None:
    return store.next_due(tx, TIMES)


def claim_count(tx: Tx, now: datetime) -> Question | None:
    """What is to be counted next; what was asked for until the day of the question goes until today."""
    store.drop_before(tx, now - ASKED_WITHIN - SHOWN_FOR)
    due = store.due_of(tx, TIMES, now)
    if due is None:
        return None
    question, asked_at = due
    if question.journey and asked_at < question.until <= now and question.until - asked_at <= A_DAY:
        return store.move_on(tx, question, A_DAY * ((now - question.until) // A_DAY + 1))
    return question


def count_one(tx: Tx, question: Question, now: datetime) -> None:
    """Counted and kept; where they are few by now, pages count them themselves."""
    if _are_many(tx, question):
        store.keep(tx, question, _rows(tx, question), now)
    else:
        store.drop(tx, question)


def _are_many(tx: Tx, question: Question) -> bool:
    if question.by.split()[0] in (WON, WON_COURSE):
        return clicks_are_many(tx, question.since, question.until, AT_ONCE)
    if question.by == RETURNS:
        return are_many_in_all(tx, question.since, question.until, AT_ONCE)
    return are_many(tx, question.journey, _window(question), AT_ONCE)


def _rows(tx: Tx, question: Question) -> list[Any]:
    scope = Scope(frozenset(question.hotels), question.everywhere)
    if question.by == WON:
        return won_rows(tx, question.since, question.until, scope)
    if question.by.startswith(WON_COURSE):
        _, span, zone = question.by.split()
        last = local_date(question.until, zone) - A_DAY
        return won_by_window(tx, _bounds(last_windows(Span(span), last, A_COURSE), zone), scope)
    if question.by == RETURNS:
        return return_rows(tx, question.since, question.until, scope)
    if question.by == GOALS:
        return goal_rows(tx, question.journey, _window(question), scope)
    return result_rows(tx, question.journey, _window(question), By(question.by), scope)


def _bounds(windows: Sequence[Days], zone: str) -> list[datetime]:
    """The midnights between them, with the first and the last."""
    days = [*(one.first for one in windows), windows[-1].until]
    return [local_instant(day, time(0), zone) for day in days]


def _window(question: Question) -> Window:
    return Window(question.since, question.until, question.within, question.version)
