"""The page of systems: connected with a secret that is typed once, told when one is in trouble, tried again, ended."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest

from services.segments.config import Config
from services.segments.rules.systems import SystemKind, SystemTrouble
from services.segments.service import SERVICE
from services.segments.systems.registry import profile_of
from services.segments.systems.role import Systems
from shared.database.pool import Database
from shared.vocabulary.trouble import Trouble
from tests.cast import ADA, MARTA, NOW
from tests.segments.rows import rows_of
from tests.segments.systems.apaleo import ApaleoContract, event, reservation
from tests.segments.systems.contract import LOOPBACK, Reply
from tests.web import Browser, browser, words

PAGE = "/segments/systems"


@pytest.fixture
def ada(database: Database) -> Browser:
    return browser(SERVICE.build_web, Config(networks=LOOPBACK), database, ADA)


def filled(apaleo: ApaleoContract, **changed: str) -> dict[str, str]:
    form = {"kind": "apaleo", "source": "apaleo", "address": apaleo.url, "hotel.LIS": "MUC, MUC2", "hotel.SHA": ""}
    return {**form, **apaleo.credentials, **changed}


def test_a_system_is_connected_and_its_secrets_are_shown_once_or_never(
    ada: Browser, database: Database, apaleo: ApaleoContract
) -> None:
    ada.get(f"{PAGE}?kind=apaleo")
    made = ada.post(PAGE, filled(apaleo), follow=False)
    assert made.status_code == 201
    found = re.search(r"/systems/([0-9a-f-]+)/events\?key=([\w-]+)", made.get_data(as_text=True))
    assert found
    number, secret = found.groups()
    told = ada.client.post(f"/systems/{number}/events?key={secret}", json=event("ABCDEFGH-1"))
    assert told.status_code == 200
    apaleo.put(reservation())
    Systems(database, LOOPBACK).step(NOW)
    assert rows_of(database, "select reservation from stay") == [("ABCDEFGH-1",)]
    assert rows_of(database, "select hotels from system_connection") == [({"MUC": "LIS", "MUC2": "LIS"},)]
    for page in (ada.get(PAGE), ada.get(f"{PAGE}/{number}")):
        text = page.get_data(as_text=True)
        assert secret not in text and apaleo.credentials["client_secret"] not in text
    assert "Casa do Tejo Lisboa" in words(ada.get(PAGE))


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("client_secret", "", "This is needed."),
        ("address", "ftp://x.example", "An address that begins with https:// is needed."),
        ("address", "https://a:b@x.example", "An address that begins with https:// is needed."),
        ("source", "", "A short name is needed."),
        ("hotel.LIS", "", "Say by which number this system knows one of the hotels."),
    ],
)
def test_what_is_missing_is_said_at_its_field_and_no_secret_comes_back(
    ada: Browser, database: Database, apaleo: ApaleoContract, field: str, value: str, said: str
) -> None:
    ada.get(f"{PAGE}?kind=apaleo")
    answer = ada.post(PAGE, filled(apaleo, **{field: value}), follow=False)
    assert answer.status_code == 422 and said in words(answer)
    assert "for-nobody-else" not in answer.get_data(as_text=True)
    assert rows_of(database, "select 1 from system_connection") == []


def test_trouble_is_told_in_words_and_the_system_is_tried_now(
    ada: Browser, database: Database, apaleo: ApaleoContract
) -> None:
    ada.get(f"{PAGE}?kind=apaleo")
    ada.post(PAGE, filled(apaleo))
    ((number,),) = rows_of(database, "select connection_id from system_connection")
    apaleo.failures = [Reply(503)] * 3
    role = Systems(database, LOOPBACK)
    for minutes in range(3):
        role.step(NOW + timedelta(minutes=minutes))
    text = words(ada.get(f"{PAGE}/{number}"))
    assert "It reports a fault of its own. (503) It failed 3 times in a row and is tried again from" in text
    assert "It reports a fault of its own." in words(ada.get(PAGE))
    assert role.step(NOW + timedelta(minutes=2, seconds=1)) == 0
    ada.post(f"{PAGE}/{number}/retry")
    assert role.step(NOW) > 0
    assert rows_of(database, "select trouble from system_connection") == [(None,)]


def test_a_hotel_that_was_left_out_is_read_once_its_number_is_said(
    ada: Browser, database: Database, apaleo: ApaleoContract
) -> None:
    ada.get(f"{PAGE}?kind=apaleo")
    ada.post(PAGE, filled(apaleo))
    ((number,),) = rows_of(database, "select connection_id from system_connection")
    apaleo.put(reservation(property={"id": "SHGH"}))
    role = Systems(database, LOOPBACK)
    role.step(NOW)
    assert "1 reservation of its hotel SHGH, which is none of ours here" in words(ada.get(f"{PAGE}/{number}"))
    ada.post(f"{PAGE}/{number}/hotels", {"hotel.LIS": "MUC", "hotel.SHA": "SHGH"})
    assert rows_of(database, "select caught_up_at from system_connection") == [(None,)]  # its past is no news
    role.step(NOW + timedelta(minutes=1))
    assert rows_of(database, "select property from stay") == [("SHA",)]
    assert "none of ours here" not in words(ada.get(f"{PAGE}/{number}"))


def test_an_ended_system_is_asked_nothing_and_believed_nothing(
    ada: Browser, database: Database, apaleo: ApaleoContract
) -> None:
    ada.get(f"{PAGE}?kind=apaleo")
    made = ada.post(PAGE, filled(apaleo), follow=False)
    found = re.search(r"(/systems/([0-9a-f-]+)/events\?key=[\w-]+)", made.get_data(as_text=True))
    assert found
    ada.post(f"{PAGE}/{found[2]}/ending")
    assert ada.client.post(found[1], json=event("X")).status_code == 403
    assert Systems(database, LOOPBACK).step(NOW) == 0
    assert rows_of(database, "select credentials_sealed from system_connection") == [(None,)]
    assert ada.post(PAGE, filled(apaleo), follow=False).status_code == 201  # under the same name again


def test_nobody_else_may_connect_a_system(database: Database) -> None:
    marta = browser(SERVICE.build_web, Config(), database, MARTA)
    assert marta.get(PAGE).status_code == 403


@pytest.mark.parametrize("kind", SystemKind)
def test_every_system_can_be_connected(ada: Browser, kind: SystemKind) -> None:
    """Its form asks for all that it needs, and its troubles have words."""
    page = ada.get(f"{PAGE}?kind={kind}").get_data(as_text=True)
    profile = profile_of(kind)
    assert profile.kind is kind and profile.pace.requests > 0
    for one in profile.credentials:
        kept = "text" if one.default is not None else "password"
        assert re.search(rf'name="{one.name}" type="{kept}"', page)
    assert not {str(one) for one in Trouble} & {str(one) for one in SystemTrouble}


def needs(who: Browser) -> list[tuple[str, str]]:
    answer = who.get("/segments/home").json
    assert answer is not None
    return [(one["text"], one["tone"]) for one in answer["needs"]]


def connected(database: Database, **changed: object) -> str:
    """A connection in whatever state; its number."""
    values = {"trouble": None, "heard_at": NOW, "poll_at": NOW, "address": "https://pms.example", **changed}
    with database.transaction() as tx:
        row = tx.execute(
            """
            insert into system_connection (connection_id, kind, source, address, hotels, credentials_sealed, door_hash,
                                           made_by, made_at, trouble, heard_at, poll_at)
            values (gen_random_uuid(), 'apaleo', 'apaleo', %(address)s, '{}', '', '', 'Ada', '2016-01-01Z',
                    %(trouble)s, %(heard_at)s, %(poll_at)s) returning connection_id
            """,
            values,
        ).fetchone()
    assert row is not None
    return str(row[0])


LONG_AGO = NOW - timedelta(hours=7)


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ({}, None),
        ({"trouble": "credentials"}, "«apaleo» no longer accepts our credentials: its reservations do not come"),
        ({"trouble": "too_slow"}, None),
        ({"trouble": "too_slow", "heard_at": LONG_AGO}, "«apaleo» has not answered since today 05:00 (Lisbon)"),
        ({"trouble": "failing", "heard_at": None}, "«apaleo» has not answered since Jan 1, 2016 00:00 (Lisbon)"),
        ({"poll_at": LONG_AGO, "heard_at": LONG_AGO}, "«apaleo» has not answered since today 05:00 (Lisbon)"),
        ({"address": "", "poll_at": None, "heard_at": LONG_AGO}, None),  # it is never asked, and tells when it has news
    ],
    ids=["well", "refused", "a moment", "for long", "never", "nobody asks it", "tells by itself"],
)
def test_home_says_when_a_system_is_in_trouble_and_leads_there(
    database: Database, ada: Browser, state: dict[str, object], said: str | None
) -> None:
    assert needs(ada) == []
    number = connected(database, **state)
    assert needs(ada) == ([(said, "bad")] if said else [])
    if said:
        answer = ada.get("/segments/home").json
        assert answer is not None and ada.get(answer["needs"][0]["url"]).status_code == 200
    with database.transaction() as tx:
        tx.execute("insert into system_event values (%s, 'R1', 1, %s, %s, 8, 'no', %s)", [number, NOW, NOW, NOW])
    more = needs(ada)
    assert more if said else more == [("Reservations of «apaleo» that could not be read: 1", "look")]
    assert needs(browser(SERVICE.build_web, Config(), database, MARTA)) == [], "who cannot open the page is not told"
    with database.transaction() as tx:
        tx.execute("update system_connection set ended_at = %s", [NOW])
    assert needs(ada) == []
