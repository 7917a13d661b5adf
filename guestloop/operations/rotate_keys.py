"""Turn the keys of a key ring while everything runs: add, use, seal again, retire.

First a new key is added as the last: every role can open what it will seal. Then it becomes the first: it seals from
now on, and the older keys still open what they sealed. Between the two every role is restarted: in one step, a role
that was not restarted yet could not open what another had sealed already. A key is retired once nothing rests under it.

The keys of a folder (a home, or what `guestloop provision` made) are in two files: those by which the erased are known
again stand apart, are succeeded in the same way, and never retired.
"""

from __future__ import annotations

import base64
import os
from collections.abc import Iterable, Mapping
from pathlib import Path

from guestloop.operations.provision import has_shares, write_keys_of_services
from shared.crypto.purposes import PURPOSES, Hashing, KeyPurpose, Sealing, Signing
from shared.crypto.sealing import INDEX, LINKS_OF_INDEX, KeyRing
from shared.errors import Conflict, InputError

TURNED: tuple[KeyPurpose, ...] = (*Sealing, *Signing)
"""What is turned where nobody says what."""


def ring_of(folder: Path) -> KeyRing:
    return KeyRing.parse(*(_text(folder / name) for name in ("keys", "erasure_keys") if (folder / name).exists()))


def purposes_named(names: Iterable[str]) -> tuple[KeyPurpose, ...]:
    """Raises `InputError` for a name that is no purpose."""
    known: Mapping[str, KeyPurpose] = {str(one): one for one in PURPOSES}
    wanted = tuple(names)
    if unknown := [name for name in wanted if name not in known]:
        raise InputError(f"{unknown[0]!r} is no purpose of a key; there are {', '.join(known)}")
    return tuple(known[name] for name in wanted) or TURNED


def add_keys(folder: Path, purposes: Iterable[KeyPurpose] = TURNED) -> list[str]:
    """A new key of each purpose, as the last; their names. A purpose that has had no key of its own gets its first."""
    new = []
    for file, mine in _by_file(folder, purposes):
        parts = _parts(file)
        names = [f"{one}.{max(_numbers(parts, one), default=0) + 1}" for one in mine]
        _replace(file, parts | {name: base64.b64encode(os.urandom(32)).decode() for name in names})
        new += names
    return new


def use_newest_keys(folder: Path, purposes: Iterable[KeyPurpose] = TURNED) -> list[str]:
    """The key of each purpose that was added last is the one in use from now on; their names."""
    used, ring = [], ring_of(folder)
    for file, mine in _by_file(folder, purposes):
        parts, names = _parts(file), []
        for one in mine:
            newest = f"{one}.{max(_numbers(parts, one), default=0)}"
            if newest not in parts or ring.names(one)[0] == newest:
                raise Conflict(f"{file} holds no newer key for «{one}»: add another one first, and restart every role")
            names.append(newest)
        _replace(file, {name: parts[name] for name in names} | parts)
        used += names
    return used


def refusal_to_retire(ring: KeyRing, key: str) -> str | None:
    """Why a key cannot be retired whatever rests under it; None where only what rests under it decides."""
    served = [one for one in PURPOSES if key in ring.names(one)]
    if not served:
        return f"there is no key «{key}» in the ring"
    if used := [one for one in served if ring.names(one)[0] == key]:
        return f"«{key}» is in use for «{used[0]}»: add and use another key first"
    if any(isinstance(one, Hashing) for one in served):
        return "the erased are known again by it: it is kept for ever"
    if Signing.LINKS in served and key != INDEX:
        return "links in messages to guests are signed by it, and open for as long as the messages are kept"
    return None


def retire_key(folder: Path, key: str) -> None:
    """Takes a key out of its file. Whether anything rests under it the caller has asked. Of `index`, the oldest of all,
    what proves the links in messages stays, and nothing else.
    """
    ring, file = ring_of(folder), folder / "keys"
    if reason := refusal_to_retire(ring, key):
        raise Conflict(reason)
    parts = {name: value for name, value in _parts(file).items() if name != key}
    if key == INDEX:
        secret = bytes.fromhex(ring.signing_keys(Signing.LINKS)[ring.names(Signing.LINKS).index(INDEX)].decode())
        parts[LINKS_OF_INDEX] = base64.b64encode(secret).decode()
    _replace(file, parts)


def _by_file(folder: Path, purposes: Iterable[KeyPurpose]) -> list[tuple[Path, list[KeyPurpose]]]:
    wanted = list(purposes)
    kept_apart: list[KeyPurpose] = [one for one in wanted if isinstance(one, Hashing)]
    in_the_ring: list[KeyPurpose] = [one for one in wanted if not isinstance(one, Hashing)]
    files = [(folder / "keys", in_the_ring), (folder / "erasure_keys", kept_apart)]
    return [(file, mine) for file, mine in files if mine]


def _numbers(parts: Iterable[str], purpose: KeyPurpose) -> list[int]:
    named = [name.rpartition(".") for name in parts]
    return [int(number) for owner, _, number in named if owner == purpose and number.isdecimal()]


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8").strip()
    except OSError as error:
        raise InputError(f"the key ring {file} cannot be read: {error.strerror}") from error


def _parts(file: Path) -> dict[str, str]:
    text = _text(file)
    KeyRing.parse(text)
    return {name.strip(): value for name, value in (part.split("=", 1) for part in text.split(","))}


def _replace(file: Path, parts: Mapping[str, str]) -> None:
    """Whole or not at all; the shares of the services follow."""
    text = ",".join(f"{name}={value}" for name, value in parts.items())
    KeyRing.parse(text)
    new = file.with_name(f"{file.name}.new")
    new.touch(mode=0o600)
    new.write_text(f"{text}\n", encoding="utf-8")
    new.chmod(file.stat().st_mode & 0o777)
    new.replace(file)
    if has_shares(file.parent):
        write_keys_of_services(file.parent)
