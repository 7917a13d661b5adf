"""`guestloop keys`"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path

from tqdm import tqdm

from guestloop.operations import rotate_keys
from guestloop.operations.connect import connect
from guestloop.operations.index_again import found_by, index_again
from guestloop.operations.seal_again import resting_under, seal_again, sealed_columns
from shared.clock import SystemClock
from shared.crypto.purposes import PURPOSES
from shared.errors import Conflict
from shared.settings.installation import HOME, KEYS
from shared.settings.role import read_keyring

VERBS = {
    "list": "the keys of each purpose, the one in use first",
    "add": "a new key of each PURPOSE, which can open; restart every role then",
    "use": "the newest key of each PURPOSE seals from now on; restart every role again",
    "seal": "seal again, while everything runs, what rests under older keys",
    "index": "index again, while everything runs, what is found by older keys",
    "retire": "take out a KEY under which nothing rests any more",
}


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Turn keys while everything runs: add, restart, use, restart, seal or index; a week later retire. "
        + " ".join(f"{verb}: {meaning}." for verb, meaning in VERBS.items())
    )
    known.add_argument("verb", nargs="?", choices=VERBS, default="list")
    known.add_argument("names", nargs="*", metavar="NAME", help="purposes, or the key to retire (all that are turned)")
    known.add_argument("--folder", type=Path, help="what `guestloop provision` made (the home)")
    known.add_argument("--json", action="store_true", help="as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    folder: Path = given.folder or HOME.read(os.environ)
    match given.verb:
        case "add":
            names = rotate_keys.add_keys(folder, rotate_keys.purposes_named(given.names))
            _show(given, {"added": names}, f"{', '.join(names)} can open once every role was restarted")
        case "use":
            names = rotate_keys.use_newest_keys(folder, rotate_keys.purposes_named(given.names))
            _show(given, {"used": names}, f"{', '.join(names)} in use once every role was restarted")
        case "seal":
            _seal(given)
        case "index":
            _index(given)
        case "retire":
            _retire(given, folder)
        case _:
            in_files = given.folder or not KEYS.read(os.environ)
            ring = rotate_keys.ring_of(folder) if in_files else read_keyring(os.environ)
            keys = {str(one): ring.names(one) for one in PURPOSES}
            _show(given, keys, "\n".join(f"{purpose:<16}{', '.join(names)}" for purpose, names in keys.items()))
    return 0


def _seal(given: argparse.Namespace) -> None:
    done = {}
    with connect(os.environ, SystemClock()) as installation:
        columns = list(sealed_columns())
        for one in tqdm(columns, unit="column", file=sys.stderr, disable=None):
            done[f"{one.service}.{one.table}.{one.column}"] = seal_again(installation.group, one)
    _show(given, done, "\n".join(f"{count:>12,}  {name}" for name, count in done.items()))


def _index(given: argparse.Namespace) -> None:
    clock = SystemClock()
    with connect(os.environ, clock) as installation, tqdm(unit="row", file=sys.stderr, disable=None) as bar:
        done = index_again(installation.group, clock.now(), bar.update)
    _show(given, done, "\n".join(f"{count:>12,}  {name}" for name, count in done.items()))


def _retire(given: argparse.Namespace, folder: Path) -> None:
    """Raises `Conflict` while anything rests under a key."""
    for key in given.names:
        if reason := rotate_keys.refusal_to_retire(rotate_keys.ring_of(folder), key):
            raise Conflict(reason)
        with connect(os.environ, SystemClock()) as installation:
            resting = resting_under(installation.group, key) | found_by(installation.group, key)
        if resting:
            where = ", ".join(f"{count:,} in {table}" for table, count in resting.items())
            raise Conflict(f"«{key}» is needed: {where}. Run «keys seal» or «keys index»; events go after a week")
        rotate_keys.retire_key(folder, key)
    _show(given, {"retired": given.names}, f"{', '.join(given.names) or 'nothing'} retired")


def _show(given: argparse.Namespace, result: object, words: str) -> None:
    print(json.dumps(result) if given.json else words)
