"""Turn the keys of a key ring, in two steps with a restart of every role after each.

First a new key is added as the last: every role can open what it will seal. Then it becomes the first: it seals from
now on, and the older keys still open what they sealed. In one step, a role that was not restarted yet could not open
what another had sealed already.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable
from pathlib import Path

from shared.crypto.purposes import KeyPurpose, Sealing, Signing
from shared.crypto.sealing import KeyRing
from shared.errors import Conflict, InputError

TURNED: tuple[KeyPurpose, ...] = (*Sealing, *Signing)


def add_keys(file: Path, purposes: Iterable[KeyPurpose] = TURNED) -> list[str]:
    """A new key of each purpose, as the last; their names. A purpose that has had no key of its own gets its first."""
    parts = _parts(file)
    new = [f"{one}.{max(_numbers(parts, one), default=0) + 1}" for one in purposes]
    _replace(file, parts | {name: base64.b64encode(os.urandom(32)).decode() for name in new})
    return new


def use_newest_keys(file: Path, purposes: Iterable[KeyPurpose] = TURNED) -> list[str]:
    """The key of each purpose that was added last seals from now on; their names."""
    parts = _parts(file)
    ring, names = KeyRing.parse(file.read_text(encoding="utf-8")), []
    for one in purposes:
        newest = f"{one}.{max(_numbers(parts, one), default=0)}"
        if newest not in parts or ring.names(one)[0] == newest:
            raise Conflict(f"{file} holds no newer key for «{one}»: add another one first, and restart every role")
        names.append(newest)
    _replace(file, {name: parts[name] for name in names} | parts)
    return names


def _numbers(parts: Iterable[str], purpose: KeyPurpose) -> list[int]:
    named = [name.rpartition(".") for name in parts]
    return [int(number) for owner, _, number in named if owner == purpose and number.isdecimal()]


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
