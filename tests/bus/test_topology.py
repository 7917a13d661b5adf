"""The table of services, the dictionary, what each service listens to and the broker's queues are one and the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

import pytest

from shared.access.people import ACCESS
from shared.bus.subscriptions import UNHEARD, Subscription, queue_name, subscribers
from shared.bus.topology import DEAD_LETTERS, EXCHANGE, POLICIES, all_queues, bound_to, definitions
from shared.events.console import EVERY_SERVICE
from shared.events.dictionary import Lane, all_types

ROOT = Path(__file__).parent.parent.parent
TABLES = [path for path in (ROOT / "docs/services.md", ROOT.parent / "shared/DESIGN.md") if path.exists()]
OWNERS = {"stay": "segments", "guest": "segments", "message": "messaging", "case": "feedback"}
# argued in docs/decisions.md: a launch puts its segments in use, and says what the journey is called
BEYOND_DESIGN = {"segments": {"journey.launched.v1"}, "messaging": {"journey.launched.v1"}}
SUBSCRIPTIONS: dict[str, tuple[Subscription, ...]] = {
    name: import_module(f"services.{name}.consumer").SUBSCRIPTIONS for name in EVERY_SERVICE
}
SAID_BY_ALL = {kind.name for kind in all_types() if kind.speakers == EVERY_SERVICE}


@dataclass(frozen=True)
class Row:
    service: str
    owns: str
    hears: frozenset[str]
    says: frozenset[str]
    more: bool  # it also hears «what it counts»


def table(path: Path) -> dict[str, Row]:
    rows = {}
    for line in path.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if len(cells) == 4 and (found := re.fullmatch(r"\*\*(\w+)\*\*", cells[0])):
            hears, says = types_in(cells[2]), types_in(cells[3])
            rows[found[1]] = Row(found[1], cells[1], hears, says, "what it counts" in cells[2])
    return rows


def types_in(cell: str) -> frozenset[str]:
    """The types a cell names; `stay.*` is all that its owner says of stays."""
    found: set[str] = set()
    for family, name in re.findall(r"\b([a-z]+)\.([a-z_]+|\*)", cell):
        if name == "*":
            own = [kind.name for kind in all_types() if kind.speakers == (OWNERS[family],)]
            found.update(each for each in own if each.startswith(f"{family}."))
        else:
            found.add(f"{family}.{name}.v1")
    return frozenset(found)


def heard_by(service: str) -> set[str]:
    """But for what everybody hears, to check a session by itself."""
    return {
        name for subscription in SUBSCRIPTIONS[service] if subscription is not ACCESS for name in subscription.handlers
    }


def test_every_service_but_their_owner_keeps_who_may_do_what() -> None:
    assert {service for service, subscriptions in SUBSCRIPTIONS.items() if ACCESS in subscriptions} == {
        *EVERY_SERVICE
    } - {"console"}


def test_each_service_has_its_row() -> None:
    for path in TABLES:
        assert set(table(path)) == set(EVERY_SERVICE), path.name


@pytest.mark.parametrize("service", EVERY_SERVICE)
@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_service_listens_to_what_its_row_says(path: Path, service: str) -> None:
    row = table(path)[service]
    if path.name != "DESIGN.md":
        assert heard_by(service) == row.hears
    elif row.more:
        assert heard_by(service) >= row.hears
    else:
        assert heard_by(service) == row.hears | BEYOND_DESIGN.get(service, set())


@pytest.mark.parametrize("service", EVERY_SERVICE)
@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.name)
def test_a_service_says_what_its_row_says(path: Path, service: str) -> None:
    may_say = {kind.name for kind in all_types() if service in kind.speakers}
    assert may_say - SAID_BY_ALL == table(path)[service].says


def test_both_tables_say_that_a_service_owns_the_same() -> None:
    owned = [{row.service: row.owns for row in table(path).values()} for path in TABLES]
    assert all(each == owned[0] for each in owned)


def test_every_type_has_a_hearer_or_is_listed_as_unheard() -> None:
    heard = subscribers(SUBSCRIPTIONS)
    known = {kind.name for kind in all_types()}
    assert set(heard) <= known
    assert known - set(heard) == UNHEARD


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
