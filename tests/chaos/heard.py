"""Outboxes against inboxes: every message that was published is in the inbox of every concern that hears it."""

from __future__ import annotations

from collections.abc import Set
from uuid import UUID

from guestloop.composition.services import Group


def unheard(group: Group) -> dict[str, int]:
    """By hearer, concern and type, how many published messages it has not heard."""
    said = {name: _said(group, name) for name in group.services}
    missing: dict[str, int] = {}
    for hearer in group.services.values():
        heard = _heard(group, hearer.name)
        for subscription in hearer.subscriptions:
            for type_name in subscription.handlers:
                published = {message for its in said.values() for message in its.get(type_name, ())}
                if lacking := len(published - heard.get(subscription.name, set())):
                    missing[f"{hearer.name}.{subscription.name} of {type_name}"] = lacking
    return missing


def never_said(group: Group, but: Set[UUID]) -> int:
    """How many messages some inbox holds that no outbox ever held, `but` these."""
    said = {message for name in group.services for its in _said(group, name).values() for message in its}
    heard = {message for name in group.services for its in _heard(group, name).values() for message in its}
    return len(heard - said - but)


def _said(group: Group, service: str) -> dict[str, set[UUID]]:
    with group.database(service).transaction() as tx:
        rows = tx.execute("select type, array_agg(message_id) from outbox group by type").fetchall()
    return {type_name: set(messages) for type_name, messages in rows}


def _heard(group: Group, service: str) -> dict[str, set[UUID]]:
    with group.database(service).transaction() as tx:
        rows = tx.execute("select concern, array_agg(message_id) from inbox group by concern").fetchall()
    return {subscription: set(messages) for subscription, messages in rows}
