"""The health of a role: at work, waiting, or stopping. Signals and work set it, the side port reports it."""

from __future__ import annotations

import os
import signal
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType

import psycopg
import structlog

from shared.telemetry.metrics import WAITS

STOPPED_WITHIN = 10.0
PATIENCE = 2  # seconds until a database counts as silent

Check = Callable[[], str | None]
"""Why a role cannot work, in a sentence; None where it can."""

log = structlog.get_logger()


@dataclass
class RoleHealth:
    """One role's. `stop` ends its work; `checks` are asked whenever somebody wants to know whether it is ready."""

    service: str
    role: str
    stop: threading.Event = field(default_factory=threading.Event)
    checks: list[Check] = field(default_factory=list)
    trouble: str | None = None
    last_success: float | None = None  # seconds since 1970; None: it has not worked yet

    def waits_for(self, what: str, why: str, seconds: float) -> None:
        """It cannot work now. `what`: database or broker."""
        self.trouble = why
        WAITS.labels(self.service, self.role, what).inc()
        log.warning("waiting", role=self.role, what=what, reason=why, seconds=round(seconds, 1))

    def works(self) -> None:
        if self.trouble:
            self.trouble = None
            log.info("at work again", role=self.role)
        self.beats()

    def beats(self) -> None:
        """It did what was due, or nothing was, just now."""
        if not self.trouble:
            self.last_success = time.time()

    def not_ready_reason(self) -> str | None:
        """The first reason why it is not ready; None where it is."""
        if self.stop.is_set():
            return "it is stopping"
        if self.trouble:
            return self.trouble
        return next((found for check in self.checks if (found := check())), None)

    def stop_on_signals(self, within: float = STOPPED_WITHIN) -> None:
        """SIGTERM or SIGINT sets `stop`, so that the set at hand is finished; what has not ended `within` so many
        seconds is cut off, which is as safe as a crash."""

        def stop(_number: int, _frame: FrameType | None) -> None:
            if not self.stop.is_set():
                self.stop.set()
                cut_off = threading.Timer(within, self._cut_off)
                cut_off.daemon = True
                cut_off.start()

        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, stop)

    def has_stopped(self) -> None:
        """Its last word. A signal that is said again while the interpreter ends, where Python has put its own handlers
        away, would else look like a crash."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)
        log.info("stopped", role=self.role)

    def _cut_off(self) -> None:
        log.error("cut off at its deadline", role=self.role)
        os._exit(1)


def database_check(dsn: str) -> Check:
    """By a connection of its own: the role's may be busy, and only a new one notices a silent server."""

    def check() -> str | None:
        try:
            psycopg.connect(dsn, connect_timeout=PATIENCE, application_name="guestloop readiness").close()
        except psycopg.Error:
            return "the database does not answer"
        return None

    return check
