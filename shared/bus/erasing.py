"""Erasing and handling take turns: a guest's tombstone is seen by whoever handles an event after it.

A handler that began before an erasure committed does not see the tombstone, and would write the guest anew. So each
transaction that handles events shares a lock, and an erasure has it alone: it waits for those under way, and those that
begin later see its commit. The lock is taken in the statement that enters the inbox, a round trip earlier than the
first statement of a handler, whose snapshot is newer.
"""

from __future__ import annotations

from shared.database.pool import Tx

ERASING = 7_305_513_212_093_450  # any number that nothing else locks

SHARED = f"gate as materialized (select pg_advisory_xact_lock_shared({ERASING}))"
"""A common table expression that a statement joins in order to hold the lock."""


def wait_for_handlers(tx: Tx) -> None:
    """Until this transaction ends nobody else handles events of this service."""
    tx.execute("select pg_advisory_xact_lock(%s)", (ERASING,))
