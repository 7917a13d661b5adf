"""Rotate the sealing key of a key ring, in two steps with a restart of every role after each.

First a new key is added as the last: every role can open what it will seal. Then it becomes the first: it seals from
now on, and the older keys still open what they sealed. In one step, a role that was not restarted yet could not open
what another had sealed already.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path

from shared.crypto.sealing import KeyRing
from shared.errors import Conflict, InputError


def add_key(file: Path) -> str:
    """A new key as the last; its name."""
    parts = _parts(file)
    numbers = [int(name[1:]) for name in parts if name[:1] == "k" and name[1:].isdecimal()]
    name = f"k{max(numbers, default=0) + 1}"
    _replace(file, parts | {name: base64.b64encode(os.urandom(32)).decode()})
    return name


def use_newest_key(file: Path) -> str:
    """The key that was added last seals from now on; its name."""
    parts = _parts(file)
    sealing = [name for name in parts if name != "index"]
    if len(sealing) < 2:
        raise Conflict(f"{file} holds one sealing key: add another one first, and restart every role")
    newest = sealing[-1]
    _replace(file, {"index": parts["index"], newest: parts[newest]} | parts)
    return newest


def _parts(file: Path) -> dict[str, str]:
    try:
        text = file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InputError(f"the key ring {file} cannot be read: {error.strerror}") from error
    KeyRing.parse(text)
    return {name.strip(): value for name, value in (part.split("=", 1) for part in text.split(","))}


def _replace(file: Path, parts: dict[str, str]) -> None:
    text = ",".join(f"{name}={value}" for name, value in parts.items())
    KeyRing.parse(text)
    new = file.with_name(f"{file.name}.new")
    new.touch(mode=0o600)
    new.write_text(f"{text}\n", encoding="utf-8")
    new.chmod(file.stat().st_mode & 0o777)
    new.replace(file)
