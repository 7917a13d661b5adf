"""How much is missing until the next tier, by the house's ladder."""

from __future__ import annotations

from datetime import timedelta
from decimal import ROUND_CEILING, Decimal

from services.segments.facts.clauses import AmountClause
from services.segments.facts.fact import Fact, Kind, Subject
from services.segments.facts.guest_view import GuestView, Today, took_place
from services.segments.facts.sql import Sql
from services.segments.facts.units import NN_, Measure, Unit
from services.segments.facts.where import Where
from shared.vocabulary.term import N_

WINDOW_DAYS = 365
OF_A_STAY = {"nights": "nights", "spend": "reported"}
OWN = """
    case when l.measure = 'points' then f.points::numeric
        when l.window_days is null then
            case l.measure when 'nights' then f.nights when 'stays' then f.stays else f.spend end
        else (
            select case l.measure when 'nights' then coalesce(sum(s.nights), 0) when 'stays' then count(*)
                else coalesce(sum(s.reported), 0) end
            from stay s
            where s.guest_id = f.guest_id and s.status = 'checked_out' and not s.muted
                and s.checked_out_on > a.today - l.window_days
        ) end
"""


def missing(guest: GuestView, _where: Where, today: Today) -> int | None:
    """Until the lowest step that is above what the guest has; None for whoever is at the top, or has unknown points."""
    ladder = today.ladder
    own = None if ladder is None else _own(guest, ladder.measure, today, windowed=ladder.window_days is not None)
    ahead = [needed for needed in (ladder.steps if ladder else ()) if own is not None and needed > own]
    return int((min(ahead) - own).to_integral_value(ROUND_CEILING)) if ahead and own is not None else None


def _own(guest: GuestView, measure: str, today: Today, *, windowed: bool) -> Decimal | None:
    if measure == "points":
        return None if guest.points is None else Decimal(guest.points)
    since = today.day - timedelta(days=WINDOW_DAYS)
    stays = [
        stay
        for stay in took_place(guest.stays)
        if not windowed or (stay.checked_out_on is not None and stay.checked_out_on > since)
    ]
    if measure == "stays":
        return Decimal(len(stays))
    return sum((Decimal(getattr(stay, OF_A_STAY[measure]) or 0) for stay in stays), Decimal(0))


FACTS = (
    Fact(
        "to_next_tier",
        Kind.WHOLE,
        Subject.PERSON,
        N_("missing until the next tier"),
        AmountClause(
            N_("who lack %(amount)s until the next tier"),
            N_("who have no next tier, or of whom it is not known"),
            known=N_("who have a next tier"),
        ),
        sql=Sql(
            "p.to_next_tier",
            today=f"""(
                select ceil(min(x.needed) - own.amount)::int
                from (select {OWN} as amount from tier_ladder l) as own join tier_step x on x.needed > own.amount
                group by own.amount
            ) as to_next_tier""",
        ),
        python=missing,
        sample=5,
        unit=Unit(Measure.COUNT, NN_("%(shown)s", "%(shown)s"), N_("of what the tiers count")),
        hint=N_("By the ladder under Segments → Tiers, of whatever it counts."),
        rolls_days=WINDOW_DAYS,
    ),
)
