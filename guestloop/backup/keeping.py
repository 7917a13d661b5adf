"""What is kept of backups, and for how long: it bounds the age of what they hold of guests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from guestloop.backup.folder import FULL, BackupFolder, Note
from guestloop.backup.wal import place_of, segments
from shared.settings.backups import BACKUP_DAYS, BACKUP_WEEKS

FULL_EVERY = timedelta(days=7)


@dataclass(frozen=True)
class Keeping:
    """Every backup of so many days, and of so many weeks the first full one."""

    days: int = 14
    weeks: int = 5

    @classmethod
    def from_environment(cls, environment: Mapping[str, str]) -> Keeping:
        return cls(BACKUP_DAYS.read(environment), BACKUP_WEEKS.read(environment))

    def kept(self, notes: Sequence[Note], now: datetime) -> list[Note]:
        """With whatever a kept one rests on. The newest verified one stays however old it is."""
        recent = [one for one in notes if now - one.at <= timedelta(days=self.days)]
        weekly = list(self._weekly(notes, now))
        newest = [one for one in notes if one.verified][-1:]
        wanted = {one.name for one in (*recent, *weekly, *newest)}
        for one in reversed(notes):
            if one.name in wanted and one.parent:
                wanted.add(one.parent)
        return [one for one in notes if one.name in wanted]

    def _weekly(self, notes: Iterable[Note], now: datetime) -> Iterable[Note]:
        seen = set()
        for one in notes:
            week = one.at.isocalendar()[:2]
            if one.kind == FULL and one.verified and now - one.at <= timedelta(weeks=self.weeks) and week not in seen:
                seen.add(week)
                yield one

    def without_use(self, names: Sequence[str], kept: Sequence[Note], now: datetime) -> list[str]:
        """The segments of the log that no kept backup needs: neither to come to its own point, nor for any instant
        since the oldest of the last days. Where nothing is kept, none goes.
        """
        if not kept:
            return []
        recent = [one for one in kept if now - one.at <= timedelta(days=self.days)] or list(kept[-1:])
        since = min(place_of(one.first) for one in recent)
        own = [(place_of(one.first), place_of(one.last)) for one in kept]
        return [
            name
            for name in names
            if place_of(name) < since and not any(first <= place_of(name) <= last for first, last in own)
        ]


def drop_what_is_over(folder: BackupFolder, keeping: Keeping, now: datetime) -> tuple[list[str], int]:
    """The names of the backups that went, the newest first so that none rests on one that is gone, and how many
    segments of the log.
    """
    with folder.taking():
        notes = folder.notes()
        kept = keeping.kept(notes, now)
        gone = [one for one in reversed(notes) if one not in kept]
        for one in gone:
            folder.drop(one)
        over = keeping.without_use(segments(folder), kept, now)
        for name in over:
            (folder.wal / name).unlink()
    return [one.name for one in gone], len(over)
