"""The reckoning of what came back: what was acknowledged at a door is there, once, and is told once."""

from __future__ import annotations

from collections import Counter
from typing import Any

from guestloop.composition.services import Group
from shared.events.wire import decode
from tests.chaos.audit import Audit
from tests.chaos.told_back import ToldBack

TOLD = {
    "messaging": {"message.delivered.v1": "message_id", "message.bounced.v1": "message_id"},
    "feedback": {"message.reported.v1": "report_id", "case.opened.v1": "case_id"},
}


def audit_back(done: Audit, group: Group, told: ToldBack) -> None:
    done.figures |= {"text messages reported": len(told.receipts), "mails handed over": len(told.mails)}
    done.wrong["reports and mails that no door took"] = told.never
    states = dict(_rows(group, "messaging", "select message_id::text, state from receipt"))
    wanted = told.receipts | {one.message_id: "bounced" for one in told.mails.values() if one.kind == "bounce"}
    done.wrong["receipts lost or changed"] = sum(states.get(message) != state for message, state in wanted.items())
    kept = {mail_id: (kind, reply) for mail_id, kind, reply in _rows(group, "feedback", MAILS)}
    done.wrong["mails lost"] = sum(kept.get(mail_id, ("",))[0] != one.kind for mail_id, one in told.mails.items())
    replies = Counter(reply for kind, reply in kept.values() if kind == "reply")
    ((written,),) = _rows(group, "feedback", "select count(*) from reply where channel = 'email'")
    done.wrong["mails lost"] += replies[None]
    done.wrong["mails that count twice"] = written - len(replies) + sum(count - 1 for count in replies.values())
    done.wrong["receipts and reports told twice"] = sum(_told_twice(group, name) for name in TOLD)


MAILS = "select mail_id, kind, reply_id from inbound_mail"


def _told_twice(group: Group, service: str) -> int:
    """Each is told of once, however often it came in; what is republished of present state is no news."""
    rows = _rows(group, service, "select type, body from outbox where type = any(%s)", [list(TOLD[service])])
    chunks = [(name, decode(name, bytes(body))) for name, body in rows]
    told = Counter(
        (name, subject) for name, chunk in chunks if not chunk.republished for subject in chunk[TOLD[service][name]]
    )
    return sum(count - 1 for count in told.values())


def _rows(group: Group, service: str, query: str, params: Any = None) -> list[Any]:
    with group.database(service).transaction() as tx:
        return tx.execute(query, params).fetchall()
