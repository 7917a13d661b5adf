"""The hostile publisher is as hostile as it claims, and in the same way for the same seed."""

from __future__ import annotations

from uuid import UUID

from shared.bus.hostile import HostilePublisher
from shared.bus.mailbox.publisher import MailboxPublisher
from shared.bus.relay import Relay
from tests.bus.buses import MailboxBus
from tests.bus.conftest import BareDatabase
from tests.bus.toy import NOON, STAYS, booked, counted, kept, tell


def arrivals(bare_database: BareDatabase, seed: int) -> tuple[list[list[UUID]], MailboxBus]:
    """What stood in the mailbox after each step of the relay, emptied each time into the read model."""
    bus = MailboxBus(bare_database("segments"), bare_database("campaigns"))
    inner = MailboxPublisher({"campaigns": bus.campaigns}, {"campaigns": [STAYS]})
    publisher = HostilePublisher(inner, seed)
    bus.relay = Relay(bus.segments, publisher, service="segments")
    seen = []
    for round_of in range(6):
        for number in range(20):
            tell(bus.segments, booked(round_of * 20 + number))
        bus.relay.step(NOON)
        seen.append(waiting(bus))
        bus.consumer.step(NOON)
    assert publisher.pending > 0
    while bus.relay.step(NOON):
        seen.append(waiting(bus))
        bus.consumer.step(NOON)
    assert publisher.pending == 0
    return seen, bus


def waiting(bus: MailboxBus) -> list[UUID]:
    with bus.campaigns.transaction() as tx:
        return [row[0] for row in tx.execute("select message_id from mailbox order by id")]


def test_it_delays_repeats_and_reorders_and_yet_all_arrives_once(bare_database: BareDatabase) -> None:
    seen, bus = arrivals(bare_database, seed=3)
    with bus.segments.transaction() as tx:
        said = [row[0] for row in tx.execute("select message_id from outbox order by id")]
    arrived = [message for step in seen for message in step]
    assert set(arrived) == set(said)
    assert len(arrived) > len(set(arrived))  # some came again after they were handled
    firsts = list(dict.fromkeys(arrived))
    assert firsts != said
    assert any(message in said[:20] for message in seen[-1] + seen[-2])  # some of the first came last
    assert len(kept(bus.campaigns)) == 120
    assert counted(bus.campaigns)[1] == 120
    bus.close()


def test_the_same_seed_is_hostile_in_the_same_way(bare_database: BareDatabase) -> None:
    (first, one), (second, two), (other, three) = (arrivals(bare_database, seed) for seed in (3, 3, 4))
    assert first == second
    assert first != other
    for bus in (one, two, three):
        bus.close()
