"""A data folder is held to the list that PostgreSQL wrote of it: no file is missing, added or of other bytes.

It is what `pg_verifybackup` does; the one that is installed along (of 18) ends with a fault before its first line.
"""

from __future__ import annotations

import json
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Any

MANIFEST = "backup_manifest"
CHECKSUMS = "--manifest-checksums=SHA256"
BESIDE = ("backup_manifest", "postgresql.auto.conf", "standby.signal", "recovery.signal")
"""Files that a tool may add or change after the list was written."""
LOG = "pg_wal/"
LAST_LINE = b'"Manifest-Checksum"'


def read_manifest(data: Path) -> dict[str, Any]:
    """Raises `ValueError` where it was altered or is cut short."""
    text = (data / MANIFEST).read_bytes()
    said: dict[str, Any] = json.loads(text)
    if sha256(text[: text.rindex(LAST_LINE)]).hexdigest() != said["Manifest-Checksum"]:
        raise ValueError("the list of files was altered")
    return said


def difference(data: Path) -> str | None:
    """The first thing that is not as the list says; None where all is."""
    try:
        listed = {one["Path"]: one for one in read_manifest(data)["Files"] if "Path" in one}
    except (OSError, ValueError, KeyError) as error:
        return f"its list of files cannot be read ({error})"
    there = {str(path.relative_to(data)) for path in data.rglob("*") if path.is_file()}
    if missing := sorted(listed.keys() - there):
        return f"{missing[0]} is missing"
    if added := [one for one in sorted(there - listed.keys()) if one not in BESIDE and not one.startswith(LOG)]:
        return f"{added[0]} is not listed"
    for name, one in listed.items():
        if name not in BESIDE and not _is_as_listed(data / name, one):
            return f"{name} is not as it is listed"
    return None


def _is_as_listed(path: Path, one: dict[str, Any]) -> bool:
    if path.stat().st_size != one["Size"]:
        return False
    if one.get("Checksum-Algorithm") != "SHA256":
        return True
    with path.open("rb") as file:
        return bool(file_digest(file, "sha256").hexdigest() == one["Checksum"])
