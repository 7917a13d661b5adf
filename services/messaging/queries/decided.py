"""Every decision about messages: those of the gate and of senders have rows; that a message went is its delivery's."""

from __future__ import annotations

ADDRESS = "coalesce({of}.address_sealed, unboxed({of}.address_boxed, 'contact'))"
"""Where a delivery went, or would have gone: of one that went as a rule boxed."""
DECIDED = """(
    select seq, message_id, at, state, reason, channel, address_sealed, language, held_until
    from (
        select seq, message_id, at, state, reason, channel, address_sealed, language, held_until, true as is_so
        from decision
        union all
        select 4611686018427387904 | (hashtextextended(message_id::text, 0) & 4611686018427387903), message_id,
               claimed_at, state, reason, channel, null::text, language, null::timestamptz, says_sent
        from delivery
    ) as said where is_so
)"""
"""In place of a table. `seq`: in which order those of a message at one instant were made. That it went is the last of
them, and two messages hardly ever have the same there. `address_sealed`: None where it is its delivery's. The condition
stands around both: within one, PostgreSQL would read all of it before it puts the two in order."""
