"""Messaging, put together: config, database, texts, senders, the sender role."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from services.messaging.clock import SenderRole
from services.messaging.commands.desk import Desk
from services.messaging.commands.words import Words
from services.messaging.config import Config
from services.messaging.consumer import CONCERNS
from services.messaging.rules.facts import EMAIL, SMS
from services.messaging.senders import Sender
from services.messaging.senders.sandbox import SandboxSender
from services.messaging.wording import Library, read_file
from shared.clock import Clock
from shared.database import Database
from shared.roles import Service
from shared.signing import LinkSigner

HERE = Path(__file__).parent


def build(config: Config, database: Database, _clock: Clock, senders: Mapping[str, Sender] | None = None) -> Service:
    """`senders` by channel; where none are configured every message goes to the sandbox."""
    sandbox = SandboxSender(database)
    role = SenderRole(database, desk(config, database), senders or {EMAIL: sandbox, SMS: sandbox})
    return Service("messaging", database, CONCERNS, (role,), HERE / "migrations")


def desk(config: Config, database: Database) -> Desk:
    library = Library(read_file(path) for path in sorted((HERE / "shipped").glob("*.yaml")))
    return Desk(config, Words(library, LinkSigner.of(database.keyring), config.links), database.keyring)
