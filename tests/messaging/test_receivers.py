"""A sender's account signs what it posts: feedback is told of it, and after a deletion it is believed for a week."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from twilio.request_validator import RequestValidator

from services.messaging.commands.senders.setting_up import change, delete, pause, resume, set_up
from services.messaging.config import Config
from services.messaging.personal_data import PERSONAL_DATA
from services.messaging.queries.present_state import all_receivers
from services.messaging.rules.senders import HouseSender
from services.messaging.service import SERVICE
from shared.bus.republish import republish
from shared.crypto.purposes import Sealing
from shared.database.pool import Database
from shared.personal_data.retention.subjects import subjects_of
from shared.personal_data.retention.terms import Terms
from shared.web.config import WebConfig
from tests.conftest import MakeDatabase
from tests.messaging.hotel import MONDAY, Hotel
from tests.messaging.test_house_senders import ADMINISTRATOR, sender
from tests.web import browser

ACCOUNT, ORIGIN = "AC" + "0" * 32, "https://loop.example.com"
A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


def number(**more: object) -> HouseSender:
    settings = {"account": ACCOUNT, "from": "+15005550006"}
    return sender("number", channel="sms", kind="twilio", from_address="", settings=settings, **more)


def reported(database: Database, token: str, after: timedelta) -> int:
    site = browser(SERVICE.build_web, Config(), database, None, at=MONDAY + after, web=WebConfig(ORIGIN, ORIGIN))
    form = {"MessageSid": "SM1", "AccountSid": ACCOUNT, "MessageStatus": "delivered"}
    path = f"/messaging/twilio/status?mid={uuid4()}"
    signature = RequestValidator(token).compute_signature(ORIGIN + path, form)
    return int(site.client.post(path, data=form, headers={"X-Twilio-Signature": signature}).status_code)


def test_feedback_is_told_of_each_change_of_an_account_and_of_no_mail_server(make_database: MakeDatabase) -> None:
    hotel = Hotel(make_database("messaging"))
    one = number()
    with hotel.database.transaction() as tx:
        set_up(tx, sender("mail"), "password", by=ADMINISTRATOR, at=MONDAY)
        set_up(tx, one, "first", by=ADMINISTRATOR, at=MONDAY)
        change(tx, replace(one, weight=2), "", by=ADMINISTRATOR, at=MONDAY)
        change(tx, replace(one, version=2), "second", by=ADMINISTRATOR, at=MONDAY)
        pause(tx, one.sender_id, by=ADMINISTRATOR, at=MONDAY)
        resume(tx, one.sender_id, by=ADMINISTRATOR, at=MONDAY)
        delete(tx, one.sender_id, by=ADMINISTRATOR, at=MONDAY)
    said = hotel.published("receiver.changed.v1")
    opened = [hotel.keyring.open(one["token"], Sealing.RECEIVER) for one in said]
    assert [(one["version"], token, one["ends_at"] is None) for one, token in zip(said, opened, strict=True)] == [
        (1, "first", True), (2, "first", True), (3, "second", True), (4, "second", False),
    ]  # fmt: skip
    assert {one["account"] for one in said} == {ACCOUNT}


def test_receipts_are_taken_for_a_week_after_a_sender_was_deleted(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    one = number()
    with database.transaction() as tx:
        set_up(tx, one, "token", by=ADMINISTRATOR, at=MONDAY)
        delete(tx, one.sender_id, by=ADMINISTRATOR, at=MONDAY)
    assert [reported(database, "token", after) for after in (A_DAY, A_WEEK - A_DAY, A_WEEK + A_DAY)] == [200, 200, 403]
    assert reported(database, "another", A_DAY) == 403
    hotel = Hotel(database)
    assert hotel.one("select secret_sealed from sender") is None
    assert hotel.keyring.open(hotel.one("select secret_sealed from ended_sender"), Sealing.SENDER) == "token"
    ended = next(found for found in subjects_of(PERSONAL_DATA) if found.name == "ended_sender")
    with database.transaction() as tx:
        ended.drop(tx, Terms(), MONDAY + 5 * A_WEEK, "")
    assert hotel.all("select from ended_sender") == []


def test_a_deleted_mail_server_leaves_nothing(make_database: MakeDatabase) -> None:
    database = make_database("messaging")
    with database.transaction() as tx:
        set_up(tx, sender("mail"), "password", by=ADMINISTRATOR, at=MONDAY)
        delete(tx, sender("mail").sender_id, by=ADMINISTRATOR, at=MONDAY)
    assert Hotel(database).all("select from ended_sender") == []


def test_senders_that_were_set_up_before_are_told_by_a_republish(make_database: MakeDatabase) -> None:
    """What feedback is told then is what it was told, or would have been: the same versions, and no mail server."""
    hotel = Hotel(make_database("messaging"))
    one, gone = number(), replace(number(), sender_id=uuid4(), name="gone")
    with hotel.database.transaction() as tx:
        set_up(tx, sender("mail"), "password", by=ADMINISTRATOR, at=MONDAY)
        for each in (one, gone):
            set_up(tx, each, each.name, by=ADMINISTRATOR, at=MONDAY)
        change(tx, replace(one, weight=2), "", by=ADMINISTRATOR, at=MONDAY)
        delete(tx, gone.sender_id, by=ADMINISTRATOR, at=MONDAY)
    newest = {said["sender_id"]: said for said in hotel.published("receiver.changed.v1")}
    assert republish(hotel.database, all_receivers, MONDAY + A_DAY, most=1) == 2
    again = {said["sender_id"]: said for said in hotel.published("receiver.changed.v1")[-2:]}
    for said in (*newest.values(), *again.values()):
        said["token"], said["lane"] = hotel.keyring.open(said["token"], Sealing.RECEIVER), None
    assert again == newest and len(again) == 2
