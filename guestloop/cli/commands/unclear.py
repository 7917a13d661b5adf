"""`guestloop unclear`"""

from __future__ import annotations

import argparse
import json
import os
from datetime import datetime

from guestloop.cli.asking import agreed, instant
from guestloop.operations import repair
from guestloop.operations.connect import connect
from services.messaging.commands.unknowns import ARRIVED, NEVER_ARRIVED
from services.messaging.store.sending.matching_unknowns import Wanted
from shared.clock import SystemClock
from shared.vocabulary.channel import Channel
from shared.vocabulary.reason import reason_named

FOUND = {"arrived": ARRIVED, "never-arrived": NEVER_ARRIVED}


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Messages of which nobody knows whether they went. Look in the provider's own log, then say what "
        "you found of all that were handed over in that time. What never arrived is not sent again."
    )
    verbs = known.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb, text in (("list", "how many, by channel and reason"), ("settle", "say what became of all that match")):
        one = verbs.add_parser(verb, help=text)
        if verb == "settle":
            one.add_argument("found", choices=FOUND, help="whether the guests have them")
            one.add_argument("--yes", action="store_true", help="do not ask")
        one.add_argument("--since", type=instant, required=verb == "settle", metavar="INSTANT", help="from then on")
        one.add_argument("--before", type=instant, metavar="INSTANT", help="and before (UTC)")
        one.add_argument("--channel", choices=[str(channel) for channel in Channel], help="by this channel")
        one.add_argument("--reason", default="", metavar="lease_expired", help="unclear for this reason")
        one.add_argument("--json", action="store_true", help="the same as JSON")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    wanted = Wanted(channel=given.channel or "", reason=given.reason, since=given.since, before=given.before)
    with connect(os.environ, clock) as installation:
        if given.verb == "list":
            _list(repair.unclear(installation.group, wanted), as_json=given.json)
            return 0
        count = repair.how_many_unclear(installation.group, wanted)
        consequence = f"{count} messages are recorded as {given.found.replace('-', ' ')}."
        if count and not given.yes and not agreed(consequence, count):
            print("nothing was settled")
            return 1
        settled = repair.settle(installation.group, wanted, FOUND[given.found], clock)
    print(json.dumps({"settled": settled}) if given.json else f"{settled:,} settled")
    return 0


def _list(found: list[tuple[str | None, str | None, int, datetime]], *, as_json: bool) -> None:
    if as_json:
        keys = ("channel", "reason", "messages", "first")
        print(json.dumps([dict(zip(keys, (*one[:3], str(one[3])), strict=True)) for one in found]))
        return
    for channel, reason, count, first in found:
        why = reason_named(reason)
        since = f"{first:%Y-%m-%d %H:%M} UTC"
        print(f"{count:>9,}  {channel or 'no channel'}, since {since}: {why.label if why else reason}")
    if not found:
        print("nothing is unclear")
