"""The role as a process of its own, until a signal ends it."""

from __future__ import annotations

from collections.abc import Mapping

import structlog
from prometheus_client import REGISTRY

from guestloop.backup.folder import BackupFolder
from guestloop.backup.here import role_here
from guestloop.backup.house import House
from guestloop.backup.told import BackupFigures
from shared.clock import SystemClock
from shared.process import work
from shared.telemetry.admin_port import open_admin_port
from shared.telemetry.gc import tune_garbage_collector
from shared.telemetry.health import RoleHealth

log = structlog.get_logger()


def live(environment: Mapping[str, str]) -> int:
    """Raises `GuestloopError` in one sentence where it cannot go on."""
    clock = SystemClock()
    role = role_here(House.from_environment(environment), environment, clock)
    health = RoleHealth("backup", "backup", checks=[role.not_ready_reason])
    health.stop_on_signals()
    role.stop_on(health.stop)
    REGISTRY.register(BackupFigures(BackupFolder.of(environment), lambda: role.is_receiving))
    open_admin_port(environment, health)
    tune_garbage_collector()
    log.info("at work", role=role.name)
    try:
        work(role, clock, health.stop, health=health)
    finally:
        role.close()
    health.has_stopped()
    return 0
