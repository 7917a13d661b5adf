"""What a guest answered, and the cases they were part of."""

from __future__ import annotations

from services.segments.facts.clauses import AmountClause, TextsClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Turn, Values
from services.segments.facts.guest_view import AnswerView, GuestView, Today
from services.segments.facts.sql import Sql, stored
from services.segments.facts.units import DAYS, NN_, Measure, Unit
from services.segments.facts.where import Where
from shared.vocabulary.case import CaseKind
from shared.vocabulary.term import N_


def last_answer(guest: GuestView) -> AnswerView | None:
    return max(guest.answers, key=lambda one: (one.day, one.order), default=None)


def answered_ago(guest: GuestView, _where: Where, today: Today) -> int | None:
    last = last_answer(guest)
    return None if last is None else (today.day - last.day).days


def last_score(guest: GuestView, _where: Where, _today: Today) -> int | None:
    last = last_answer(guest)
    return None if last is None else last.score


def closed_ago(guest: GuestView, _where: Where, today: Today) -> int | None:
    days = [case.day for case in guest.cases if not case.open]
    return (today.day - max(days)).days if days else None


FACTS = (
    Fact(
        "last_answer",
        Kind.WHOLE,
        Subject.ANSWERS,
        N_("last answer to a survey, days ago"),
        AmountClause(
            N_("whose last answer to a survey came %(amount)s ago"),
            N_("who have never answered a survey"),
            known=N_("who have answered a survey"),
        ),
        sql=Sql("(p.today - p.last_answer_on)"),
        python=answered_ago,
        sample=30,
        unit=DAYS,
        moved=N_("So much time has passed since the last answer."),
        turn=Turn.SINCE,
        index=Index.LAST_ANSWER,
    ),
    Fact(
        "last_score",
        Kind.WHOLE,
        Subject.ANSWERS,
        N_("score of the last answer"),
        AmountClause(
            N_("whose last score was %(amount)s"),
            N_("who have never given a score"),
            known=N_("who have given a score"),
        ),
        sql=stored("last_score"),
        python=last_score,
        sample=9,
        unit=Unit(Measure.COUNT, NN_("%(shown)s of 10", "%(shown)s of 10"), N_("of 10")),
    ),
    Fact(
        "answers",
        Kind.WHOLE,
        Subject.ANSWERS,
        N_("number of answers"),
        AmountClause(
            N_("who have given %(amount)s"),
            N_("of whom it is not known whether they answered"),
            none=N_("who have given no answer"),
            some=N_("who have given an answer"),
        ),
        sql=stored("answers"),
        python=lambda guest, _where, _today: len(guest.answers),
        sample=2,
        unit=Unit(Measure.COUNT, NN_("%(shown)s answer", "%(shown)s answers"), N_("answers")),
        always_known=True,
    ),
    Fact(
        "open_cases",
        Kind.TEXTS,
        Subject.ANSWERS,
        N_("open cases"),
        TextsClause(
            N_("who have an open case: %(value)s"),
            N_("who have no open case: %(value)s"),
            N_("who have an open case of one of these kinds: %(value)s"),
            N_("who have no open case of these kinds: %(value)s"),
            N_("who have open cases of all these kinds: %(value)s"),
            N_("who do not have open cases of all these kinds: %(value)s"),
            N_("who have an open case"),
            N_("who have no open case"),
        ),
        sql=stored("open_cases"),
        python=lambda guest, _where, _today: frozenset(case.kind for case in guest.cases if case.open),
        sample=str(CaseKind.COMPLAINT),
        values=Values.TERMS,
        terms=CaseKind,
        always_known=True,
    ),
    Fact(
        "last_case_closed",
        Kind.WHOLE,
        Subject.ANSWERS,
        N_("last case closed, days ago"),
        AmountClause(
            N_("whose last case was closed %(amount)s ago"),
            N_("of whom no case was ever closed"),
            known=N_("of whom a case was closed"),
        ),
        sql=Sql("(p.today - p.last_case_closed_on)"),
        python=closed_ago,
        sample=14,
        unit=DAYS,
        moved=N_("So much time has passed since the case was closed."),
        turn=Turn.SINCE,
        index=Index.LAST_CASE_CLOSED,
    ),
)
