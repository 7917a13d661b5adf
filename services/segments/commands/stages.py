"""Stages of guests are set up as segments, and counted every night.

Each stage is two segments: a private one with the rule that the house may change, and one of whoever fulfils it and
none of the stages before. So every turn is in the log of segments with its day and reason, and journeys enter by it.
"""

from __future__ import annotations

from datetime import UTC, datetime

from services.segments.commands.segments.lifecycle import is_live, save_segment
from services.segments.shipped.stages import own_key, shipped_stages, stage_key, stage_rule
from services.segments.store import segments, stages
from shared.access.audit import record
from shared.access.people import Person
from shared.database.pool import Tx
from shared.vocabulary.window import Span, last_windows

FOLDER = "Lifecycle"
MONTHS = 13


def set_up_stages(tx: Tx, by: Person, at: datetime) -> None:
    """Again: what was retired since, with the rules that the house gave the others."""
    for one in shipped_stages():
        if not is_live(tx, own_key(one.key)):
            save_segment(tx, own_key(one.key), one.name, one.rule, at, private=True)
    for one in shipped_stages():
        saved = save_segment(tx, stage_key(one.key), one.name, stage_rule(one.key), at)
        segments.put_in_folder(tx, saved.number, FOLDER)
    record(tx, by, "stages.set_up", "stages", {}, at)


def count_stages(tx: Tx, at: datetime) -> None:
    """The sizes, and the turns of this month and the last; of the year before as well, where none were counted yet."""
    if not stages.are_set_up(tx):
        return
    stages.count_sizes(tx)
    back = 2 if stages.months_counted(tx) else MONTHS
    for window in last_windows(Span.MONTH, at.astimezone(UTC).date(), back):
        stages.count_turns(tx, window.first, window.until)
