"""What the gate is told of the guests of a claim costs by them, and not by how many others there are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from services.messaging.store.sending.gate_rows import OF_FEW, OF_STAYS, stays_of
from shared.ids import make_id
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, email, guest, lisbon, stay

MANY = 300
OF_ALL = ("recipient", "recipient_point", "stay_known", "delivery")  # tables that grow with the house
BY_WHOM = re.compile(r"\b(guest_id|point|key|message_id) = ")


def nodes(plan: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield plan
    for below in plan.get("Plans", ()):
        yield from nodes(below)


def reads_all(node: dict[str, Any]) -> bool:
    """Whether it goes through one of them and asks for nobody."""
    conditions = " ".join(node.get(name, "") for name in ("Filter", "Index Cond", "Recheck Cond"))
    return node.get("Relation Name") in OF_ALL and not BY_WHOM.search(conditions)


def test_nothing_is_read_but_by_guest_or_by_contact_point(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    people = [make_id("guest", number) for number in range(MANY)]
    hotel.hears(lisbon())
    hotel.hears(*(guest(one, points=[email(hotel.keyring, f"{one}@mail.example.com")]) for one in people))
    asked = {
        "guests": people[:100],
        **dict.fromkeys(("capped_since", "reached_since", "full_since"), MONDAY - timedelta(days=30)),
        "full_boxes": 3,
    }
    with hotel.database.transaction() as tx:
        tx.execute("analyze")
        for query in (OF_FEW, OF_STAYS):
            row = tx.execute(f"explain (format json) {query}", asked).fetchone()
            assert row is not None
            assert [node for node in nodes(row[0][0]["Plan"]) if reads_all(node)] == []


def test_stays_come_in_their_order_whatever_order_they_were_heard_in(
    make_database: MakeDatabase,
) -> None:
    hotel = Hotel(make_database("messaging"))
    ana, bea = make_id("guest", "ana"), make_id("guest", "bea")
    hotel.hears(lisbon(), guest(ana), guest(bea))
    hotel.hears(stay("R3", ana), stay("R1", ana), stay("R2", bea), stay("R2b", ana))
    with hotel.database.transaction() as tx:
        found = stays_of(tx, [bea, ana])
    assert [one.reservation for one in found[ana]] == ["R1", "R2b", "R3"]
    assert [one.reservation for one in found[bea]] == ["R2"]
