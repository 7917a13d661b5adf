"""What became of an e-mail, by mail that came back: a bad address, a full box, a refusal, a complaint, «no more»."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from services.messaging.commands.receipts import take_reports
from services.messaging.config import Config
from services.messaging.rules.receipts import Report
from services.messaging.service import SERVICE
from shared.events.feedback import MessageReported
from shared.events.segments.guests import GuestErased
from shared.ids import make_id
from shared.vocabulary.channel import Channel
from shared.vocabulary.reason import Reason
from shared.vocabulary.receipt import ReceiptState
from tests.cast import ADDRESS, ANA, DINA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon, stay, survey
from tests.web import browser, words

TOKEN, ORIGIN, PATH = "12345-not-a-secret", "https://loop.example.com", "/messaging/twilio/status"
NUMBER = "+351920000657"
A_DAY = timedelta(days=1)
FORM = "application/x-www-form-urlencoded"


@pytest.fixture
def mailed(make_database: MakeDatabase) -> Hotel:
    """A birthday mail went to Ana."""
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.runs()
    return hotel


def receipts(hotel: Hotel) -> list[tuple[str, str | None]]:
    return [
        (name.split(".")[1], body["reason"][0])
        for name, _, body in hotel.said()
        if name in ("message.delivered.v1", "message.bounced.v1", "message.complained.v1")
    ]


def report(hotel: Hotel, *said: tuple[str, Reason | None], at: datetime = MONDAY) -> None:
    for what, reason in said:
        hotel.hears(reported(birthday().message_id, what, reason), at=at)


def reported(message_id: UUID, what: str, reason: Reason | None = None) -> MessageReported:
    return MessageReported(
        report_id=make_id("report", message_id, what, reason),
        version=1,
        message_id=message_id,
        what=what,
        reason=reason and str(reason),
        code="5.1.1",
        reported_at=MONDAY,
    )


def test_no_such_user_is_written_to_no_more_and_the_page_says_why(mailed: Hotel) -> None:
    report(mailed, ("bounced", Reason.BAD_ADDRESS), ("bounced", Reason.BAD_ADDRESS))
    assert receipts(mailed) == [("bounced", "bad_address")]
    (said,) = [body for name, _, body in mailed.said() if name == "point.refused.v1"]
    assert (said["refused"], said["point"]) == ([True], [mailed.keyring.index("email", ADDRESS)])
    again = replace(birthday(due_at=MONDAY + 40 * A_DAY), message_id=make_id("message", "again"))
    mailed.hears(again)
    mailed.runs(MONDAY + 40 * A_DAY)
    assert mailed.outcomes()[-1] == ("skipped", "refused_point")
    page = browser(SERVICE.build_web, Config(), mailed.database, DINA).get(f"/messaging/guests/{ANA}/story")
    assert "came back: nobody is reached" in page.get_data(as_text=True)
    shown = browser(SERVICE.build_web, Config(), mailed.database, DINA).get(
        f"/messaging/messages/{birthday().message_id}"
    )
    assert "came back: nobody is reached at this address or number" in words(shown) and "code 5.1.1" in words(shown)


@pytest.mark.parametrize("reason", [Reason.POLICY, Reason.CONTENT, Reason.TEMPORARY, Reason.RETURNED])
def test_whatever_is_not_the_address_lets_it_be_written_to(mailed: Hotel, reason: Reason) -> None:
    report(mailed, ("bounced", reason))
    assert mailed.all("select * from refused_point") == mailed.all("select * from suppression") == []
    assert mailed.contacts() == 0, "a contact that never was does not count"


def test_a_policy_reject_stands_on_home(mailed: Hotel) -> None:
    report(mailed, ("bounced", Reason.POLICY), at=NOW)
    home = browser(SERVICE.build_web, Config(), mailed.database, DINA).get("/messaging/home").get_data(as_text=True)
    assert "1 message by e-mail came back since yesterday" in home


def test_a_full_box_counts_and_rests_after_the_third_time(mailed: Hotel) -> None:
    """A returned mail is no contact, so that the cap lets the next one through."""
    report(mailed, ("bounced", Reason.MAILBOX_FULL))
    for number in (1, 2, 3, 20):
        at = MONDAY + number * A_DAY
        one = replace(birthday(due_at=at), message_id=make_id("message", number))
        mailed.hears(one, at=at)
        mailed.runs(at)
        mailed.hears(reported(one.message_id, "bounced", Reason.MAILBOX_FULL), at=at)
    assert mailed.outcomes() == [*[("sent", None)] * 3, ("skipped", "mailbox_full_again"), ("sent", None)]
    assert mailed.all("select * from refused_point") == [], "a full box is no bad address"


def test_a_complaint_ends_offers_there_for_everybody_and_is_heard_over_a_bounce(mailed: Hotel) -> None:
    report(mailed, ("complained", None), ("bounced", Reason.RETURNED), ("complained", None))
    assert receipts(mailed) == [("complained", None)]
    assert mailed.all("select channel, purpose, source from suppression") == [("email", "marketing", "complaint")]
    changed = [body for name, _, body in mailed.said() if name == "consent.changed.v1"]
    assert [(one["purpose"], one["state"]) for one in changed][-1] == (["marketing"], ["withdrawn"])


def test_a_complaint_about_a_survey_ends_surveys_and_offers(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), stay("LIS-000001"), guest(points=[email(hotel.keyring, ADDRESS)]), survey())
    hotel.runs()
    hotel.hears(reported(survey().message_id, "complained"))
    assert hotel.all("select purpose from suppression order by 1") == [("feedback",), ("marketing",)]


def test_a_mail_that_asks_for_no_more_ends_what_it_answers(mailed: Hotel) -> None:
    report(mailed, ("unsubscribed", None), ("unsubscribed", None))
    assert mailed.all("select channel, purpose, source from suppression") == [("email", "marketing", "mail")]
    assert receipts(mailed) == []


def test_of_an_erased_guest_nothing_is_kept_or_published(mailed: Hotel) -> None:
    mailed.hears(GuestErased(guest_id=ANA, version=9, occurred_at=MONDAY))
    report(mailed, ("bounced", Reason.BAD_ADDRESS), ("complained", None), ("unsubscribed", None))
    assert mailed.all("select * from receipt") == receipts(mailed) == []
    assert mailed.all("select * from refused_point") == []


def test_a_set_of_many_goes_at_once_and_the_highest_of_each_counts(mailed: Hotel) -> None:
    message_id = birthday().message_id
    said = [
        Report(message_id=message_id, state=state, channel=Channel.EMAIL, happened_at=MONDAY + number * A_DAY)
        for number, state in enumerate((ReceiptState.DELIVERED, ReceiptState.ON_ITS_WAY, ReceiptState.DELIVERED))
    ]
    with mailed.database.transaction() as tx:
        assert take_reports(tx, said, MONDAY) == 1
        assert take_reports(tx, [replace(said[0], channel=Channel.SMS)], MONDAY) == 0, "it went by e-mail"
    assert mailed.all("select state, happened_at from receipt") == [("delivered", MONDAY)]
