"""`guestloop reviews`"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

from guestloop.cli.arguments import readable
from guestloop.cli.reading import file_as_json, reading_arguments, reading_of
from guestloop.operations.connect import connect
from guestloop.operations.reviews import ReviewFile, ReviewsRead, import_reviews, look_at_reviews_of
from services.feedback.rules.files.days import READ_AS, DayOrder
from services.feedback.rules.files.ratings import SCALES
from shared.clock import SystemClock

MOST_SHOWN = 20


def add(known: argparse.ArgumentParser) -> None:
    known.description = (
        "Take the reviews of a booking site's file: a CSV file or a workbook, plain, gzipped or in an "
        "archive. The same file again changes nothing."
    )
    known.add_argument("file", type=Path, help="a column of days, and one of ratings or of words")
    known.add_argument("--hotel", metavar="LIS", help="whose reviews they are, where the file has no column of it")
    known.add_argument("--source", metavar="booking", help="the site, where the file has no column of it")
    known.add_argument("--scale", type=int, choices=SCALES, help="of how many the ratings are, where several fit")
    known.add_argument("--dates", choices=[str(one) for one in READ_AS], help="which stands first, where both fit")
    known.add_argument("--dry-run", action="store_true", help="show what would be imported, and import nothing")
    known.add_argument("--json", action="store_true", help="what was found as one JSON object")
    reading_arguments(known)
    known.set_defaults(run=run)


def run(given: argparse.Namespace) -> int:
    file = ReviewFile(
        path=readable(given.file),
        reading=reading_of(given),
        hotel=given.hotel,
        source=given.source,
        order=DayOrder(given.dates) if given.dates else None,
        scale=given.scale,
    )
    clock = SystemClock()
    with connect(os.environ, clock) as installation:
        found = (look_at_reviews_of if given.dry_run else import_reviews)(installation, file, clock)
    if given.json:
        print(json.dumps(as_json(found, is_dry_run=given.dry_run), ensure_ascii=False))
    else:
        print(as_text(found, is_dry_run=given.dry_run))
    return 0


def as_json(found: ReviewsRead, *, is_dry_run: bool) -> dict[str, object]:
    opened, tally = found.opened, found.opened.tally
    return {
        "is_dry_run": is_dry_run,
        **file_as_json(opened.table, opened.read_as, opened.not_read, opened.asked),
        "scales": dict(opened.scales),
        "lines": tally.lines,
        "reviews": tally.reviews,
        **{outcome: found.outcomes[outcome] for outcome in ("made", "changed", "unchanged")},
        "rejected": [{"why": str(why), "lines": count} for why, count in tally.reasons.most_common()],
    }


def as_text(found: ReviewsRead, *, is_dry_run: bool) -> str:
    opened, tally, came = found.opened, found.opened.tally, found.outcomes
    columns = ", ".join(f"«{heading}» ({field})" for heading, field in opened.read_as.items())
    lines = [f"read: {columns}"]
    if opened.not_read:
        lines.append(f"not read: {', '.join(opened.not_read)}")
    lines += [f"ratings of {site}: of {scale}" for site, scale in opened.scales.items()]
    lines += [f"asked: --{one.subject}: {one}" for one in opened.asked]
    verb = "would be new" if is_dry_run else "new"
    lines.append(
        f"{tally.lines:,} lines, {tally.reviews:,} reviews: {came['made']:,} {verb}, {came['changed']:,} changed, "
        f"{came['unchanged']:,} known already"
    )
    if opened.table.incomplete_from is not None:
        lines.append(f"the file is not complete from byte {opened.table.incomplete_from:,} on")
    lines += [f"{count:>9,}  hold no review: {why.label}" for why, count in tally.reasons.most_common()]
    lines += [f"           line {line:,}: {why.label}" for line, why in tally.rejected[:MOST_SHOWN]]
    return "\n".join(lines)
