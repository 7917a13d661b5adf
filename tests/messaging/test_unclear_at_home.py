"""What the home page says of messages whose outcome is unclear."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cast import ADA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.pages_cast import SENT, house, looking


@pytest.mark.parametrize(
    ("minutes", "tone", "text"),
    [
        (59, "look", "The outcome of 1 message is unclear"),
        (61, "bad", "The outcome of 1 message has been unclear for more than an hour"),
    ],
)
def test_an_unclear_outcome_becomes_urgent_after_an_hour(
    make_database: MakeDatabase, minutes: int, tone: str, text: str
) -> None:
    hotel = house(make_database("messaging"))
    with hotel.database.transaction() as tx:
        tx.execute(
            "update delivery set state = 'unknown', changed_at = %s where message_id = %s",
            [NOW - timedelta(minutes=minutes), SENT.message_id],
        )
    needs: list[dict[str, Any]] = looking(hotel, ADA).get("/messaging/home").get_json()["needs"]
    (need,) = [one for one in needs if "outcome" in one["text"]]
    assert (need["tone"], need["text"], need["url"]) == (tone, text, "/messaging/unknowns")
