"""The same world with each role in a process of its own, over a real broker; only the clock is ours.

The roles are driven step by step, so the run is as repeatable as in one process.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager

from guestloop.composition.child_processes import same_modules
from guestloop.composition.remote_role import RemoteRole
from guestloop.composition.services import Group, settings_of
from guestloop.composition.virtual_world import World
from shared.bus.rabbit.topology import declare
from shared.clock import VirtualClock
from shared.settings.installation import BROKER, KEYS


@contextmanager
def multiprocess_world(group: Group, clock: VirtualClock, *, broker: str, keys: str) -> Iterator[World]:
    """Declares the topology on `broker` (an amqp:// URL) and starts every role; all end with the block."""
    services = group.services.values()
    declare(broker, {service.name: service.subscriptions for service in services})
    environment = {
        **os.environ,
        **settings_of(group),
        BROKER.name: broker,
        KEYS.name: keys,
        **same_modules(),
    }
    with ExitStack() as stack:

        def role(service: str, name: str) -> RemoteRole:
            return stack.enter_context(closing(RemoteRole(service, name, environment)))

        yield World(
            clock=clock,
            relays={service.name: role(service.name, "relay") for service in services},
            consumers={service.name: role(service.name, "consumer") for service in services},
            clocks=[
                (service.name, role(service.name, timed.name.split()[-1]))
                for service in services
                for timed in service.clocks
            ],
        )
