"""The table of all settings, and of the variables that only deploy/ reads.

It is one table and not one a service: every role checks its whole environment for misspelt names, and an operator finds
all of them in one place. A new setting is declared in one of the modules named here, and read where it is needed.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import ModuleType
from typing import Any

from shared.settings import backups, installation, object_stores, providers, services, sign_in
from shared.settings.setting import Setting


def _declared_in(module: ModuleType) -> list[Setting[Any]]:
    return [value for value in vars(module).values() if isinstance(value, Setting)]


MODULES = (installation, backups, services, sign_in, providers)

SETTINGS: tuple[Setting[Any], ...] = (
    *installation.DATABASES.values(),
    *installation.DIRECT.values(),
    *installation.REPLICA.values(),
    *(one for module in MODULES for one in _declared_in(module)),
    *object_stores.PICTURES.all,
    *object_stores.FILES.all,
)
"""In the order in which they are printed."""

DEPLOYMENT: Mapping[str, tuple[str, str]] = {
    "GUESTLOOP_IMAGE": ("guestloop:latest", "the image of every role"),
    "GUESTLOOP_IMAGE_KEY": (
        "./image.pub",
        "the public key whose signature images must bear: deploy/verify-image, deploy/roll",
    ),
    "GUESTLOOP_LISTEN": ("127.0.0.1:8080", "where the gateway listens on this machine"),
    "GUESTLOOP_LOG_SIZE": ("10m", "how much a file of a container's log holds; five are kept"),
    "GUESTLOOP_LISTEN_TLS": ("443", "where it listens for TLS, with deploy/compose.tls.yaml"),
    "GUESTLOOP_TLS_CERTIFICATE": ("./private/tls_certificate", "its certificate"),
    "GUESTLOOP_TLS_KEY": ("./private/tls_key", "and the key of that"),
    "GUESTLOOP_BACKUP_FOLDER": ("backups", "where backups lie: a volume, or a folder that 10001 may write in"),
    "GUESTLOOP_SECRETS": ("./private", "the folder that deploy/secrets fills"),
    "GUESTLOOP_POOLER_IMAGE": ("guestloop-pooler:latest", "PgBouncer, with deploy/compose.pooler.yaml"),
    "GUESTLOOP_SINK_IMAGE": ("guestloop-sink:latest", "the mail sink of deploy/smoke"),
    "GUESTLOOP_SINK_LISTEN": ("127.0.0.1:18025", "where that sink shows its mail"),
}
"""What compose files and scripts read before any role starts: default and meaning by name."""

REPLICAS: tuple[str, ...] = (
    *("GUESTLOOP_SEGMENTS_WEB_REPLICAS", "GUESTLOOP_SEGMENTS_RELAY_REPLICAS", "GUESTLOOP_SEGMENTS_CONSUMER_REPLICAS"),
    *("GUESTLOOP_CAMPAIGNS_WEB_REPLICAS", "GUESTLOOP_CAMPAIGNS_RELAY_REPLICAS"),
    *("GUESTLOOP_CAMPAIGNS_CONSUMER_REPLICAS", "GUESTLOOP_CAMPAIGNS_TIMERS_REPLICAS"),
    *("GUESTLOOP_MESSAGING_WEB_REPLICAS", "GUESTLOOP_MESSAGING_RELAY_REPLICAS"),
    *("GUESTLOOP_MESSAGING_CONSUMER_REPLICAS", "GUESTLOOP_MESSAGING_SENDER_REPLICAS"),
    *("GUESTLOOP_FEEDBACK_WEB_REPLICAS", "GUESTLOOP_FEEDBACK_RELAY_REPLICAS", "GUESTLOOP_FEEDBACK_CONSUMER_REPLICAS"),
    *("GUESTLOOP_CONSOLE_WEB_REPLICAS", "GUESTLOOP_CONSOLE_RELAY_REPLICAS", "GUESTLOOP_CONSOLE_CONSUMER_REPLICAS"),
)
"""How many of a role compose runs, where more than one gain anything: 1 unless it is set."""

BY_NAME: Mapping[str, Setting[Any] | None] = {
    **{one.name: one for one in SETTINGS},
    **dict.fromkeys((*DEPLOYMENT, *REPLICAS)),
}
"""Every name that may stand in the environment; None for those that only compose and scripts read."""
