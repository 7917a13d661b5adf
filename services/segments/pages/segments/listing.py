"""The segments at a glance: the largest first, by folder and by a word of their name or rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from flask import request

from services.segments.pages.segments.sentence import short_sentence
from services.segments.pages.segments.views import DAYS, SegmentListRow, names, rule_words, spark_of
from services.segments.queries import segments as queries
from services.segments.rules.language.parse import parse
from shared.database.pool import Tx
from shared.web.access_control import scope
from shared.web.i18n.shipped_names import shown_name
from shared.web.site import here


@dataclass(frozen=True)
class Listing:
    """`all_of_them`: how many there are whatever is looked for."""

    lines: Sequence[SegmentListRow]
    folders: Sequence[str]
    text: str
    folder: str
    all_of_them: int

    @property
    def folder_choices(self) -> list[tuple[str, str]]:
        return [(one, one) for one in self.folders]

    @property
    def is_narrowed(self) -> bool:
        return bool(self.text or self.folder)


def listing(tx: Tx) -> Listing:
    today = here().now().date()
    since = today - timedelta(days=DAYS)
    text, folder = request.args.get("q", "").strip(), request.args.get("folder", "")
    sizes, imports = queries.sizes_by_day(tx, since), queries.import_days(tx, since)
    reach: Mapping[int, queries.Reach] = queries.reach_of_segments(tx, scope())
    nobody, known = queries.Reach(0, 0, 0, 0, 0), names(tx)
    rows = queries.live_segments(tx)
    lines = [
        SegmentListRow(
            row,
            short_sentence(parse(row.rule), known),
            rule_words(row.rule, known),
            reach.get(row.number, nobody) if reach else None,
            spark_of(sizes.get(row.number, []), row.members, today, imports),
        )
        for row in rows
        if not folder or row.folder == folder
    ]
    word = text.casefold()
    found = [one for one in lines if word in f"{shown_name(one.row.name)} {one.sentence}".casefold()]
    return Listing(found, queries.folders(tx), text, folder, len(rows))
