"""Figures that stand for each value of something: new guests by channel, and the like. Each has its two numbers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from services.console.queries.properties import currencies
from services.console.queries.sources import profit_parts, sources_in
from services.console.rules.figures.profit import by_channel
from services.segments.queries.figures.first_visits import new_guests_between
from services.segments.queries.figures.loyalty import loyalty_of
from services.segments.queries.figures.partners import companies_between
from services.segments.rules.partners import partners_of
from services.segments.store.figures.churn import count_churn
from shared.database.pool import Tx
from shared.vocabulary.window import Window

Line = dict[str, Any]
MEANS: Mapping[str, tuple[str, str]] = {
    "new_guests": ("guests who came for the first time, by what they came by", "guests who came for the first time"),
    "new_guests_back": (
        "of these, who came again within 365 days",
        "guests who came for the first time, a year ago or more",
    ),
    "churn": (
        "of these, who did not check out in these days again",
        "guests who checked out in as many days before them, by what they were then",
    ),
    "repeat_guests": ("of these, who had stayed before", "guests who checked out"),
    "visits_a_guest": ("visits", "guests who checked out"),
    "stays_a_guest": ("stays", "guests who checked out"),
    "stays_by_source": ("stays that ended, by channel or market", "stays that ended"),
    "nights_by_source": ("nights of stays that ended, by channel or market", "nights of stays that ended"),
    "profit": ("revenue less commission and costs", "revenue of stays that ended"),
    "commission": ("commission, as the house entered it", "revenue of stays that ended"),
    "message_cost": ("what messages cost, at the prices that stood", "messages that had a price in this currency"),
    "booked_written": ("of these, who booked within the days of the goal", "guests written to, not kept out"),
    "booked_control": ("of these, who booked within the same days", "guests of the control group"),
    "lift": ("of these, who booked and would not have without it", "guests written to, where some were kept out"),
    "last_click": ("stays booked within 30 days after this was clicked last", "stays booked after a click"),
    "first_click": ("stays booked within 30 days after this was clicked first", "stays booked after a click"),
    "last_click_revenue": ("revenue of stays booked after this was clicked last", "such stays of a known revenue"),
    "first_click_revenue": ("revenue of stays booked after this was clicked first", "such stays of a known revenue"),
    "stays_by_company": ("stays that ended, by company; empty: of none", "stays that ended"),
    "nights_by_company": ("nights of stays that ended, by company; empty: of none", "nights of stays that ended"),
    "revenue_by_company": ("revenue of stays that ended, by company", "such stays of a known revenue"),
    "loyalty": ("guests who ever stayed, by how often or by tier, as of last night", "guests who ever stayed"),
    "loyalty_spend": ("what they spent, ever", "guests who ever stayed, of this value"),
}
"""What is counted of what; a cut that is empty stands for everybody."""


def line(figure: str, by: str, of: str, part: object, whole: object, currency: str | None = None) -> Line:
    """`by`, `of`: a cut and its value; empty for everybody. `part`: None where it is not known."""
    numerator, denominator = None if part is None else float(str(part)), float(str(whole))
    is_part, is_whole = MEANS[figure]
    return {
        "figure": figure,
        "by": by,
        "of": of,
        "value": round(numerator / denominator, 6) if denominator and numerator is not None else None,
        "numerator": numerator,
        "denominator": denominator,
        "currency": currency,
        "numerator_is": is_part,
        "denominator_is": is_whole,
    }


def new_guest_figures(tx: Tx, window: Window, property: str, today: date) -> list[Line]:
    counted = new_guests_between(tx, window.first, window.until, property, today)
    every = next((guests for cut, _, guests, *_ in counted if not cut), 0)
    return [
        *(line("new_guests", cut, value, guests, every) for cut, value, guests, *_ in counted),
        *(line("new_guests_back", cut, value, again, ripe) for cut, value, _, ripe, again in counted),
    ]


def churn_figures(tx: Tx, window: Window, property: str, today: date) -> list[Line]:
    return [
        line("churn", trait, value, lost, before)
        for trait, value, before, lost in count_churn(tx, window, today, property)
    ]


def loyalty_figures(tx: Tx, guests: Mapping[str, Any], property: str, currency: str) -> list[Line]:
    """`guests`: of the window, as segments counts them; the rest is of all who ever stayed, as of last night."""
    found = loyalty_of(tx, property)
    every = sum(one.guests for one in found if one.by == "visits")
    return [
        line("repeat_guests", "", "", guests["known"], guests["guests"]),
        line("visits_a_guest", "", "", guests.get("visits", 0), guests["guests"]),
        line("stays_a_guest", "", "", guests["stays"], guests["guests"]),
        *(line("loyalty", one.by, one.value, one.guests, every) for one in found),
        *(line("loyalty_spend", one.by, one.value, one.spend, one.guests, currency) for one in found),
    ]


def company_figures(tx: Tx, window: Window, property: str, hotels: Mapping[str, str]) -> list[Line]:
    """`hotels`: each one's currency. A company whose name alone does not tell it stands with its hotel."""
    found = partners_of(companies_between(tx, window, property), hotels)
    stays, nights = (sum(getattr(one, name) for one in found) for name in ("stays", "nights"))
    told = []
    for one in found:
        name = f"{one.name} ({one.named_at})" if one.named_at else one.name
        told.append(line("stays_by_company", "company", name, one.stays, stays))
        told.append(line("nights_by_company", "company", name, one.nights, nights))
        told += [
            line("revenue_by_company", "company", name, each.now, each.stays, each.currency) for each in one.earned
        ]
    return told


def source_figures(tx: Tx, window: Window, property: str) -> list[Line]:
    """By channel and market; and what is left of a channel's revenue, where its costs are known."""
    found = []
    for cut in ("channel", "market"):
        sources = sources_in(tx, window, property, cut)
        stays, nights = (sum(getattr(one, name) for one in sources) for name in ("stays", "nights"))
        found += [line("stays_by_source", cut, one.value, one.stays, stays) for one in sources]
        found += [line("nights_by_source", cut, one.value, one.nights, nights) for one in sources]
    for one in by_channel(profit_parts(tx, window, property), currencies(tx)):
        commission = None if one.unsaid else one.commission
        found.append(line("commission", "channel", one.channel, commission, one.revenue, one.currency))
        found.append(line("profit", "channel", one.channel, one.profit, one.revenue, one.currency))
    return found
