"""All senders there are just now: the environment's, by channel, and the house's own, by their number.

The rows are read every few seconds and never by message; one whose row changed is made anew. A row that cannot be read,
or whose secret does not open, serves nobody: it is logged, and its page says that it does not work.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from uuid import UUID

import structlog

from services.messaging.channels.channel import MakeSender
from services.messaging.channels.dkim import DomainKey, DomainKeys, Signs, read_key
from services.messaging.channels.keeping import KeepingSender
from services.messaging.channels.sender import Sender
from services.messaging.config import Config
from services.messaging.rules.senders import HouseSender, SenderState
from services.messaging.rules.serving import NOBODY, Serving
from services.messaging.store.domains import signing_keys
from services.messaging.store.senders import rows
from services.messaging.store.senders.health import SenderHealth, health_of_all
from services.messaging.store.senders.live import live_period
from shared.crypto.purposes import Sealing
from shared.crypto.sealing import Sealed
from shared.database.pool import Database
from shared.errors import GuestloopError

LOOKS_AGAIN = 2.0  # seconds

log = structlog.get_logger()


class Roster:
    """Of one role. `keeps`: what the house's senders are handed is kept, to be read later. `make`: None where the
    house has none, as in a sandbox. `senders`: all that can be asked; `at_work`: those that send now."""

    def __init__(
        self, database: Database, config: Config, senders: Mapping[str, Sender], make: MakeSender | None, *, keeps: bool
    ) -> None:
        self._database, self._config, self._make, self._keeps = database, config, make, keeps
        self._of_environment = dict(senders)
        self._made: dict[UUID, tuple[int, Sender | None]] = {}  # by number, of which version
        self._domain_keys = DomainKeys()
        self._looked = float("-inf")
        self.senders: Mapping[str, Sender] = dict(senders)
        self.at_work: Mapping[str, Sender] = dict(senders)
        self.rows: Mapping[UUID, HouseSender] = {}
        self.health: Mapping[UUID, SenderHealth] = {}
        self.serving = NOBODY

    def look(self, *, anew: bool = False) -> bool:
        """Whether others send than before. `anew`: now, however short the last look is ago."""
        if self._make is None or (not anew and time.monotonic() - self._looked < LOOKS_AGAIN):
            return False
        with self._database.glance() as tx:
            found, self.health, period = rows.senders(tx), health_of_all(tx), live_period(tx)
            new = [one for one in found if self._made.get(one.sender_id, (0, None))[0] != one.version]
            secrets = rows.secrets_of(tx, [one.sender_id for one in new]) if new else {}
            signing = signing_keys(tx)
        made = {one.sender_id: (one.version, self._made_of(one, secrets.get(one.sender_id))) for one in new}
        self._made = {one.sender_id: made.get(one.sender_id) or self._made[one.sender_id] for one in found}
        self.rows = {one.sender_id: one for one in found}
        house_is_live = period is not None
        self.serving = Serving(
            tuple(one for one in found if self._serves(one, house_is_live=house_is_live)),
            {number: one.resting_until for number, one in self.health.items() if one.resting_until},
        )
        self.senders = self._of_environment | {
            str(number): sender for number, (_, sender) in self._made.items() if sender is not None
        }
        self._sign(signing)
        at_work = set(self._of_environment) | {str(one.sender_id) for one in self.serving.senders}
        before, self.at_work = self.at_work, {key: one for key, one in self.senders.items() if key in at_work}
        self._looked = time.monotonic()
        return self.at_work != before

    def pace(self, key: str) -> int:
        """Messages a second at most, of all roles together; 0: no limit."""
        if key in self._of_environment:
            return self._config.paces.get(key, 0)
        row = self.row(key)
        return row.rate if row else 0

    def channel(self, key: str) -> str:
        row = self.row(key)
        return row.channel if row else key

    def row(self, key: str) -> HouseSender | None:
        """One of the house's own; None for the environment's, and for one that was deleted meanwhile."""
        return None if key in self._of_environment else self.rows.get(UUID(key))

    def _serves(self, row: HouseSender, *, house_is_live: bool) -> bool:
        is_made = self._made[row.sender_id][1] is not None
        return (
            is_made and row.state == SenderState.ON and self._config.is_live(row.channel, house_is_live=house_is_live)
        )

    def _sign(self, signing: Mapping[tuple[str, str], Sealed]) -> None:
        """A key that does not open is logged, and its domain's mails go unsigned."""
        kept = {domain for domain, selector in signing if (domain, selector) in self._domain_keys}
        new = [key for known, sealed in signing.items() if known[0] not in kept and (key := self._key(*known, sealed))]
        self._domain_keys.renew(new, kept)
        for sender in self.senders.values():
            bare = sender.sender if isinstance(sender, KeepingSender) else sender
            if isinstance(bare, Signs):
                bare.keys = self._domain_keys

    def _key(self, domain: str, selector: str, sealed: Sealed) -> DomainKey | None:
        try:
            return read_key(domain, selector, self._database.keyring.open(sealed, Sealing.SENDER))
        except (GuestloopError, ValueError, TypeError) as error:
            log.error("a key of a domain cannot be read", domain=domain, error=type(error).__name__)
            return None

    def _made_of(self, row: HouseSender, secret: Sealed | None) -> Sender | None:
        assert self._make is not None
        try:
            plain = self._database.keyring.open(secret, Sealing.SENDER) if secret else ""
            sender = self._make(row, plain)
        except (GuestloopError, ValueError, KeyError, TypeError) as error:
            log.error("a sender cannot be made", sender=str(row.sender_id), error=type(error).__name__)
            return None
        return KeepingSender(self._database, sender) if self._keeps else sender
