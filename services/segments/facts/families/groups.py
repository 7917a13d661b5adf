"""Groups that are not made of what a guest did: lists, the journeys that wrote to them, shares drawn at random."""

from __future__ import annotations

from hashlib import md5

from services.segments.facts.clauses import AmountClause, TextsClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Turn, Values
from services.segments.facts.guest_view import GuestView, Today
from services.segments.facts.sql import Sql, stored
from services.segments.facts.units import DAYS, NN_, Measure, Unit
from services.segments.facts.where import JOURNEY, Where
from shared.vocabulary.term import N_

DRAWN = "(('x' || substr(md5('share ' || p.guest_id::text), 1, 7))::bit(28)::int %% 100 + 1)"


def drawn(guest: GuestView, _where: Where, _today: Today) -> int:
    """Chance by a hash: the same number for the same guest for ever."""
    return int(md5(f"share {guest.guest_id}".encode(), usedforsecurity=False).hexdigest()[:7], 16) % 100 + 1


def entered_ago(guest: GuestView, _where: Where, today: Today) -> int | None:
    return (today.day - max(guest.entered.values())).days if guest.entered else None


def one_entered_ago(guest: GuestView, where: Where, today: Today) -> int | None:
    on = guest.entered.get(where.journey[0])
    return (today.day - on).days if on else None


FACTS = (
    Fact(
        "lists",
        Kind.TEXTS,
        Subject.GROUPS,
        N_("lists"),
        TextsClause(
            N_("who are on the list %(value)s"),
            N_("who are not on the list %(value)s"),
            N_("who are on one of the lists %(value)s"),
            N_("who are on none of the lists %(value)s"),
            N_("who are on all of the lists %(value)s"),
            N_("who are not on all of the lists %(value)s"),
            N_("who are on a list"),
            N_("who are on no list"),
        ),
        sql=stored("lists"),
        python=lambda guest, _where, _today: guest.lists,
        sample="fair-2016",
        values=Values.LISTS,
        always_known=True,
    ),
    Fact(
        "journeys",
        Kind.TEXTS,
        Subject.CONTACT,
        N_("journeys that wrote to them"),
        TextsClause(
            N_("to whom the journey %(value)s has written"),
            N_("to whom the journey %(value)s has not written"),
            N_("to whom one of the journeys %(value)s has written"),
            N_("to whom none of the journeys %(value)s has written"),
            N_("to whom all of the journeys %(value)s have written"),
            N_("to whom not all of the journeys %(value)s have written"),
            N_("to whom a journey has written"),
            N_("to whom no journey has written"),
        ),
        sql=stored("journeys"),
        python=lambda guest, _where, _today: guest.journeys,
        sample="win-back",
        values=Values.JOURNEYS,
        always_known=True,
    ),
    Fact(
        "journeys_entered",
        Kind.TEXTS,
        Subject.CONTACT,
        N_("journeys entered"),
        TextsClause(
            N_("who have entered the journey %(value)s"),
            N_("who have not entered the journey %(value)s"),
            N_("who have entered one of the journeys %(value)s"),
            N_("who have entered none of the journeys %(value)s"),
            N_("who have entered all of the journeys %(value)s"),
            N_("who have not entered all of the journeys %(value)s"),
            N_("who have entered a journey"),
            N_("who have entered no journey"),
        ),
        sql=stored("journeys_entered"),
        python=lambda guest, _where, _today: frozenset(guest.entered),
        sample="win-back",
        values=Values.JOURNEYS,
        hint=N_("Whoever a journey's control group keeps its messages from has entered it too."),
        always_known=True,
    ),
    Fact(
        "last_entered",
        Kind.WHOLE,
        Subject.CONTACT,
        N_("last journey entered, days ago"),
        AmountClause(
            N_("who last entered a journey %(amount)s ago"),
            N_("who have never entered a journey"),
            known=N_("who have ever entered a journey"),
        ),
        sql=Sql("(p.today - p.last_entered_on)"),
        python=entered_ago,
        sample=14,
        unit=DAYS,
        moved=N_("So much time has passed since they last entered a journey."),
        turn=Turn.SINCE,
        index=Index.LAST_ENTERED,
    ),
    Fact(
        "journey_entered",
        Kind.WHOLE,
        Subject.CONTACT,
        N_("one journey entered, days ago"),
        AmountClause(
            N_("who last entered the journey «%(journey)s» %(amount)s ago"),
            N_("who have never entered the journey «%(journey)s»"),
            known=N_("who have ever entered the journey «%(journey)s»"),
        ),
        sql=Sql(of_journey="(p.today - (p.entered_days ->> {key})::date)"),
        python=one_entered_ago,
        sample=14,
        unit=DAYS,
        hint=N_("Whoever a journey's control group keeps its messages from has entered it too."),
        moved=N_("So much time has passed since they last entered the journey."),
        where=JOURNEY,
        needs=JOURNEY,
        turn=Turn.SINCE,
        index=Index.JOURNEY_ENTERED,
    ),
    Fact(
        "random",
        Kind.WHOLE,
        Subject.GROUPS,
        N_("random number from 1 to 100"),
        AmountClause(
            N_("whose random number from 1 to 100 is %(amount)s"), N_("of whom it is not known which number they drew")
        ),
        sql=Sql(DRAWN),
        python=drawn,
        sample=20,
        unit=Unit(Measure.COUNT, NN_("%(shown)s", "%(shown)s"), N_("of 100")),
        hint=N_("Each guest has drawn one number for good: «at most 20» is a random fifth of all guests."),
        always_known=True,
    ),
)
