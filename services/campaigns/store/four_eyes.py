"""Approvals of broadcasts, and whether the house wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.access.four_eyes import Approval, Rule, Waiting
from shared.database.pool import Tx


def rule(tx: Tx) -> Rule | None:
    found = tx.rows(Rule, "select needs_approval, chosen_by, chosen_at from broadcast_rule", [])
    return found[0] if found else None


def needs_approval(tx: Tx) -> bool:
    found = rule(tx)
    return found is not None and found.needs_approval


def choose(tx: Tx, *, needs_approval: bool, by: str, at: datetime) -> bool:
    """False where it was so already."""
    statement = """
        insert into broadcast_rule as known (needs_approval, chosen_by, chosen_at) values (%s, %s, %s)
        on conflict (single) do update set (needs_approval, chosen_by, chosen_at)
            = (excluded.needs_approval, excluded.chosen_by, excluded.chosen_at)
        where known.needs_approval <> excluded.needs_approval
    """
    return bool(tx.execute(statement, [needs_approval, by, at]).rowcount)


def approval(tx: Tx, key: str) -> Approval | None:
    """Its version is the draft's revision."""
    query = """
        select key, revision as version, asked_by, asked_by_id, asked_at, approved_by, approved_by_id, approved_at
        from broadcast_approval where key = %s
    """
    found = tx.rows(Approval, query, [key])
    return found[0] if found else None


def forget(tx: Tx, key: str) -> None:
    """What was said of an earlier draft: the next one counts its revisions anew."""
    tx.execute("delete from broadcast_approval where key = %s", [key])


def ask(tx: Tx, key: str, revision: int, by: str, by_id: UUID, at: datetime) -> None:
    """In place of what was asked before, of an older revision or by somebody else."""
    statement = """
        insert into broadcast_approval (key, revision, asked_by, asked_by_id, asked_at) values (%s, %s, %s, %s, %s)
        on conflict (key) do update set
            (revision, asked_by, asked_by_id, asked_at, approved_by, approved_by_id, approved_at)
            = (excluded.revision, excluded.asked_by, excluded.asked_by_id, excluded.asked_at, null, null, null)
    """
    tx.execute(statement, [key, revision, by, by_id, at])


def give(tx: Tx, key: str, revision: int, by: str, by_id: UUID, at: datetime) -> bool:
    """False where it was given already, or is not asked for this revision, or the draft has another by now."""
    statement = """
        update broadcast_approval as asked set approved_by = %(by)s, approved_by_id = %(by_id)s, approved_at = %(at)s
        from journey_draft as draft
        where (asked.key, asked.revision) = (%(key)s, %(revision)s) and approved_at is null
          and (draft.journey, draft.revision) = (asked.key, asked.revision)
    """
    return bool(tx.execute(statement, {"key": key, "revision": revision, "by": by, "by_id": by_id, "at": at}).rowcount)


def waiting_for(tx: Tx, person: UUID) -> Sequence[Waiting]:
    """Those that this person may approve: who neither asked nor wrote them last."""
    return tx.rows(
        Waiting,
        """
        select asked.key, journey.name, asked_by
        from broadcast_approval as asked
        join journey_draft as draft on (draft.journey, draft.revision) = (asked.key, asked.revision)
        join journey on journey.key = asked.key
        where approved_at is null and asked_by_id <> %(person)s and edited_by_id is distinct from %(person)s
        order by asked_at, key
        """,
        {"person": person},
    )
