"""Settings of backups: where they lie, of which server, under which keys, and for how long."""

from __future__ import annotations

from pathlib import Path

from shared.settings.setting import SetBy, Setting, path, whole_number

HOURS = 24


def hour(text: str) -> int:
    if not text.isdecimal() or int(text) >= HOURS:
        raise ValueError(f"an hour from 0 to 23, not «{text}»")
    return int(text)


BACKUPS: Setting[Path | None] = Setting(
    "GUESTLOOP_BACKUPS",
    "the folder of the backups; without it none are made",
    path,
    None,
    "/var/lib/guestloop/backups",
    "`guestloop backup`, `restored`, `status`, `check`, `up`",
    set_by=SetBy.COMPOSE,
)
BACKUP_DATABASE = Setting(
    "GUESTLOOP_BACKUP_DATABASE",
    "the server to back up, by a user who may replicate and read all",
    str,
    "",
    "postgresql://guestloop_backup@postgres/postgres",
    "`guestloop backup`",
    default_text="the home's own",
    set_by=SetBy.SECRET,
)
BACKUP_KEYS = Setting(
    "GUESTLOOP_BACKUP_KEYS",
    "by what backups are sealed, `backup.1=<base64>`; without it no backup opens: keep a copy apart from them",
    str,
    "",
    "backup.1=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "`guestloop backup`",
    default_text="`backup_keys` in the home",
    set_by=SetBy.SECRET,
)
BACKUP_HOUR = Setting(
    "GUESTLOOP_BACKUP_HOUR",
    "the hour of the day, UTC, from which the day's backup is taken",
    hour,
    2,
    "2",
    "`guestloop backup`",
)
BACKUP_DAYS = Setting(
    "GUESTLOOP_BACKUP_DAYS",
    "for how many days every backup is kept, and any instant of them can be restored",
    whole_number(1),
    14,
    "14",
    "`guestloop backup`",
)
BACKUP_WEEKS = Setting(
    "GUESTLOOP_BACKUP_WEEKS",
    "for how many weeks the first whole backup of each week is kept; it bounds the age of what backups hold of guests",
    whole_number(0),
    5,
    "5",
    "`guestloop backup`",
)
BACKUP_PROGRAMS: Setting[Path | None] = Setting(
    "GUESTLOOP_BACKUP_PROGRAMS",
    "the folder of PostgreSQL's own programs, of the server's version (the one that holds `bin`)",
    path,
    None,
    "/usr/lib/postgresql/17",
    "`guestloop backup`",
    default_text="those that were installed along, of 18",
    set_by=SetBy.COMPOSE,
)
