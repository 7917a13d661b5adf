"""What messages cost, as a colleague says it: it counts for what is claimed from then on."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.messaging.store.limits import prices as store
from services.messaging.store.limits.prices import PriceSaid
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.errors import Conflict
from shared.rows import row


@row
class Wanted:
    """`amount` and `currency`: None to say that it is not known any more. `seen`: the version that was changed."""

    channel: str
    country: str
    amount: Decimal | None
    currency: str | None
    source: str
    stated_on: date
    seen: int


def say_price(tx: Tx, wanted: Wanted, *, by: Person, at: datetime) -> None:
    """What went before keeps its price. Raises `Conflict` where somebody was faster."""
    versions = store.versions_of(tx, wanted.channel, wanted.country)
    said = PriceSaid(
        channel=wanted.channel,
        country=wanted.country,
        version=wanted.seen + 1,
        amount=wanted.amount,
        currency=wanted.currency if wanted.amount is not None else None,
        source=wanted.source,
        stated_on=wanted.stated_on,
        by=by.name,
        at=at,
    )
    if wanted.seen != (versions[0].version if versions else 0) or not store.add_version(tx, said):
        raise Conflict("somebody changed this price meanwhile")
    details = {"amount": str(said.amount or ""), "currency": said.currency or "", "source": said.source}
    details |= {"stated_on": said.stated_on.isoformat(), "country": said.country}
    record(tx, by, "price.changed", f"channel {said.channel}", details, at)
