"""Approvals of drafts, and whether the house wants them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from shared.access.four_eyes import Approval, Rule, Waiting
from shared.database.pool import Tx


def needs_approval(tx: Tx) -> bool:
    row = tx.execute("select needs_approval from template_rule").fetchone()
    return bool(row and row[0])


def rule(tx: Tx) -> Rule | None:
    found = tx.rows(Rule, "select needs_approval, chosen_by, chosen_at from template_rule", [])
    return found[0] if found else None


def choose(tx: Tx, *, needs_approval: bool, by: str, at: datetime) -> bool:
    """False where it was so already."""
    query = """
        insert into template_rule as known (needs_approval, chosen_by, chosen_at) values (%s, %s, %s)
        on conflict (single) do update set (needs_approval, chosen_by, chosen_at)
            = (excluded.needs_approval, excluded.chosen_by, excluded.chosen_at)
        where known.needs_approval <> excluded.needs_approval
    """
    return bool(tx.execute(query, [needs_approval, by, at]).rowcount)


COLUMNS = "key, version, asked_by, asked_by_id, asked_at, approved_by, approved_by_id, approved_at"


def approval(tx: Tx, key: str) -> Approval | None:
    found = tx.rows(Approval, f"select {COLUMNS} from template_approval where key = %s", [key])
    return found[0] if found else None


def ask(tx: Tx, key: str, version: int, by: str, by_id: UUID, at: datetime) -> None:
    """In place of what was asked before, of an older version or by somebody else."""
    query = """
        insert into template_approval (key, version, asked_by, asked_by_id, asked_at) values (%s, %s, %s, %s, %s)
        on conflict (key) do update set
            (version, asked_by, asked_by_id, asked_at, approved_by, approved_by_id, approved_at)
            = (excluded.version, excluded.asked_by, excluded.asked_by_id, excluded.asked_at, null, null, null)
    """
    tx.execute(query, [key, version, by, by_id, at])


def give(tx: Tx, key: str, version: int, by: str, by_id: UUID, at: datetime) -> bool:
    """False where it was given already, or is not asked for this version, or the draft has another by now."""
    query = """
        update template_approval as asked set approved_by = %(by)s, approved_by_id = %(by_id)s, approved_at = %(at)s
        from template_draft as draft
        where (asked.key, asked.version) = (%(key)s, %(version)s) and approved_at is null
          and (draft.key, draft.version) = (asked.key, asked.version)
    """
    return bool(tx.execute(query, {"key": key, "version": version, "by": by, "by_id": by_id, "at": at}).rowcount)


def waiting_for(tx: Tx, person: UUID) -> Sequence[Waiting]:
    """Those that this person may approve: who neither asked nor wrote them last."""
    return tx.rows(
        Waiting,
        """
        select asked.key, draft.document ->> 'name' as name, asked_by
        from template_approval as asked join template_draft as draft using (key, version)
        where approved_at is null and asked_by_id <> %(person)s and edited_by_id is distinct from %(person)s
        order by asked_at, key
        """,
        {"person": person},
    )
