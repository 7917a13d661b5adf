"""Messages that ended for an error of ours, due again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from services.messaging.queries.unwritten import IN_SCOPE, UNWRITTEN
from shared.database.pool import Tx


def queue(tx: Tx, params: Mapping[str, Any]) -> int:
    """Of one template, where they would still come in time and nobody took them back; how many."""
    return tx.execute(
        f"""
        with wanted as materialized (
            select message_id from delivery
            where template = %(template)s and {UNWRITTEN} and useful_until > %(at)s and taken_back is null
              and {IN_SCOPE}
            order by message_id for update
        )
        update delivery set state = 'queued', reason = null, provider_detail = null, version = delivery.version + 1,
            claim_token = null, claimer = null, claimed_at = null, lease_until = null, next_at = %(at)s,
            changed_at = %(at)s
        from wanted where delivery.message_id = wanted.message_id
        """,
        params,
    ).rowcount
