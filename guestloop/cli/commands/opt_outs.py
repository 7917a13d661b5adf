"""`guestloop opt-outs`"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from guestloop.cli.arguments import readable
from guestloop.cli.reading import file_as_json, reading_arguments, reading_of
from guestloop.operations.connect import connect
from guestloop.operations.opt_outs import Brought, close_list, look_at_list
from services.feedback.rules.files.days import DayOrder
from shared.clock import SystemClock
from shared.errors import InputError
from shared.vocabulary.optout import OptOutScope
from shared.web.i18n.formatting import masked

MOST_SHOWN = 20
SCOPES = (OptOutScope.MARKETING, OptOutScope.CHANNEL)


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Take a list of people who objected in another tool: every line closes its addresses and numbers. "
        "A CSV file or a workbook, plain, gzipped or in an archive. The same list again changes nothing."
    )
    known.add_argument("list", type=Path, help="a column of addresses, of numbers, or both")
    known.add_argument("--dry-run", action="store_true", help="show what would be closed, and close nothing")
    known.add_argument("--json", action="store_true", help="what was found as one JSON object")
    known.add_argument("--country", metavar="PT", help="where numbers without a country code are dialled")
    known.add_argument("--scope", choices=[str(one) for one in SCOPES], default="marketing", help="what is ended")
    known.add_argument(
        "--dates",
        choices=[str(one) for one in DayOrder],
        help="how dates such as 3/4/2026 are read",
    )
    reading_arguments(known)
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    path, reading, scope, clock = readable(given.list), reading_of(given), OptOutScope(given.scope), SystemClock()
    country = _country(given.country)
    order = DayOrder(given.dates) if given.dates else None
    with connect(os.environ, clock) as installation:
        if given.dry_run:
            found = look_at_list(installation, path, reading, country, scope, order)
        else:
            found = close_list(installation, path, reading, country, scope, order, environment=os.environ, clock=clock)
    if given.json:
        print(json.dumps(as_json(found, is_dry_run=given.dry_run), ensure_ascii=False))
    else:
        print(as_text(found, is_dry_run=given.dry_run))
    return 0


def _country(given: str | None) -> str | None:
    import phonenumbers

    if given is not None and given.upper() not in phonenumbers.SUPPORTED_REGIONS:
        raise InputError(f"--country: {given!r} is no country's two letters, such as PT")
    return given.upper() if given else None


def as_json(found: Brought, *, is_dry_run: bool) -> dict[str, object]:
    opened, tally, closed = found.opened, found.opened.tally, found.closed
    return {
        "is_dry_run": is_dry_run,
        **file_as_json(opened.table, opened.read_as, opened.not_read, opened.asked),
        "dates": str(opened.order) if opened.order else None,
        "lines": tally.lines,
        "left_out": {str(kind): count for kind, count in opened.table.left_out.items()},
        "found": tally.objections,
        "new": closed.new,
        "known_of_nobody": closed.strangers,
        "dates_not_understood": tally.dates_unread,
        "closes_nothing": [
            {"why": str(why), "detail": str(detail) if detail else None, "entries": count}
            for (why, detail), count in tally.reasons.most_common()
        ],
    }


def as_text(found: Brought, *, is_dry_run: bool) -> str:
    opened, tally, closed = found.opened, found.opened.tally, found.closed
    verb = "would be closed" if is_dry_run else "closed"
    columns = ", ".join(f"«{heading}» ({held})" for heading, held in opened.read_as.items())
    lines = [f"read: {columns}"]
    if opened.not_read:
        lines.append(f"not read, though addresses or numbers stand there: {', '.join(opened.not_read)}")
    lines += [f"asked: --{one.subject}: {one}" for one in opened.asked]
    if opened.order:
        lines.append(f"dates such as 3/4/2026: {opened.order.label}")
    lines.append(f"{tally.lines:,} lines, {tally.objections:,} addresses and numbers: {closed.new:,} {verb}")
    if tally.dates_unread and not opened.are_dates_asked:
        lines.append(f"{tally.dates_unread:,} dates not understood: those objections count from today on")
    if opened.table.incomplete_from is not None:
        lines.append(f"the file is not complete from byte {opened.table.incomplete_from:,} on")
    for (why, detail), count in tally.reasons.most_common():
        lines.append(f"{count:>9,}  close nothing: {why.label}{f': {detail.label}' if detail else ''}")
    for one in tally.rejected[:MOST_SHOWN]:
        lines.append(f"           line {one.line:,}: {masked(one.text)}")
    if closed.strangers:
        lines.append(f"{closed.strangers:>9,}  known of nobody here; they are closed all the same")
        lines += [f"           line {one.line:,}: {masked(one.address)}" for one in closed.told[:MOST_SHOWN]]
    return "\n".join(lines)
