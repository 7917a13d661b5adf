"""The broker's definitions: the topology of the five services, and each user's rights in it."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from guestloop.composition.services import SERVICES, database_name
from services.campaigns.consumer import SUBSCRIPTIONS as CAMPAIGNS
from services.console.consumer import SUBSCRIPTIONS as CONSOLE
from services.feedback.consumer import SUBSCRIPTIONS as FEEDBACK
from services.messaging.consumer import SUBSCRIPTIONS as MESSAGING
from services.segments.consumer import SUBSCRIPTIONS as SEGMENTS
from shared.bus.rabbit.topology import EXCHANGE, definitions
from shared.bus.subscriptions import Subscription
from shared.events.dictionary import Lane, all_types

SUBSCRIPTIONS: Mapping[str, tuple[Subscription, ...]] = {
    "segments": SEGMENTS,
    "campaigns": CAMPAIGNS,
    "messaging": MESSAGING,
    "feedback": FEEDBACK,
    "console": CONSOLE,
}
SETUP = "guestloop_setup"
"""Who declares exchanges and queues, once before the roles start."""
HASHING = "rabbit_password_hashing_sha256"


def user_of(service: str) -> str:
    """A service's user is called the same in the broker and in the database."""
    return database_name(service)


def definitions_with_users(passwords: Mapping[str, str]) -> dict[str, Any]:
    """A RabbitMQ definitions document. `passwords`: by user, the services' and `SETUP`'s."""
    return {
        **definitions(SUBSCRIPTIONS),
        "users": [
            {"name": user, "password_hash": hashed(word), "hashing_algorithm": HASHING, "tags": []}
            for user, word in passwords.items()
        ],
        "permissions": [*(_permission(one) for one in SERVICES), _everything(SETUP)],
        "topic_permissions": [_topics(one) for one in SERVICES],
    }


def hashed(password: str) -> str:
    """RabbitMQ's salted hash. The salt is made of the password, which is random: the same file comes out each time."""
    salt = sha256(f"salt of {password}".encode()).digest()[:4]
    return base64.b64encode(salt + sha256(salt + password.encode()).digest()).decode()


def _permission(service: str) -> dict[str, str]:
    """It declares nothing, publishes to the one exchange and reads its own queues."""
    rights = {"configure": "^$", "write": f"^{EXCHANGE.name}$", "read": rf"^{service}\."}
    return {"user": user_of(service), "vhost": "/", **rights}


def _everything(user: str) -> dict[str, str]:
    return {"user": user, "vhost": "/", "configure": ".*", "write": ".*", "read": ".*"}


def _topics(service: str) -> dict[str, str]:
    """It publishes the types that the dictionary gives it, and no others."""
    names = "|".join(one.name.replace(".", r"\.") for one in all_types() if service in one.publishers)
    topics = rf"^({names})\.({'|'.join(Lane)})$"
    return {"user": user_of(service), "vhost": "/", "exchange": EXCHANGE.name, "write": topics, "read": "^$"}
