"""What could not be written in the sandbox is not tried again once the house is live: it was due before."""

from __future__ import annotations

from datetime import timedelta

from services.messaging.commands.unwritten import try_again
from services.messaging.queries.unwritten import of_template
from services.messaging.store.going_live import end_the_past
from services.messaging.store.senders import live
from shared.access.scope import Scope
from shared.vocabulary.channel import Channel
from tests.conftest import MakeDatabase
from tests.messaging.ana import reached
from tests.messaging.hotel import MONDAY, Hotel, birthday, lisbon
from tests.messaging.test_house_senders import ADMINISTRATOR

EVERY = Scope(everywhere=True)
LATER = MONDAY + timedelta(minutes=1)


def test_it_is_tried_again_before_the_switch_and_not_after_it(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), reached(hotel), birthday())
    with hotel.database.transaction() as tx:
        tx.execute("update delivery set state = 'failed', reason = 'unwritable'")
        (before,) = of_template(tx, "birthday", EVERY, MONDAY)
        assert (before.messages, before.useful) == (1, 1)
        assert live.begin(tx, "Ada", LATER)
        end_the_past(tx, [Channel.EMAIL, Channel.SMS, Channel.WHATSAPP])
        (after,) = of_template(tx, "birthday", EVERY, LATER)
        assert (after.messages, after.useful) == (1, 0)
        assert try_again(tx, "birthday", EVERY, by=ADMINISTRATOR, at=LATER) == 0
