"""The role that settles what is unclear: by asking providers, what became of a message and what it cost; by what was
asked for around it, whether a link was opened by its guest; and, every night, what each sender sent and what came back.

1. One statement takes those that are due to be asked about, and says when each is due again.
2. The provider is asked, outside any transaction; it may not answer, or not yet list what it took.
3. One transaction settles what is certain now, by compare-and-set on the message's version.

That a provider never had a message is believed only when it does not list it one lease and its own lag after the
message became unclear: by then no claimer hands it over any more, and what was handed over is listed. A crash anywhere
loses nothing but the question, which is asked again. Prices are asked for in the same way, some minutes after a receipt
came in, ever less often and for three days.
"""

from __future__ import annotations

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import psycopg
import structlog

from services.messaging.channels.channel import MakeSender
from services.messaging.channels.registry import lookups_of, prices_of
from services.messaging.channels.roster import Roster
from services.messaging.channels.sender import LookupOutcome, LookupRequest, LookupResult, MessageLookup, PriceLookup
from services.messaging.commands.clicks import judge_visits
from services.messaging.commands.receipts import FIRST_PRICED_AFTER, PRICED_WITHIN, keep_prices
from services.messaging.commands.senders.counting import count_senders
from services.messaging.commands.unknowns import settle_unknowns
from services.messaging.config import Config
from services.messaging.rules.links.clicks import JUDGED_AFTER, KEPT_FOR_OTHERS
from services.messaging.store.clicks import next_visit
from services.messaging.store.receipts import next_unpriced, take_unpriced
from services.messaging.store.senders.counted import next_count
from services.messaging.store.sending.sent_words import SentWords
from services.messaging.store.sending.unknowns import Unclear, next_to_ask, take_unclear
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import KeyRing, Sealed
from shared.database.dedicated_connection import unavailable
from shared.database.pool import Database

MOST, AT_ONCE = 40, 4
MOST_VISITS = 1_000
LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)
NO_PRICES: Mapping[str, PriceLookup] = {}
SELDOM = timedelta(hours=6)
FIRST_ASKED_AFTER = 10  # parts of the provider's lag

log = structlog.get_logger()


class Reconcile:
    """Several may run at once. What no provider can be asked about (e-mail) waits for a person."""

    name = "reconcile"

    def __init__(
        self,
        database: Database,
        config: Config,
        lookups: Mapping[str, MessageLookup],
        prices: Mapping[str, PriceLookup] = NO_PRICES,
        make: MakeSender | None = None,
        *,
        counts: bool = False,
    ) -> None:
        """`lookups` and `prices`: the environment's, by channel; `make`: makes the house's own senders. `counts`: what
        each sender sent, every night."""
        self._database, self._of_environment = database, (lookups, prices)
        self._roster = Roster(database, config, {}, make, keeps=False)
        self._counts = counts
        self._horizon = config.lease + config.provider_lag
        self._first = config.provider_lag / FIRST_ASKED_AFTER

    @property
    def _lookups(self) -> Mapping[str, MessageLookup]:
        return {**self._of_environment[0], **lookups_of(self._roster.senders)}

    @property
    def _prices(self) -> Mapping[str, PriceLookup]:
        return {**self._of_environment[1], **prices_of(self._roster.senders)}

    @property
    def _pauses(self) -> dict[str, object]:
        """Who can be asked, and how often."""
        channels = sorted(self._of_environment[0])
        senders = [key for key in self._lookups if key not in channels]
        return {"channels": channels, "senders": senders, "first": self._first, "seldom": SELDOM}

    def step(self, now: datetime) -> int:
        """How many were asked about or judged. Raises `DatabaseUnavailable`."""
        try:
            self._roster.look()
            asked = (self._step(now) if self._lookups else 0) + (self._ask_prices(now) if self._prices else 0)
            return asked + self._judge_visits(now) + self._count_senders(now)
        except psycopg.OperationalError as error:
            raise unavailable(error) from error

    def _step(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            due = take_unclear(tx, {**self._pauses, "now": now, "most": MOST})
        if due:
            asked = self._ask(due)
            with self._database.transaction() as tx:
                settle_unknowns(tx, asked, self._horizon, now)
        return len(due)

    def next_due(self) -> datetime | None:
        with self._database.glance() as tx:
            unclear = next_to_ask(tx, self._pauses) if self._lookups else None
            unpriced = next_unpriced(tx) if self._prices else None
            visit = next_visit(tx, JUDGED_AFTER, KEPT_FOR_OTHERS)
            count = (next_count(tx) or LONG_AGO) if self._counts else None
        return min(filter(None, (unclear, unpriced, visit, count)), default=None)

    def _judge_visits(self, now: datetime) -> int:
        with self._database.transaction() as tx:
            return judge_visits(tx, now, MOST_VISITS)

    def _count_senders(self, now: datetime) -> int:
        if not self._counts:
            return 0
        with self._database.transaction() as tx:
            return count_senders(tx, now)

    def _ask_prices(self, now: datetime) -> int:
        pauses = {"first": FIRST_PRICED_AFTER, "last": PRICED_WITHIN, "most": MOST}
        with self._database.transaction() as tx:
            due = take_unpriced(tx, {**pauses, "now": now})
        providers = self._prices
        asked = [one for one in due if one.provider_ref and one.via in providers]
        with ThreadPoolExecutor(AT_ONCE) as threads:
            prices = list(threads.map(lambda one: providers[one.via].price_of(one.provider_ref), asked))
        if found := {one.message_id: price for one, price in zip(asked, prices, strict=True) if price}:
            with self._database.transaction() as tx:
                keep_prices(tx, found)
        return len(due)

    def _ask(self, due: list[Unclear]) -> list[tuple[Unclear, LookupResult]]:
        with ThreadPoolExecutor(AT_ONCE) as threads:
            return list(zip(due, threads.map(self._find, due), strict=True))

    def _find(self, one: Unclear) -> LookupResult:
        try:
            return self._lookups[one.via].find(sought(one, self._database.keyring))
        except Exception as error:  # one message must not end the asking; it stays unclear, and is asked about again
            log.error("a message cannot be asked about", message=str(one.message_id), error=type(error).__name__)
            return LookupResult(message_id=one.message_id, trace=LookupOutcome.UNCLEAR)


def sought(one: Unclear, keyring: KeyRing) -> LookupRequest:
    return LookupRequest(
        message_id=one.message_id,
        to=keyring.open(Sealed(one.address_sealed), Sealing.CONTACT),
        text=SentWords.opened(keyring, one.text_sealed, one.sheet, one.message_id).text if one.text_sealed else None,
        since=one.claimed_at,
        others=frozenset(one.others),
    )
