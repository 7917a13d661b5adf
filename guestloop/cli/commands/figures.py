"""`guestloop figures --from 2026-10-01 --to 2026-10-31 --property LIS --json`"""

from __future__ import annotations

import argparse
import json
import os
from typing import Any

from guestloop.cli.arguments import day
from guestloop.operations.connect import connect
from guestloop.operations.figures import figures_between
from shared.clock import SystemClock


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Both days are counted. Retention compares with as many days before them. A figure is never nought "
        "because nothing is known: it is none."
    )
    known.add_argument("--from", dest="first", type=day, required=True, metavar="YYYY-MM-DD")
    known.add_argument("--to", dest="last", type=day, required=True, metavar="YYYY-MM-DD")
    known.add_argument("--property", metavar="CODE", help="one hotel (default: all together, where guests count once)")
    known.add_argument("--json", action="store_true", help="as one JSON object, with formulas")
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        found = figures_between(installation.group, given.first, given.last, given.property, clock.now())
    if given.json:
        print(json.dumps(found, ensure_ascii=False))
    else:
        _print(found)
    return 0


def _print(found: dict[str, Any]) -> None:
    for one in found["figures"]:
        value = "–" if one["value"] is None else f"{one['value']:,.4g}"
        parts = "" if one["numerator"] is None else f"{one['numerator']:,g} / {one['denominator']:,}"
        print(f"{one['name']:<24} {value:>12} {one['currency'] or one['unit']:<6} {parts}")
    for one in found["by"]:
        if one["value"] is not None:
            name = f"{one['figure']} {one['by']} {one['of']}".strip()
            share = f"{one['numerator']:,g} / {one['denominator']:,g}"
            print(f"{name:<48} {one['value']:>12,.4g} {one['currency'] or '':<6} {share}")
    for one in found["revenue"]:
        print(f"{'Revenue':<24} {float(one['revenue']):>12,.2f} {one['currency']:<6} {one['stays']:,} stays")
