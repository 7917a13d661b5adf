"""Membership in other segments. `rules/language/nested.py` puts their rules in its place before it is evaluated.

What it leaves of a membership that must have held for some days is since when: a day that is kept with the membership
of each segment that some rule asks this of.
"""

from __future__ import annotations

from datetime import timedelta

from services.segments.facts.clauses import TextClause
from services.segments.facts.fact import Fact, Index, Kind, Subject, Turn, Values
from services.segments.facts.guest_view import GuestView, Today
from services.segments.facts.sql import Sql
from services.segments.facts.where import HELD, Where
from shared.vocabulary.term import N_

# Whoever has no day is in since today; of a segment whose days are not kept yet (its rule is being tried), the log
# tells, and of whom it says nothing, that they were in when the rule was first evaluated.
HELD_DAYS = """coalesce(
    p.today - (select since from membership_since q where q.guest_id = p.guest_id
        and q.segment = (select number from segment where key = {key})),
    (select p.today - (coalesce(
            (select max(at) from membership_change l
                where l.guest_id = p.guest_id and l.segment = x.number and l.entered),
            x.evaluated_at) at time zone p.home_zone)::date
        from segment x where x.key = {key} and not x.days_kept),
    0)"""


def held(guest: GuestView, where: Where, today: Today) -> frozenset[str]:
    """The segments they have been in for so long; none without a length, since no live segment is asked for then."""
    if where.for_days is None:
        return frozenset()
    before = today.day - timedelta(days=where.for_days)
    return frozenset(key for key, since in guest.held.items() if since <= before)


FACTS = (
    Fact(
        "in_segment",
        Kind.MEMBERSHIP,
        Subject.GROUPS,
        N_("segment"),
        TextClause(N_("who are in the segment %(value)s"), N_("who are not in the segment %(value)s")),
        sql=Sql("'{}'::text[]", held=HELD_DAYS),  # what is left in a rule names no live segment
        python=held,
        sample="gold",
        values=Values.SEGMENTS,
        hint=N_(
            "«For at least … days»: so many days ago they came in, and have not left since. Whatever can be asked can "
            "be made a segment, and asked here for how long it has been so."
        ),
        moved=N_("So many days have passed since they came into the segment."),
        always_known=True,
        where=HELD,
        turn=Turn.SINCE,
        index=Index.HELD_SINCE,
    ),
)
