"""The role: receives the log, takes the day's backup, verifies it, drops what is over."""

from __future__ import annotations

import threading
from contextlib import ExitStack
from datetime import datetime, timedelta

import structlog

from guestloop.backup.check import verify
from guestloop.backup.folder import BackupFolder, Note
from guestloop.backup.house import House
from guestloop.backup.keeping import FULL_EVERY, Keeping, drop_what_is_over
from guestloop.backup.recover import Recovering
from guestloop.backup.take import Taking, take
from guestloop.backup.told import tell_console
from guestloop.backup.wal import InterruptedBackup, LogStands, Receiver
from shared.clock import Clock
from shared.crypto.streams import StreamKeys
from shared.embedded.lockfile import InUse
from shared.errors import DatabaseUnavailable, GuestloopError

AGAIN_AFTER = timedelta(hours=1)

log = structlog.get_logger()


class BackupRole:
    """One at a time of a folder: another waits, and says so. `hour`: of the day, UTC, from which a backup is due;
    `console`: which database is told of a verified one.
    """

    name = "backup"

    def __init__(
        self,
        house: House,
        folder: BackupFolder,
        keys: StreamKeys,
        clock: Clock,
        keeping: Keeping,
        hour: int,
        console: str = "",
    ) -> None:
        self._console = console
        self._house, self._folder, self._keys = house, folder, keys
        self._clock, self._keeping, self._hour = clock, keeping, hour
        self._receiver, self._held, self._stop = Receiver(house, folder, keys), ExitStack(), threading.Event()
        self._is_first, self._trouble = True, ""
        self._not_before: datetime | None = None

    def stop_on(self, stop: threading.Event) -> None:
        self._stop = stop

    def not_ready_reason(self) -> str | None:
        return self._trouble or None

    @property
    def is_receiving(self) -> bool:
        return self._receiver.is_running

    def step(self, now: datetime) -> int:
        """How many segments were sealed and backups taken. Raises `DatabaseUnavailable`, which the caller waits for."""
        try:
            self._receive()
            done = self._receiver.pump()
        except LogStands as error:
            raise DatabaseUnavailable(str(error)) from error
        except InUse as error:
            self._trouble = str(error)
            return 0
        self._trouble = ""
        if self._is_due(now):
            done += self._back_up(now)
        return done

    def close(self) -> None:
        self._receiver.stop()
        self._held.close()

    def _receive(self) -> None:
        if self._is_first:
            self._held.enter_context(self._folder.receiving())
            self._is_first = False
        if not self._receiver.is_running:
            self._receiver.start()

    def _is_due(self, now: datetime) -> bool:
        if self._not_before and now < self._not_before:
            return False
        newest = self._folder.newest_verified()
        if newest is None or self._receiver.is_new_stretch:
            return True
        hour = now.replace(hour=self._hour, minute=0, second=0, microsecond=0)
        return newest.began < (hour if hour <= now else hour - timedelta(days=1))

    def _back_up(self, now: datetime) -> int:
        """1 where a backup was taken and verified. What fails is tried again an hour later."""
        taking = Taking(self._house, self._folder, self._keys, self._clock, self._tell, self._stop)
        taking.pump = self._receiver.pump
        recovering = Recovering(self._house, self._folder, self._keys, self._tell, self._stop)
        try:
            note = verify(recovering, take(taking, full=self._is_full_due(now)), self._clock.now())
            tell_console(self._console, note)
            gone, segments = drop_what_is_over(self._folder, self._keeping, self._clock.now())
        except DatabaseUnavailable:
            raise
        except (InUse, InterruptedBackup):
            return 0
        except Exception as error:  # one backup must not end the receiving of the log, nor begin anew at once
            self._not_before = now + AGAIN_AFTER
            reason = str(error) if isinstance(error, GuestloopError | OSError) else type(error).__name__
            log.error("a backup failed", reason=reason, again_in=AGAIN_AFTER.total_seconds())
            return 0
        self._receiver.is_new_stretch = False
        log.info("a backup is verified", backup=note.name, kind=note.kind, rows=note.rows, bytes=note.bytes)
        if gone or segments:
            log.info("backups are over and dropped", backups=gone, segments=segments)
        return 1

    def _is_full_due(self, now: datetime) -> bool:
        newest = self._folder.newest_verified()
        return newest is None or now - self._root_of(newest).began >= FULL_EVERY

    def _root_of(self, note: Note) -> Note:
        return self._folder.chain(note)[0]

    def _tell(self, text: str) -> None:
        log.info("backup", progress=text)
