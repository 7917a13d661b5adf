"""What could not be written in the sandbox is not tried again once the house is live: it was due before."""

from __future__ import annotations

from datetime import timedelta

from services.messaging.commands.unwritten import try_again
from services.messaging.config import Config
from services.messaging.queries.unwritten import of_template
from services.messaging.service import SERVICE
from services.messaging.store.going_live import end_the_past
from services.messaging.store.senders import live
from shared.access.scope import Scope
from shared.vocabulary.channel import Channel
from tests.cast import ADA
from tests.conftest import MakeDatabase
from tests.messaging.ana import reached
from tests.messaging.hotel import MONDAY, Hotel, birthday, lisbon
from tests.messaging.test_house_senders import ADMINISTRATOR
from tests.web import browser, words

EVERY = Scope(everywhere=True)
LATER = MONDAY + timedelta(minutes=1)


UNWRITABLE = """
    update delivery set state = 'failed', reason = 'unwritable', says_sent = null, request_version = 1, priority = 0,
        channels = '{email}', useful_until = due_at + interval '3 days', wants = '{}', holdout = 0, "values" = '{}'
"""


def test_it_is_tried_again_before_the_switch_and_not_after_it(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), reached(hotel), birthday())
    hotel.runs()
    with hotel.database.transaction() as tx:
        tx.execute(UNWRITABLE)
        (before,) = of_template(tx, "birthday", EVERY, MONDAY)
        assert (before.messages, before.useful, before.before_live) == (1, 1, 0)
        assert live.begin(tx, "Ada", LATER)
        end_the_past(tx, [Channel.EMAIL, Channel.SMS, Channel.WHATSAPP])
        (after,) = of_template(tx, "birthday", EVERY, LATER)
        assert (after.messages, after.useful, after.before_live) == (1, 0, 1)
        assert try_again(tx, "birthday", EVERY, by=ADMINISTRATOR, at=LATER) == 0
    why = "was due before the house went live ("
    ada = browser(SERVICE.build_web, Config(), hotel.database, ADA, at=LATER)
    assert f"1 {why}" in words(ada.get("/messaging/templates/birthday"))
    page = words(ada.get(f"/messaging/messages/{hotel.one('select message_id from delivery')}"))
    assert f"It {why}" in page and "nobody can try it again" in page
