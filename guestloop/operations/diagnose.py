"""What somebody who helps from afar needs to know of an installation: what it is, how it is set up, what waits and why.

Nothing in it is a guest's, and no secret: rows are counted and never read, of settings only what is a number, a time, a
choice or a switch stands as it is, and addresses and telephone numbers in sentences are left out.
"""

from __future__ import annotations

import json
import os
import platform
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, datetime, timedelta
from enum import Enum
from importlib.metadata import distributions, version
from io import BytesIO
from pathlib import Path
from typing import Any

from guestloop.composition.services import SERVICES, Group
from guestloop.operations import repair
from guestloop.operations.connect import connect
from guestloop.operations.doctor import CheckResult, check
from guestloop.operations.status import status_of
from services.messaging.store.sending.matching_unknowns import Wanted as Unclear
from shared.bus.matching_letters import Wanted
from shared.clock import Clock
from shared.database.pool import Tx
from shared.errors import GuestloopError, SettingError
from shared.settings.declared import SETTINGS
from shared.settings.setting import SetBy, Setting

MAIL = re.compile(r"[^\s@«»<>\"'(),;:]+@[^\s@«»<>\"'(),;]+")
NUMBER = re.compile(r"\+\d[\d ().-]{5,}\d")
IN_AN_ADDRESS = re.compile(r"(?<=://)[^\s/@]+@")  # who signs in, and by which password
MIGRATIONS = "select folder || '/' || name from schema_migration order by folder, number"
TABLES = """
    select coalesce(inhparent::regclass::text, relname) as whole, sum(n_live_tup)::bigint, sum(n_dead_tup)::bigint,
           sum(pg_total_relation_size(relid))::bigint as size, max(last_autovacuum), max(last_autoanalyze)
    from pg_stat_user_tables left join pg_inherits on inhrelid = relid
    group by 1 order by size desc, whole
"""
SESSIONS = """
    select coalesce(state, ''), count(*)::int, max(now() - xact_start) from pg_stat_activity
    where datname = current_database() group by 1 order by 1
"""


def bundle(environment: Mapping[str, str], clock: Clock) -> bytes:
    """A ZIP archive of JSON files. What cannot be asked is named in it, and keeps nothing else out."""
    files: dict[str, Any] = {
        "about": about(clock.now()),
        "settings": settings(environment),
        "check": checks(list(check(environment, clock))),
    }
    try:
        with connect(environment, clock) as installation:
            files |= state(installation.group, clock.now())
    except GuestloopError as error:
        files["state"] = {"problem": without_addresses(str(error))}
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(f"{name}.json", json.dumps(content, default=plainly, ensure_ascii=False, indent=1))
    return made.getvalue()


def about(now: datetime) -> dict[str, Any]:
    return {
        "written_at": now,
        "guestloop": version("guestloop"),
        "python": platform.python_version(),
        "system": platform.platform(),
        "processors": os.cpu_count(),
        "packages": dict(sorted((one.metadata["Name"], one.version) for one in distributions())),
    }


def settings(environment: Mapping[str, str]) -> dict[str, Any]:
    """By name, of those that are set."""
    return {one.name: _told(one, environment) for one in SETTINGS if environment.get(one.name, "").strip()}


def _told(setting: Setting[Any], environment: Mapping[str, str]) -> Any:
    if setting.set_by is SetBy.SECRET:
        return "set"
    try:
        value = setting.read(environment)
    except SettingError:
        return "set, and cannot be read"
    return value if isinstance(value, bool | int | float | timedelta | Enum) else "set"


def checks(found: Sequence[CheckResult]) -> list[dict[str, Any]]:
    return [{name: without_addresses(text) if text else text for name, text in asdict(one).items()} for one in found]


def state(group: Group, now: datetime) -> dict[str, Any]:
    """By file: what waits, what was set aside and for which reason, and how large everything is."""
    letters = repair.letters(group, SERVICES, Wanted())
    unclear = repair.unclear(group, Unclear())
    return {
        "status": status_of(group, now),
        "letters": {
            name: [{**asdict(kind), "reason": without_addresses(kind.reason)} for kind in kinds]
            for name, kinds in letters.items()
        },
        "unclear": [dict(zip(("channel", "reason", "count", "oldest"), one, strict=True)) for one in unclear],
        "databases": {name: _database(group, name) for name in SERVICES},
    }


def _database(group: Group, name: str) -> dict[str, Any]:
    with group.database(name).transaction() as tx:
        return {
            "server": _one(tx, "show server_version"),
            "bytes": _one(tx, "select pg_database_size(current_database())"),
            "migrations": [
                one for (one,) in tx.execute("select folder || '/' || name from schema_migration order by 1")
            ],
            "sessions": _named(tx, SESSIONS, "state", "count", "longest"),
            "tables": _named(tx, TABLES, "table", "rows", "dead", "bytes", "vacuumed_at", "analysed_at"),
        }


def _one(tx: Tx, query: str) -> Any:
    row = tx.execute(query).fetchone()
    assert row is not None
    return row[0]


def _named(tx: Tx, query: str, *names: str) -> list[dict[str, Any]]:
    return [dict(zip(names, row, strict=True)) for row in tx.execute(query)]


def without_addresses(text: str) -> str:
    """Without what could be somebody's: addresses, telephone numbers, sign-ins, and the folder of whoever runs it."""
    for pattern in (IN_AN_ADDRESS, MAIL, NUMBER):
        text = pattern.sub("…", text)
    return text.replace(str(Path.home()), "~") if Path.home() != Path("/") else text


def plainly(value: object) -> object:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, Enum):
        return value.value
    raise TypeError(f"{type(value).__name__} has no plain form")
