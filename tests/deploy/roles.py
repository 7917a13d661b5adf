"""Which roles the code has, asked of the services themselves."""

from __future__ import annotations

from pathlib import Path

from guestloop.composition.services import SERVICES, build_group
from shared.clock import SystemClock
from shared.crypto.sealing import KeyRing
from shared.database.pool import Database

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"


def every_role() -> set[tuple[str, str]]:
    """(service, role) of all that must run."""
    keyring = KeyRing.parse(KeyRing.fresh())
    nowhere = {name: Database("", service=name, keyring=keyring) for name in SERVICES}
    group = build_group(nowhere, SystemClock(), {})
    found = {(name, role) for name in SERVICES for role in ("web", "relay", "consumer")}
    for name, service in group.services.items():
        found |= {(name, clock.name.split()[-1]) for clock in service.clocks}
    return found
