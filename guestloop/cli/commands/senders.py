"""`guestloop senders`"""

from __future__ import annotations

import argparse
import json
import os

from guestloop.operations.connect import connect
from guestloop.operations.senders import SendersKnown, senders_known
from shared.clock import SystemClock


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "The senders that the house set up on its pages, and what serves where none of them fits. What "
        "they are asked with is never shown."
    )
    known.add_argument("--json", action="store_true", help="as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        found = senders_known(installation.group, os.environ, clock.now())
    if given.json:
        print(json.dumps(found.document()))
    else:
        _print(found)
    return 0


def _print(found: SendersKnown) -> None:
    print(f"live since {found.live_since:%Y-%m-%d %H:%M %Z}" if found.live_since else "the house has not gone live")
    for one in found.senders:
        works = "works" if one.works else "not tried as it is set up now"
        print(f"{one.channel:<6} {one.name}: {one.state}, {works}; as {one.speaks_as}, for {one.serves}")
        if one.trouble:
            print(f"       last trouble: {one.trouble}")
    for channel, text in found.elsewhere.items():
        print(f"{channel:<6} where none fits: {text}")
