"""The manifest of messaging."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from services.messaging.channels.channel import MakeSender
from services.messaging.channels.registry import (
    chosen_senders,
    lookups_of,
    maker_of,
    prices_of,
    providers_of_notices,
)
from services.messaging.channels.roster import Roster
from services.messaging.channels.sandbox import SandboxSender
from services.messaging.channels.sender import Sender
from services.messaging.codes_role import CodesRole
from services.messaging.commands.sending.gate_context import GateContext
from services.messaging.config import Config
from services.messaging.consumer import SUBSCRIPTIONS
from services.messaging.domains_role import DomainsRole
from services.messaging.notices_role import NoticesRole
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.queries.backlog import BACKLOG
from services.messaging.reconcile import Reconcile
from services.messaging.rehearsal_role import RehearsalRole
from services.messaging.sender_role import SenderRole
from shared.bus.roles import Timed
from shared.clock import Clock, VirtualClock
from shared.database.pool import Database
from shared.service import Clocks, Manifest
from shared.vocabulary.channel import Channel

NO_PROVIDERS: Mapping[str, Sender] = {}


def sending(
    database: Database,
    config: Config,
    senders: Mapping[str, Sender],
    providers: Mapping[str, Sender] = NO_PROVIDERS,
    make: MakeSender | None = None,
    *,
    counts: bool = False,
) -> tuple[Timed, ...]:
    """The roles that send to guests, reconcile, send to colleagues, and add codes to offers. `senders`: the
    environment's, by channel; `providers`: those of notices, by channel, where something really leaves; `make`: makes
    the house's own, where it may have some; `counts`: every night, what each sender sent."""
    sender = SenderRole(database, GateContext(config, database.keyring), senders, make)
    notices = NoticesRole(database, config, providers, make)
    reconcile = Reconcile(database, config, lookups_of(senders), prices_of(senders), make, counts=counts)
    roster = Roster(database, config, senders, make, keeps=False)
    return sender, reconcile, notices, CodesRole(database), RehearsalRole(database, config, roster)


def sandboxed(database: Database, config: Config, clock: Clock) -> tuple[Timed, ...]:
    """Every message ends in the sandbox, and notices nowhere: nothing is really sent, and DNS is not asked. On a
    virtual clock nobody rehearses, and no sender is counted."""
    sandbox = SandboxSender(database)
    is_virtual = isinstance(clock, VirtualClock)
    roles = sending(database, config, dict.fromkeys(map(str, Channel), sandbox), counts=not is_virtual)
    return roles[:-1] if is_virtual else (*roles, DomainsRole(database, config, asks=False))


def configured_by(environment: Mapping[str, str]) -> Clocks:
    """Roles that send by the providers that the environment names, and by those that the house set up itself."""

    def clocks(database: Database, config: Config, _clock: Clock) -> tuple[Timed, ...]:
        senders, providers = chosen_senders(environment, database), providers_of_notices(environment)
        roles = sending(database, config, senders, providers, maker_of(environment), counts=True)
        return *roles, DomainsRole(database, config)

    return clocks


SERVICE = Manifest(
    name="messaging",
    owns="templates, offers and codes, senders, recipients (read model), consent ledger, suppression, caps, deliveries",
    folder=Path(__file__).parent,
    read_config=Config.read,
    subscriptions=SUBSCRIPTIONS,
    personal_data=PERSONAL_DATA,
    clocks=sandboxed,
    backlog=BACKLOG,
)
