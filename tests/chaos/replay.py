"""Everything that was ever said is said again, as an operator does whose broker lost what it had confirmed."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from guestloop.composition.services import Group
from guestloop.operations.republish import resend_since
from tests.chaos.ledgers import read

STATE = {
    "segments": ("select id, version from guest", "select id, version from stay"),
    "campaigns": ("select id, state, plan from enrolment", "select id, state, version from message"),
    "messaging": (
        "select message_id, state, version, claimed_at from delivery",
        "select seq, message_id from decision",
        "select guest_id, version from recipient",
        "select message_id, state, version from receipt",
    ),
    "feedback": (
        "select message_id, score from survey_answer",
        "select stay_id, version from stay_known",
        "select message_id, sent_at from message_known",
        "select mail_id, kind, reply_id from inbound_mail",
        "select case_id, version from care_case",
    ),
    "console": ("select code, version from property",),
}
SAID = "select message_id from outbox"


def effects(group: Group, folder: Path) -> set[tuple[object, ...]]:
    """All that anything said has come to so far, in tables and at the providers."""
    found: set[tuple[object, ...]] = set()
    for service, queries in STATE.items():
        with group.database(service).transaction() as tx:
            for query in (*queries, SAID):
                found |= {(service, query, *row) for row in tx.execute(query)}
    for ledger in ("mails.jsonl", "texts.jsonl"):
        found |= {(ledger, number, entry.message_id) for number, entry in enumerate(read(folder / ledger))}
    return found


def say_all_again(group: Group) -> int:
    """The whole outbox window of every service; how many messages that is."""
    return resend_since(group, datetime(2000, 1, 1, tzinfo=UTC))
