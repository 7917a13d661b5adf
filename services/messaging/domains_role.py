"""The role that asks DNS about the domains that mail is from, once a day each: what was right one day may not be so the
next, and nobody tells the house.

1. One look says which domain is due.
2. DNS is asked, outside any transaction, within some seconds.
3. One transaction keeps what it said. A crash before loses nothing but the question, which is asked again; what was
   asked earlier and comes later changes nothing, so that several may run at once.

Where no mail is from any domain nothing is asked. Where nobody answers, what is known stays, and is asked for again an
hour later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import psycopg
import structlog

from services.messaging.commands.domains.check import MailDomain, asked_next, keep, mail_domains, records_of
from services.messaging.config import Config
from services.messaging.rules.domains.records import Record
from shared.database.dedicated_connection import unavailable
from shared.database.pool import Database
from shared.errors import Conflict
from shared.outgoing.dns import Dns

AT_ONCE = datetime(1970, 1, 1, tzinfo=UTC)
BY = "guestloop"  # in the audit trail, where a key that waited is published and signs

log = structlog.get_logger()


class DomainsRole:
    name = "domains"

    def __init__(self, database: Database, config: Config, *, asks: bool = True) -> None:
        """`asks`: False where nobody outside is asked anything, as in a demo."""
        self._database, self._config, self._asks = database, config, asks

    def step(self, now: datetime) -> int:
        """1 where a domain was asked about. Raises `DatabaseUnavailable`."""
        try:
            due = next((domain for at, domain in self._by_turn() if at <= now), None)
            if due is None:
                return 0
            records = records_of(due, Dns(self._config.resolvers))
            self._keep(due, records, now)
        except psycopg.OperationalError as error:
            raise unavailable(error) from error
        return 1

    def next_due(self) -> datetime | None:
        return next((at for at, _ in self._by_turn()), None)

    def _by_turn(self) -> list[tuple[datetime, MailDomain]]:
        if not self._asks:
            return []
        with self._database.glance() as tx:
            found = mail_domains(tx, self._config)
        return sorted(((asked_next(one) or AT_ONCE, one) for one in found), key=lambda each: (each[0], each[1].name))

    def _keep(self, domain: MailDomain, records: Sequence[Record], now: datetime) -> None:
        try:
            with self._database.transaction() as tx:
                keep(tx, domain, records, by=BY, at=now)
        except Conflict:  # its key was put in use by a person meanwhile: it is looked at again
            log.info("a key of a domain signs already", domain=domain.name)
