"""What a guest answered, and the cases they were part of."""

from __future__ import annotations

from services.segments.facts.clauses import AmountClause, TextsClause
from services.segments.facts.fact import Evaluate, Fact, Index, Kind, Subject, Turn, Values
from services.segments.facts.guest_view import AnswerView, GuestView, Today
from services.segments.facts.sql import Sql, stored
from services.segments.facts.units import DAYS, NN_, Measure, Unit
from services.segments.facts.where import Where
from shared.vocabulary.case import CaseKind
from shared.vocabulary.term import N_
from shared.vocabulary.topic import TopicLabel


def last_answer(guest: GuestView) -> AnswerView | None:
    return max(guest.answers, key=lambda one: (one.day, one.order), default=None)


def answered_ago(guest: GuestView, _where: Where, today: Today) -> int | None:
    last = last_answer(guest)
    return None if last is None else (today.day - last.day).days


def last_score(guest: GuestView, _where: Where, _today: Today) -> int | None:
    last = last_answer(guest)
    return None if last is None else last.score


def spoken_of(how: str) -> Evaluate:
    def topics(guest: GuestView, _where: Where, _today: Today) -> frozenset[str]:
        last = last_answer(guest)
        return getattr(last, how) if last else frozenset()

    return topics


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
        "last_criticised",
        Kind.TEXTS,
        Subject.ANSWERS,
        N_("criticised in the last answer"),
        TextsClause(
            N_("whose last answer criticised %(value)s"),
            N_("whose last answer did not criticise %(value)s"),
            N_("whose last answer criticised %(value)s"),
            N_("whose last answer criticised none of these: %(value)s"),
            N_("whose last answer criticised %(value)s together"),
            N_("whose last answer did not criticise %(value)s together"),
            N_("whose last answer criticised something"),
            N_("whose last answer criticised nothing"),
        ),
        sql=stored("last_criticised"),
        python=spoken_of("criticised"),
        sample=str(TopicLabel.FOOD),
        values=Values.TERMS,
        terms=TopicLabel,
        hint=N_("By the words of the answer, as they were understood or as somebody of the house corrected them."),
        always_known=True,
    ),
    Fact(
        "last_praised",
        Kind.TEXTS,
        Subject.ANSWERS,
        N_("praised in the last answer"),
        TextsClause(
            N_("whose last answer praised %(value)s"),
            N_("whose last answer did not praise %(value)s"),
            N_("whose last answer praised %(value)s"),
            N_("whose last answer praised none of these: %(value)s"),
            N_("whose last answer praised %(value)s together"),
            N_("whose last answer did not praise %(value)s together"),
            N_("whose last answer praised something"),
            N_("whose last answer praised nothing"),
        ),
        sql=stored("last_praised"),
        python=spoken_of("praised"),
        sample=str(TopicLabel.STAFF),
        values=Values.TERMS,
        terms=TopicLabel,
        hint=N_("By the words of the answer, as they were understood or as somebody of the house corrected them."),
        always_known=True,
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
