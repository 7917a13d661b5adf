"""Many messages whose outcome is unclear, settled at once: those that match and no others, told to the audit trail."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from guestloop.operations.repair import BY
from services.messaging.commands.unknowns import ARRIVED, NEVER_ARRIVED, settle_matching
from services.messaging.store.sending.matching_unknowns import Wanted
from shared.ids import make_id
from tests.cast import ADA, MARTA, NOW, WEI
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel, birthday, email, guest
from tests.messaging.pages_cast import SENT, SHANGHAI, house, looking
from tests.web import words

HOUR = timedelta(hours=1)
CRASHED = [birthday(make_id("crashed", number), due_at=NOW - 3 * HOUR) for number in range(7)]


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    """Seven of a sender that died three hours ago, and one that was cut off two hours ago: Ana's."""
    found = house(make_database("messaging"))
    for one in CRASHED:
        found.hears(guest(one.guest_id, points=[email(found.keyring, f"{one.guest_id}@mail.example.com")]))
    found.hears(*CRASHED)
    found.runs(NOW - 3 * HOUR)
    with found.database.transaction() as tx:
        tx.execute(
            "update delivery set state = 'unknown', reason = 'lease_expired' where message_id = any(%s)",
            [[one.message_id for one in CRASHED]],
        )
        tx.execute(
            "update delivery set state = 'unknown', reason = 'cut_off' where message_id = any(%s)",
            [[SENT.message_id, SHANGHAI.message_id]],
        )
    return found


def audited(hotel: Hotel) -> list[dict[str, Any]]:
    bodies = [body for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    return [
        {"actor": body["actor"][place], **body["details"][place]}
        for body in bodies
        for place, action in enumerate(body["action"])
        if action == "messages.resolved"
    ]


def states(hotel: Hotel) -> list[str]:
    return [hotel.state_of(one) for one in CRASHED]


def test_all_that_match_are_settled_after_a_question_that_names_their_number(hotel: Hotel) -> None:
    ada = looking(hotel, ADA)
    page = ada.get("/messaging/unknowns?reason=lease_expired").get_data(as_text=True)
    assert "The guests have them: all 7" in page
    assert "Record that none of the 7 messages that match arrived? They are not sent again." in page
    shown = re.search(r'name="shown" value="([^"]+)"', page)
    assert shown
    given = {"reason": "lease_expired", "found": "never_arrived", "shown": shown[1]}
    done = words(ada.post("/messaging/unknowns/settlement", given))
    assert "The outcome of 7 messages is clear now." in done
    assert states(hotel) == ["failed"] * 7 and hotel.state_of(SENT) == "unknown"
    assert hotel.contacts(*(one.message_id for one in CRASHED)) == 0
    (told,) = audited(hotel)
    assert (told["actor"], told["messages"], told["filter"]) == (ADA.name, 7, {"reason": "lease_expired"})
    failed = [body for name, _, body in hotel.said() if name == "message.failed.v1"]
    assert sum(len(body["message_id"]) for body in failed) == 7


def test_what_became_unclear_after_the_page_was_shown_is_left_alone(hotel: Hotel) -> None:
    with hotel.database.transaction() as tx:
        tx.execute(
            "update delivery set changed_at = %s where message_id = %s",
            [NOW + timedelta(seconds=1), CRASHED[0].message_id],
        )
    ada = looking(hotel, ADA)
    ada.get("/messaging/unknowns")
    ada.post("/messaging/unknowns/settlement", {"found": "arrived", "shown": NOW.isoformat()})
    assert states(hotel) == ["unknown", *["sent"] * 6]


def test_by_when_they_were_handed_over(hotel: Hotel) -> None:
    """As the clocks of the first hotel show it: in Lisbon, in winter, UTC."""
    page = words(looking(hotel, ADA).get("/messaging/unknowns?since=2026-11-21T09:30"))
    assert "The guests have them: all 2" in page
    page = words(looking(hotel, ADA).get("/messaging/unknowns?before=2026-11-21T09:30"))
    assert "The guests have them: all 7" in page


def test_nobody_settles_what_another_hotel_handed_over(hotel: Hotel) -> None:
    wei = looking(hotel, WEI)
    if wei.get("/messaging/unknowns").status_code == 200:
        wei.post("/messaging/unknowns/settlement", {"found": "arrived", "shown": NOW.isoformat()})
    assert hotel.state_of(SENT) == "unknown" and states(hotel) == ["unknown"] * 7
    marta = looking(hotel, MARTA)
    given = {"found": "arrived", "shown": NOW.isoformat()}
    assert marta.post("/messaging/unknowns/settlement", given).status_code == 403


def test_in_sets_each_with_its_entry(hotel: Hotel) -> None:
    wanted = Wanted(reason="lease_expired", since=NOW - 4 * HOUR)
    done: list[int] = []
    while not done or done[-1]:
        with hotel.database.transaction() as tx:
            done.append(settle_matching(tx, wanted, ARRIVED, by=BY, at=NOW, most=3))
    assert done == [3, 3, 1, 0]
    assert [(one["actor"], one["messages"]) for one in audited(hotel)] == [(BY, 3), (BY, 3), (BY, 1)]
    with hotel.database.transaction() as tx:
        assert settle_matching(tx, wanted, NEVER_ARRIVED, by=BY, at=NOW) == 0
    assert states(hotel) == ["sent"] * 7
