"""`guestloop rehearse`"""

from __future__ import annotations

import argparse
import json
import os
import sys
from typing import Any

from tqdm import tqdm

from guestloop.operations.connect import connect
from guestloop.operations.rehearse import rehearse
from services.campaigns.rules.rehearsals import LONGEST, UNDER_WAY, Rehearsal, Stage
from shared.clock import SystemClock
from shared.vocabulary.reason import reason_named


def add(known: argparse.ArgumentParser) -> None:
    known.description = "All journeys that run are played together, up to their last check. Nothing is sent."
    known.add_argument(
        "journey", nargs="?", metavar="JOURNEY", help="one journey, as if it were launched now (default: all that run)"
    )
    known.add_argument("--days", type=int, default=30, help=f"how far ahead, {LONGEST} at most (default 30)")
    known.add_argument(
        "--last", type=int, metavar="DAYS", help="play the days that have passed once more, instead of those to come"
    )
    known.add_argument(
        "--as-it-stands", action="store_true", help="stays do not turn: guests who have booked neither come nor leave"
    )
    known.add_argument("--json", action="store_true", help="the report as one JSON object")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    with connect(os.environ, clock) as installation, StageBar() as bar:
        report = rehearse(
            installation,
            os.environ,
            clock,
            given.journey,
            given.last or given.days,
            bar,
            as_booked=not given.as_it_stands,
            is_replay=given.last is not None,
        )
    if given.json:
        print(json.dumps(report))
    else:
        _print(report)
    return 0


class StageBar:
    """The parts of a rehearsal, on standard error."""

    def __init__(self) -> None:
        self._bar: tqdm[Any] = tqdm(total=len(UNDER_WAY), unit="part", file=sys.stderr, disable=None)

    def __enter__(self) -> StageBar:
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.close()

    def __call__(self, one: Rehearsal) -> None:
        self._bar.n = UNDER_WAY.index(Stage(one.state))
        self._bar.set_postfix_str(one.reached_at.date().isoformat() if one.reached_at else str(one.state))


def _print(report: dict[str, Any]) -> None:
    would = "would have been" if report["is_replay"] else "would be"
    print(f"{report['days']} days, {report['sent']:,} messages {would} sent; {report['seconds']:.1f} s")
    for currency, amount in report["cost"].items():
        print(f"{amount:>12}  {currency}")
    if report["unpriced"]:
        print(f"{report['unpriced']:>12,}  messages of which the price is not known")
    if report["usual_pace"]["messages"]:
        print(f"{report['usual_pace']['messages']:>12,.0f}  more, of stays that nobody has booked yet (usual pace)")
    for one in report["verdicts"]:
        why = reason_named(one["reason"]) if one["reason"] else None
        words = one["channel"] if one["state"] == "sent" else str(why.label if why else one["reason"] or "")
        print(f"{one['messages']:>12,}  {one['journey']}: {one['state']} {words}".rstrip())
