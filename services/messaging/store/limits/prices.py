"""What the house said that messages cost: versions of a price."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from services.messaging.rules.prices import Price, Prices
from shared.database.pool import Tx
from shared.rows import row


@row
class PriceSaid:
    """One version. `amount`: None where it is not known any more. `stated_on`: of the list or agreement it is from."""

    channel: str
    country: str
    version: int
    amount: Decimal | None
    currency: str | None
    source: str
    stated_on: date
    by: str
    at: datetime

    @property
    def price(self) -> Price | None:
        return Price(self.amount, self.currency) if self.amount is not None and self.currency else None


VERSIONS = "select channel, country, version, amount, currency, source, stated_on, by, at from message_price"
NEWEST = f"select distinct on (channel, country) * from ({VERSIONS}) as said order by channel, country, version desc"


def newest_said(tx: Tx) -> list[PriceSaid]:
    """By channel and country; those that are not known any more too."""
    return tx.rows(PriceSaid, NEWEST)


def standing_prices(tx: Tx) -> Prices:
    return {(said.channel, said.country): said.price for said in newest_said(tx) if said.price}


def versions_of(tx: Tx, channel: str, country: str) -> list[PriceSaid]:
    """The newest first."""
    query = f"{VERSIONS} where channel = %s and country = %s order by version desc"
    return tx.rows(PriceSaid, query, [channel, country])


def add_version(tx: Tx, said: PriceSaid) -> bool:
    """False where somebody else has written that version meanwhile."""
    statement = """
        insert into message_price (channel, country, version, amount, currency, source, stated_on, by, at)
        values (%s, %s, %s, %s, %s, %s, %s, %s, %s) on conflict do nothing
    """
    values = (said.channel, said.country, said.version, said.amount, said.currency, said.source, said.stated_on)
    return tx.execute(statement, [*values, said.by, said.at]).rowcount == 1
