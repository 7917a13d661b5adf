"""Every table that a night of figures keeps, held against the raw rows of guests and stays, worked out plainly."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from services.segments.clock import GuestFigures
from services.segments.queries.rfm import flow, sizes
from services.segments.rules.rfm import Bands
from services.segments.shipped import shipped_bands
from services.segments.store.figures.counting import COLUMNS
from services.segments.store.rfm.counting import BACK, last_night
from shared.access.scope import EVERYWHERE, Scope
from shared.database.pool import Database
from shared.localtime import months_later
from shared.vocabulary.stage import Stage
from shared.vocabulary.window import Span, window_of
from tests.segments.audience_people import Converted, Stayed
from tests.segments.churn_oracle import churn, loyalty
from tests.segments.cohorts_oracle import cohorts, new_guests
from tests.segments.figures_oracle import Raw, figures, read
from tests.segments.partners_oracle import read_stays
from tests.segments.rfm_oracle import Borders, place
from tests.segments.rows import rows_of

OLDEST = 5  # years back that cohorts, new guests and partners are kept for


def count_anew(database: Database, now: datetime) -> None:
    """As the night role does, with nothing counted before."""
    with database.transaction() as tx:
        for table in ("figure_window", "figure_night", "rfm_night"):
            tx.execute(f"delete from {table}")
    role = GuestFigures(database)
    while role.step(now):
        pass


def check_night(database: Database, now: datetime) -> Counter[str]:
    """Raises where a table differs from the raw rows; returns how many lines of each agree."""
    today = now.astimezone(UTC).date()
    raw = read(database, today)
    since = date(today.year - OLDEST, 1, 1)
    agreed = check_windows(database, raw)
    agreed["cohort_figure"] = same(
        {
            (span, hotel, first, after): (came, again)
            for span, hotel, first, after, came, again in rows_of(database, COHORTS)
        },
        {key: counts for key, counts in cohorts(raw).items() if key[2] >= since},
    )
    agreed["new_guest_figure"] = same(
        {tuple(one[:4]): tuple(one[4:]) for one in rows_of(database, NEW_GUESTS)},
        {key: counts for key, counts in new_guests(raw, today).items() if key[3] >= since},
    )
    agreed["loyalty_figure"] = same(
        {tuple(one[:3]): one[3:] for one in rows_of(database, LOYALTY)},
        {key: tuple(line.values()) for key, line in loyalty(database, raw).items()},
    )
    agreed["partner_figure"] = same(
        {tuple(one[:5]): tuple(one[5:]) for one in rows_of(database, PARTNERS)}, partners(database, since)
    )
    agreed["outlet_figure"] = same(
        {tuple(one[:4]): tuple(one[4:]) for one in rows_of(database, OUTLETS)}, outlets(database, since)
    )
    agreed["stage_size"] = same(
        {(hotel, stage): guests for hotel, stage, guests in rows_of(database, "select * from stage_size")},
        stages(database),
    )
    return agreed + check_classes(database, today)


def same(told: dict[Any, Any], expected: dict[Any, Any]) -> int:
    differ = [key for key in told.keys() | expected.keys() if told.get(key) != expected.get(key)]
    assert not differ, [(key, told.get(key), expected.get(key)) for key in sorted(differ, key=str)[:5]]
    return len(told)


def check_windows(database: Database, raw: Raw) -> Counter[str]:
    """Guests and churn of each month, quarter and year that was counted."""
    names = COLUMNS.replace("currency", "").strip(" ,")
    agreed: Counter[str] = Counter()
    for span, first in rows_of(database, "select span, first from figure_window where counted_at is not null"):
        window, where = window_of(Span(span), first), f"where span = '{span}' and first = '{first}'"
        columns = [name.strip() for name in names.split(",")]
        found = [dict(zip(columns, one, strict=True)) for one in rows_of(database, f"{GUESTS.format(names)} {where}")]
        told = {(one.pop("property"), one.pop("cut"), one.pop("value")): one for one in found}
        agreed["guest_figure"] += same(told, figures(raw, window.before, window.first, window.until))
        lost = {(hotel, trait, value): counts for hotel, trait, value, *counts in rows_of(database, f"{CHURN} {where}")}
        expected = churn(database, raw, window.before, window.first, window.until)
        agreed["churn_figure"] += same(lost, {key: list(counts) for key, counts in expected.items()})
    return agreed


def partners(database: Database, since: date) -> dict[Any, Any]:
    found: dict[Any, list[Any]] = defaultdict(lambda: [0, 0, 0, Decimal(0)])
    for one in read_stays(database):
        for by, value in (("company", one.company), ("channel", one.channel)):
            if one.left >= since:
                line = found[by, value, one.property, one.left.replace(day=1), one.currency]
                line[0] += 1
                line[1] += one.nights
                line[2] += one.revenue is not None
                line[3] += one.revenue or 0
    return {key: tuple(line) for key, line in found.items()}


def outlets(database: Database, since: date) -> dict[Any, Any]:
    found: dict[Any, tuple[Decimal, int]] = {}
    lines_of_bills = rows_of(database, "select property, day, outlet, currency, amount from spend")
    for hotel, day, outlet, currency, amount in lines_of_bills:
        if day >= since:
            key = hotel, day.replace(day=1), outlet, currency
            known, lines = found.get(key, (Decimal(0), 0))
            found[key] = known + amount, lines + 1
    return found


def stages(database: Database) -> dict[Any, int]:
    known = rows_of(database, "select number, key from segment where retired_at is null")
    keys = {number: key for number, key in known if key in set(Stage)}
    hotels = {guest: last or home or "" for guest, last, home in rows_of(database, HOTELS)}
    found: Counter[tuple[str, str]] = Counter()
    for guest, numbers in rows_of(database, "select guest_id, segments from membership"):
        if guest in hotels:
            found.update((hotels[guest], keys[number]) for number in numbers if number in keys)
    return dict(found)


def check_classes(database: Database, today: date) -> Counter[str]:
    """The eight classes by the shipped bands and by others, of all hotels and of each; and who moved."""
    silent = {guest for (guest,) in rows_of(database, "select guest_id from guest_facts where in_no_audience")}
    means = dict(rows_of(database, "select property, mean_spend from property_average"))
    stays = [stay(*one) for one in rows_of(database, STAYS) if one[0] not in silent]
    shipped = shipped_bands()
    other = Bands((10, 200), (3, 1), 365, (Decimal("1.5"), Decimal("0.55")))
    hotels = sorted({one.house for one in stays})
    agreed: Counter[str] = Counter()
    with database.transaction() as tx:
        assert last_night(tx) == today
        for bands in (shipped, other):
            now = place(stays, today, borders(bands), means)
            for scope in (EVERYWHERE, *(Scope(frozenset({hotel})) for hotel in hotels)):
                told = {(one.recent, one.frequent, one.spent): one.guests for one in sizes(tx, bands, scope)}
                expected = Counter(one.bands for one in now.values() if one.hotel in scope)
                agreed["rfm_shape"] += same(told, dict(expected))
        now = place(stays, today, borders(shipped), means)
        for back in BACK:
            then = place(stays, months_later(today, -back), borders(shipped), means)
            moved = Counter((then[guest].code if guest in then else "", one.code) for guest, one in now.items())
            went = {(one.before, one.now): one.guests for one in flow(tx, today, back, EVERYWHERE)}
            agreed["rfm_flow"] += same(went, dict(moved))
    return agreed


def borders(bands: Bands) -> Borders:
    return Borders(bands.recent, bands.frequent, bands.window_days, bands.spend)


def stay(
    guest: Any, at: datetime, reservation: str, left: date, hotel: str, revenue: Any, amount: Any, currency: str | None
) -> Stayed:
    """One without a revenue brought nothing; of one that could not be converted nothing is known."""
    known = Decimal(0) if amount is None and revenue is None else amount
    name = f"{at.astimezone(UTC).isoformat()} {reservation}"  # the last one of a day is told by its instant
    return Stayed(str(guest), name, left, nights=0, house=hotel, converted=Converted(known, None, currency))


GUESTS = "select {} from guest_figure"
CHURN = "select property, trait, value, before, lost from churn_figure"
COHORTS = "select span, property, first, after, came, again from cohort_figure"
NEW_GUESTS = "select property, cut, value, month, guests, ripe, again from new_guest_figure"
LOYALTY = "select property, by, value, guests, visits, nights, spend, unpriced from loyalty_figure"
PARTNERS = "select by, value, property, month, currency, stays, nights, priced, revenue from partner_figure"
OUTLETS = "select property, month, outlet, currency, amount, lines from outlet_figure"
HOTELS = "select guest_id, last_property, home_property from guest_facts"
STAYS = """
    select guest_id, checked_out_at, reservation, checked_out_on, property, revenue, amount, amount_currency
    from stay where status = 'checked_out' and not muted
"""
