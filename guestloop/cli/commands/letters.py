"""`guestloop letters`"""

from __future__ import annotations

import argparse
import json
import os

from guestloop.cli.asking import agreed, instant
from guestloop.composition.services import SERVICES
from guestloop.operations import repair
from guestloop.operations.connect import connect
from shared.bus.matching_letters import Done, Kind, Wanted
from shared.clock import SystemClock
from shared.errors import InputError

DOES = {
    "list": "what was set aside, by kind and reason",
    "replay": "call the handlers again with all that match; what still cannot be applied stays",
    "drop": "delete all that match: what they told is lost",
}


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Messages between services that could not be applied, each in the service that could not: listed "
        "by kind and reason, replayed once the cause is mended, or dropped. In sets; the audit trail tells of each."
    )
    verbs = known.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, text in DOES.items():
        one = verbs.add_parser(verb, help=text)
        one.add_argument("--service", choices=SERVICES, help="of this service alone")
        one.add_argument("--type", metavar="guest.changed.v1", help="of this type")
        one.add_argument("--subscription", metavar="NAME", help="of this subscription of the service")
        one.add_argument("--reason", metavar="WORDS", help="whose reason has these words in it")
        one.add_argument("--before", type=instant, metavar="INSTANT", help="last tried before then (UTC)")
        one.add_argument("--json", action="store_true", help="the same as one JSON object")
        if verb == "drop":
            one.add_argument("--all", action="store_true", help="everything, where nothing else is said")
            one.add_argument("--yes", action="store_true", help="do not ask")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock, services = SystemClock(), [given.service] if given.service else list(SERVICES)
    wanted = Wanted(subscription=given.subscription, type_name=given.type, reason=given.reason, before=given.before)
    if given.verb == "drop" and not (wanted.asked or given.all):
        raise InputError("say which are to be dropped (--type, --reason, --before, --subscription), or --all")
    with connect(os.environ, clock) as installation:
        if given.verb == "list":
            return _list(repair.letters(installation.group, services, wanted), as_json=given.json)
        if given.verb == "replay":
            done = repair.replay(installation.group, services, wanted, clock)
            return _say(done, "applied", as_json=given.json)
        matching = repair.letters(installation.group, services, wanted)
        count = sum(kind.count for kinds in matching.values() for kind in kinds)
        if count and not given.yes and not agreed(f"{count} messages are dropped for good.", count):
            print("nothing was dropped")
            return 1
        return _say(repair.drop(installation.group, services, wanted, clock), "dropped", as_json=given.json)


def _list(found: dict[str, list[Kind]], *, as_json: bool) -> int:
    if as_json:
        told = {
            name: [{**vars(kind), "oldest": kind.oldest.isoformat()} for kind in kinds] for name, kinds in found.items()
        }
        print(json.dumps(told, ensure_ascii=False))
        return 0
    for name, kinds in found.items():
        for kind in kinds:
            since = f"{kind.oldest:%Y-%m-%d %H:%M} UTC"
            print(f"{kind.count:>9,}  {name}  {kind.type} → {kind.subscription}, since {since}: {kind.reason}")
    if not any(found.values()):
        print("nothing is set aside")
    return 0


def _say(done: dict[str, Done], verb: str, *, as_json: bool) -> int:
    """Status 1 where some are left."""
    left = sum(one.tried - one.worked for one in done.values())
    if as_json:
        print(json.dumps({name: {"tried": one.tried, verb: one.worked} for name, one in done.items()}))
        return int(left > 0)
    for name, one in done.items():
        if one.tried:
            print(f"{name}: {one.worked:,} of {one.tried:,} {verb}")
    if not any(one.tried for one in done.values()):
        print("nothing matches")
    return int(left > 0)
