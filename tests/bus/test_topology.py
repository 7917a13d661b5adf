"""The table of services, the dictionary, what each service listens to and the broker's queues are one and the same."""

from __future__ import annotations

import re
from importlib import import_module

from guestloop.composition.services_document import DOCUMENT, block
from shared.access.people import ACCESS
from shared.bus.rabbit.topology import DEAD_LETTERS, EXCHANGE, POLICIES, all_queues, bound_to, definitions
from shared.bus.subscriptions import Subscription, queue_name, subscribers
from shared.events.console import EVERY_SERVICE
from shared.events.dictionary import Lane, all_types

SUBSCRIPTIONS: dict[str, tuple[Subscription, ...]] = {
    name: import_module(f"services.{name}.consumer").SUBSCRIPTIONS for name in EVERY_SERVICE
}
SAID_BY_ALL = {kind.name for kind in all_types() if kind.publishers == EVERY_SERVICE}


def test_every_service_but_their_owner_keeps_who_may_do_what() -> None:
    assert {service for service, subscriptions in SUBSCRIPTIONS.items() if ACCESS in subscriptions} == {
        *EVERY_SERVICE
    } - {"console"}


def test_the_document_of_services_is_what_the_code_says() -> None:
    """`make docs` writes it."""
    assert block() in DOCUMENT.read_text("utf-8")


def test_each_row_of_the_document_names_what_its_service_subscribes_to_and_publishes() -> None:
    rows = {line.split("|")[1].strip(" *"): line for line in block().splitlines() if line.startswith("| **")}
    assert set(rows) == set(EVERY_SERVICE)
    for service, line in rows.items():
        _, _, owns, subscribed, published, _ = (cell.strip() for cell in line.split("|"))
        handled = {name for one in SUBSCRIPTIONS[service] for name in one.handlers}
        assert {f"{name}.v1" for name in subscribed.split(", ")} == handled
        may_publish = {kind.name for kind in all_types() if service in kind.publishers}
        assert {f"{name}.v1" for name in published.split(", ")} == may_publish - SAID_BY_ALL
        assert owns


def test_every_type_has_a_subscriber() -> None:
    heard = subscribers(SUBSCRIPTIONS)
    known = {kind.name for kind in all_types()}
    assert known == set(heard)


def test_every_concern_has_its_pair_of_queues_bound_to_each_of_its_types() -> None:
    queues = {queue.name: queue for queue in all_queues(SUBSCRIPTIONS)}
    pairs = {
        queue_name(service, subscription.name, lane): (subscription, lane)
        for service, subscriptions in SUBSCRIPTIONS.items()
        for subscription in subscriptions
        for lane in Lane
    }
    assert set(queues) == set(pairs) | {f"{service}.dead" for service in SUBSCRIPTIONS}
    assert len(pairs) == 2 * sum(len(subscriptions) for subscriptions in SUBSCRIPTIONS.values())
    for name, (subscription, lane) in pairs.items():
        assert bound_to(queues[name]) == [(EXCHANGE.name, f"{kind}.{lane}") for kind in sorted(subscription.handlers)]


def test_every_queue_is_a_quorum_queue_under_one_policy_and_all_but_the_dead_have_a_way_out() -> None:
    for queue in all_queues(SUBSCRIPTIONS):
        arguments = queue.queue_arguments
        assert arguments["x-queue-type"] == "quorum"
        assert sum(bool(re.search(policy["pattern"], queue.name)) for policy in POLICIES) == 1, queue.name
        if not queue.name.endswith(".dead"):
            assert arguments["x-dead-letter-exchange"] == DEAD_LETTERS.name
            assert f"{arguments['x-dead-letter-routing-key']}.dead" == f"{queue.name.split('.')[0]}.dead"


def test_the_definitions_hold_every_queue_and_binding() -> None:
    document = definitions(SUBSCRIPTIONS)
    queues = all_queues(SUBSCRIPTIONS)
    assert {queue["name"] for queue in document["queues"]} == {queue.name for queue in queues}
    assert len(document["bindings"]) == sum(len(bound_to(queue)) for queue in queues)
    assert document["policies"] == POLICIES
