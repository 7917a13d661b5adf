"""The state of an installation: what waits, what was dead-lettered, what there is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from guestloop.composition.services import Group
from services.messaging.store.senders.outages import RUNNING
from shared.vocabulary.message import KEPT_AS, MessageState

BUS = """
    select (select count(*) from outbox where published_at is null) as to_send,
           (select min(created_at) from outbox where published_at is null) as oldest_to_send,
           (select count(*) from mailbox) as to_handle,
           (select count(*) from dead_letter) as dead_letters
"""


def ever(*states: MessageState) -> str:
    """How many messages ended so, those of which only the number is left among them."""
    words, outcomes = (", ".join(f"'{one}'" for one in states), ", ".join(str(KEPT_AS[one]) for one in states))
    return f"""select (select count(*) from delivery where state in ({words}))
                      + (select count(*) from delivery_left where outcome in ({outcomes}))"""


COUNTS = {
    "segments": {
        "guests": "select count(*) from guest where merged_into is null and erased_at is null",
        "stays": "select count(*) from stay",
        "segments": "select count(*) from segment where retired_at is null",
    },
    "campaigns": {
        "live journeys": "select count(*) from journey where state = 'live'",
        "guests under way": "select count(*) from enrolment where state = 'waiting'",
    },
    "messaging": {
        "sent": ever(MessageState.SENT),
        "not sent": ever(MessageState.SKIPPED, MessageState.EXPIRED, MessageState.FAILED),
        "waiting": "select count(*) from delivery where state in ('queued', 'held')",
        "wait for their sender": "select count(*) from delivery where state = 'queued' and waiting_since is not null",
        "senders at work": f"select {RUNNING}",
        "outcome unclear": "select count(*) from delivery where state = 'unknown'",
    },
    "feedback": {
        "answers": "select count(*) from survey_answer",
        "open cases": "select count(*) from care_case where closed_at is null",
    },
    "console": {"people": "select count(*) from person_known where role is not null"},
}


def status_of(group: Group, now: datetime) -> dict[str, dict[str, Any]]:
    """By service: what waits in its outbox and mailbox, its dead letters, and its own counts."""
    return {name: _service(group, name, now) for name in group.services}


def _service(group: Group, name: str, now: datetime) -> dict[str, Any]:
    with group.database(name).transaction() as tx:
        row = tx.execute(BUS).fetchone()
        assert row is not None
        to_send, oldest, to_handle, dead = row
        found = {"to send": to_send, "oldest, seconds": round((now - oldest).total_seconds()) if oldest else 0}
        found |= {"to hear": to_handle, "dead letters": dead}
        for label, query in COUNTS[name].items():
            counted = tx.execute(query).fetchone()
            assert counted is not None
            found[label] = counted[0]
    return found
