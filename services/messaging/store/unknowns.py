"""Messages whose outcome is unclear."""

from __future__ import annotations

from services.messaging.store.results import STATE

RESOLVE = f"""
    with ended as (
        update delivery set state = %(state)s, version = version + 1, reason = %(reason)s, changed_at = %(at)s
        where message_id = %(message_id)s and state = 'unknown'
        returning *
    ), decided as (
        insert into decision (message_id, at, state, reason, channel, address_sealed, language)
        select message_id, %(at)s, state, reason, channel, address_sealed, language from ended
    )
    select {STATE} from ended
"""
