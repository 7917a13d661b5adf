"""How old the backups are, as it is told to people, to the console and to Prometheus."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import psycopg
import structlog
from prometheus_client.core import GaugeMetricFamily

from guestloop.backup.folder import BackupFolder, Note
from services.console.store.backups import TOO_OLD, keep_newest
from shared.crypto.sealing import KeyRing
from shared.database.pool import Tx

CONNECT_WITHIN = 5

log = structlog.get_logger()


def tell_console(dsn: str, note: Note) -> None:
    """So that Home and Delivery say how old it is. A console that is away does not keep a backup from being one."""
    if not dsn or note.verified is None:
        return
    try:
        with psycopg.connect(dsn, connect_timeout=CONNECT_WITHIN, application_name="guestloop backup") as connection:
            keep_newest(Tx(connection, "console", KeyRing.parse(KeyRing.fresh())), note.at, note.verified)
    except psycopg.Error as error:
        log.warning("the console is not told of a backup", reason=type(error).__name__)


def age_of(folder: BackupFolder, now: datetime) -> str:
    """One sentence for an operator."""
    newest = folder.newest_verified()
    if newest is None:
        return f"there is no verified backup in {folder.path}"
    hours = (now - newest.at) / timedelta(hours=1)
    return f"the newest verified backup is {hours:,.1f} hours old ({newest.name})"


def problem_of(folder: BackupFolder, now: datetime) -> str | None:
    """What is wrong and what to do; None where the newest verified backup is young enough."""
    newest, notes = folder.newest_verified(), folder.notes()
    if newest and now - newest.at <= TOO_OLD:
        return None
    why = f" The last one failed: {notes[-1].problem}" if notes and notes[-1].problem else ""
    return f"{age_of(folder, now)}: run guestloop backup take, and see why the role backup does not.{why}"


def figures_of(folder: BackupFolder, now: datetime) -> dict[str, int]:
    """For `guestloop status`: how many there are, and hours since the newest verified one, where there is one."""
    notes, newest = folder.notes(), folder.newest_verified()
    found = {"backups": len(notes), "verified": sum(one.verified is not None for one in notes)}
    return found | ({"hours since the newest verified one": (now - newest.at) // timedelta(hours=1)} if newest else {})


class BackupFigures:
    """Gauges, asked for at a scrape. Where there is no verified backup its instant is not told, which is an alert."""

    def __init__(self, folder: BackupFolder, is_receiving: Callable[[], bool]) -> None:
        self._folder, self._is_receiving = folder, is_receiving

    def describe(self) -> list[GaugeMetricFamily]:
        """Registration asks nobody."""
        return []

    def collect(self) -> list[GaugeMetricFamily]:
        notes, newest = self._folder.notes(), self._folder.newest_verified()
        completed = GaugeMetricFamily(
            "guestloop_backup_completed_timestamp_seconds", "Of which instant the newest verified backup is"
        )
        if newest:
            completed.add_metric([], newest.at.timestamp())
        receiving = GaugeMetricFamily("guestloop_backup_receiving", "Whether the write-ahead log is being received")
        receiving.add_metric([], float(self._is_receiving()))
        size = GaugeMetricFamily("guestloop_backup_bytes", "Of all backups, without the write-ahead log")
        size.add_metric([], float(sum(one.bytes for one in notes)))
        return [completed, receiving, size]
