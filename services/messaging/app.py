"""Messaging, put together: config, database, texts, senders, the role that sends and the one that reconciles."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from services.messaging.clock import SenderRole
from services.messaging.commands.desk import Desk
from services.messaging.config import Config
from services.messaging.consumer import SUBSCRIPTIONS
from services.messaging.queries.backlog import BACKLOG
from services.messaging.reconcile import Reconcile
from services.messaging.rules.facts import EMAIL, SMS
from services.messaging.senders import Sender
from services.messaging.senders.choosing import ledgers_of
from services.messaging.senders.sandbox import SandboxSender
from shared.bus.roles import Service
from shared.clock import Clock
from shared.database.pool import Database

HERE = Path(__file__).parent


def build(config: Config, database: Database, _clock: Clock, senders: Mapping[str, Sender] | None = None) -> Service:
    """`senders` by channel; where none are configured every message goes to the sandbox."""
    sandbox = SandboxSender(database)
    chosen = senders or {EMAIL: sandbox, SMS: sandbox}
    sender = SenderRole(database, Desk(config, database.keyring), chosen)
    reconcile = Reconcile(database, config, ledgers_of(chosen))
    return Service("messaging", database, SUBSCRIPTIONS, (sender, reconcile), HERE / "migrations", BACKLOG)
