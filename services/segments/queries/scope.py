"""What somebody of some hotels sees: given `Scope.values`, for statements with the tables of those names in them."""

from __future__ import annotations

from shared.access.scope import within

STAY_SEEN = within("s.property")
"""A stay (`stay s`) belongs to its hotel."""


def guest_seen(table: str) -> str:
    return f"""({within(f"{table}.home_property")} or exists (
        select from stay as own where own.guest_id = {table}.id and {within("own.property")}))"""


GUEST_SEEN = guest_seen("g")
"""A guest (`guest g`) belongs to their home hotel and to those they stayed in or will."""

FACTS_SEEN = f"""({within("f.home_property")} or {within("f.last_property")} or exists (
    select from stay as own where own.guest_id = f.guest_id and {within("own.property")}))"""
"""The same of their facts (`guest_facts f`)."""
