"""Key figures of any days, from the command line: counted on the spot by the services that own what they count."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Any

from guestloop.composition.services import Group
from guestloop.operations.figures_by import (
    churn_figures,
    company_figures,
    loyalty_figures,
    new_guest_figures,
    source_figures,
)
from guestloop.operations.figures_of_messages import message_figures
from services.campaigns.queries.key_figures import bookings_won
from services.console.queries.key_figures import revenue_in, sent_in, stays_in
from services.console.queries.properties import all_properties, currencies
from services.console.rules.figures.channels import own_channels
from services.console.rules.figures.figures import NOBODY, Figure, Sources, cost_of, figures_of
from services.console.rules.figures.revenue import merged
from services.console.store.figure_settings import former_prices, known_channels, setting, targets
from services.feedback.queries.key_figures import answers_in
from services.segments.store.figures.counting import count_guests
from services.segments.store.money.currencies import load_currencies
from shared.access.scope import EVERYWHERE, Scope
from shared.errors import InputError
from shared.localtime import local_instant
from shared.vocabulary.window import Window, days_between


def figures_between(group: Group, first: date, last: date, property: str | None, at: datetime) -> dict[str, Any]:
    """Raises `InputError` for a hotel that is not known, and where the last day is before the first."""
    try:
        window = days_between(first, last)
    except ValueError as error:
        raise InputError("--to is before --from; both days are counted") from error
    zones = zones_of(group, property)
    code = property or ""
    zone = next(iter(zones.values()), "UTC")
    since, until = _limits(window, zone)
    with group.database("segments").transaction() as tx:
        known = load_currencies(tx)
        counted = [
            one for one in count_guests(tx, window, at.astimezone(UTC).date(), known, [""]) if one.property == code
        ]
        guests = vars(counted[0]) if counted else {**NOBODY, "currency": known.by_hotel().get(code, "")}
        by = [
            *new_guest_figures(tx, window, code, at.astimezone(UTC).date()),
            *churn_figures(tx, window, code, at.astimezone(UTC).date()),
            *loyalty_figures(tx, guests, code, guests["currency"]),
            *company_figures(tx, window, code, known.by_hotel()),
        ]
    with group.database("feedback").transaction() as tx:
        answers = answers_in(tx, {hotel: _limits(window, place) for hotel, place in zones.items()})
    with group.database("campaigns").transaction() as tx:
        scope = Scope(frozenset([property])) if property else EVERYWHERE
        won = bookings_won(tx, since, until, scope)
        by += message_figures(tx, since, until, scope)
    with group.database("console").transaction() as tx:
        chosen, wanted = setting(tx), targets(tx)
        own = chosen.direct if chosen else own_channels(known_channels(tx))
        cost = cost_of(sent_in(tx, since, until, code), *former_prices(chosen))
        stays = stays_in(tx, window, code, own)
        revenue = merged(revenue_in(tx, window, code), currencies(tx))
        by += source_figures(tx, window, code)
    days = (window.until - window.first).days
    sources = Sources(guests, stays, answers, won, cost)
    return {
        "from": first.isoformat(),
        "to": last.isoformat(),
        "property": property,
        "own_channels": list(own),
        "figures": [
            _told(one, wanted.get(one.definition.key, one.definition.target), days) for one in figures_of(sources)
        ],
        "by": by,
        "revenue": [{"currency": one.currency, "revenue": str(one.revenue), "stays": one.stays} for one in revenue],
    }


def zones_of(group: Group, property: str | None) -> dict[str, str]:
    """Of the hotel, or of all of them."""
    with group.database("console").transaction() as tx:
        found = {one.code: one.zone for one in all_properties(tx)}
    if property and property not in found:
        raise InputError(
            f"--property {property!r} is no hotel here; there are {', '.join(sorted(found)) or 'none yet'}"
        )
    return {property: found[property]} if property else found


def _limits(window: Window, zone: str) -> tuple[datetime, datetime]:
    return local_instant(window.first, time(0), zone), local_instant(window.until, time(0), zone)


def _told(one: Figure, target: Any, days: int) -> dict[str, Any]:
    definition = one.definition
    return {
        "figure": definition.key,
        "name": definition.label,
        "value": None if one.value is None else round(float(one.value), 6),
        "unit": str(definition.unit),
        "numerator": None if one.part is None else float(one.part),
        "denominator": one.whole,
        "currency": one.currency,
        "target": None if target is None else float(target),
        "reached": one.reaches(target, days),
        "why": one.why or None,
        "formula": definition.formula,
        "numerator_is": definition.part,
        "denominator_is": definition.whole,
    }
