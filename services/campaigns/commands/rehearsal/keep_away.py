"""Guests whom a journey would keep away from: they are lines of the report, though no message is ever asked for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from services.campaigns.rules.journey import Journey
from services.campaigns.rules.rehearsals import Rehearsal
from services.campaigns.steps.send import Send
from services.campaigns.store import rehearsals as store
from services.campaigns.store.enrolments import KeptAway, kept_away_since
from services.campaigns.store.journeys import documents_of
from shared.database.pool import Tx
from shared.ids import make_id
from shared.localtime import zone_named
from shared.vocabulary.message import MessageState

Line = tuple[object, ...]
COLUMNS = (
    *("guest_id", "message_id", "at", "zone", "day", "hour", "journey", "step", "template", "occurrence", "purpose"),
    *("property", "state", "reason", "held_until", "channel", "language", "parts"),
)


def kept_away(tx: Tx, since: datetime) -> list[Line]:
    """In the order of `COLUMNS`, of all whom journeys kept away from since then. `tx` is a scratch copy."""
    found = kept_away_since(tx, since)
    documents = documents_of(tx, {(one.journey, one.version) for one in found}) if found else {}
    return [_line(one, documents[one.journey, one.version]) for one in found]


def _line(one: KeptAway, journey: Journey) -> Line:
    """As of the message that they would have got: the one of the step, else the next one."""
    local = one.at.astimezone(zone_named(one.zone))
    steps = journey.steps[journey.places[one.step] :]
    send = next((step for step in steps if isinstance(step, Send)), None)
    message = make_id("kept away", one.enrolment_id, one.at.isoformat())
    place = (one.guest_id, message, one.at, one.zone, local.date(), local.hour, one.journey)
    what = (send.key if send else one.step, send.template if send else "", one.occurrence, str(journey.purpose))
    return (*place, *what, one.property, MessageState.SKIPPED.value, one.reason, None, None, "", 0)


def keep_lines(tx: Tx, rehearsal: Rehearsal, lines: Sequence[Line]) -> None:
    """Their numbers lie below those of the gate's words."""
    columns = {name: [line[place] for line in lines] for place, name in enumerate(COLUMNS)}
    numbers = [-1 - place for place in range(len(lines))]
    store.keep_lines(tx, {**columns, "rehearsal_id": [rehearsal.id] * len(lines), "number": numbers})
