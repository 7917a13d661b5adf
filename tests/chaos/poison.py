"""Messages that nobody can apply, in every queue: what cannot be read, what nobody knows, what is not ours at all."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import product
from typing import Any
from uuid import UUID

from kombu import Connection

from guestloop.composition.services import Group
from shared.bus.subscriptions import queue_name
from shared.events.dictionary import Lane
from shared.events.envelope import CONTENT_TYPE
from shared.ids import make_id


@dataclass
class Poison:
    """`ids`: by service, those that carry one: each must become a dead letter. `without_id`: the broker sets these
    aside, and may lose one while it is killed."""

    ids: dict[str, set[UUID]] = field(default_factory=dict)
    without_id: set[UUID] = field(default_factory=set)

    def spread(self, group: Group, broker: str) -> int:
        """How many in all. Confirmed by the broker, one by one."""
        spread = 0
        subscriptions = {service.name: service.subscriptions for service in group.services.values()}
        with Connection(broker, transport_options={"confirm_publish": True}) as connection:
            channel = connection.default_channel
            for service, its in subscriptions.items():
                for subscription, lane in product(its, Lane):
                    spread += self._into(
                        channel, service, queue_name(service, subscription.name, lane), min(subscription.handlers)
                    )
        return spread

    def _into(self, channel: Any, service: str, queue: str, heard: str) -> int:
        for type_name in (heard, "nobody.knows.v1"):
            message_id = make_id("poison", type_name, queue)
            self.ids.setdefault(service, set()).add(message_id)
            _publish(channel, queue, b"{not json", {"message_id": str(message_id), "type": type_name})
        body = f"whose? {queue}".encode()
        self.without_id.add(make_id("message without an id", body.hex()))
        _publish(channel, queue, body, {})
        return 3

    def not_set_aside(self, group: Group) -> int:
        return sum(len(ids - dead_letters(group, service)) for service, ids in self.ids.items())

    def others_set_aside(self, group: Group) -> int:
        """Dead letters that are no poison of ours."""
        return len(set().union(*(dead_letters(group, service) for service in group.services)) - self.all_ids())

    def all_ids(self) -> set[UUID]:
        return self.without_id.union(*self.ids.values())


def dead_letters(group: Group, service: str) -> set[UUID]:
    with group.database(service).transaction() as tx:
        return {row[0] for row in tx.execute("select message_id from dead_letter")}


def _publish(channel: Any, queue: str, body: bytes, properties: dict[str, str]) -> None:
    message = channel.prepare_message(body, content_type=CONTENT_TYPE, properties=properties)
    channel.basic_publish(message, exchange="", routing_key=queue)
