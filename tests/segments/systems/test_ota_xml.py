"""OTA XML by POST: read and answered in the standard's words; cards and bombs stop at the door."""

from __future__ import annotations

import base64
import random
import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import structlog
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from werkzeug.test import TestResponse

from services.segments.config import Config
from services.segments.rules.systems import SystemKind
from services.segments.service import SERVICE
from shared.database.pool import Database
from tests.cast import ADA
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties
from tests.segments.systems.contract import Desk
from tests.web import browser, words

CARD = "4111111111111111"
MASTER = "5500 0055 5555 5559"
ROOM = """<RoomStay PromotionCode="SPRING"><RoomTypes><RoomType RoomTypeCode="DBL"/></RoomTypes>
  <RatePlans><RatePlan RatePlanCode="BAR"/></RatePlans>
  <GuestCounts><GuestCount AgeQualifyingCode="10" Count="2"/>
  <GuestCount AgeQualifyingCode="8" Count="1" Age="7"/></GuestCounts>
  <TimeSpan Start="{start}" End="{end}"/><Total AmountAfterTax="250.50" CurrencyCode="EUR"/>
  <BasicPropertyInfo HotelCode="10107"/><Comments><Comment><Text>late arrival</Text></Comment></Comments></RoomStay>"""
GUEST = """<ResGuests><ResGuest ResGuestRPH="1" PrimaryIndicator="true"><Profiles><ProfileInfo><Profile ProfileType="1">
  <Customer Language="pt"><PersonName><NamePrefix>Ms</NamePrefix>
  <GivenName>Rita</GivenName><Surname>Cantu</Surname></PersonName>
  <Telephone PhoneNumber="+351912000123"/><Email Remark="newsletter:yes">rita@example.com</Email>
  <Address><CityName>Porto</CityName><CountryName Code="PT">Portugal</CountryName></Address></Customer>
  </Profile></ProfileInfo></Profiles></ResGuest></ResGuests>"""
AGENCY = """<Profiles><ProfileInfo><Profile ProfileType="4"><CompanyInfo><Email>agency@example.com</Email></CompanyInfo>
  </Profile></ProfileInfo></Profiles>"""
PAYMENT = f"""<Guarantee><GuaranteesAccepted><GuaranteeAccepted><PaymentCard CardType="1" CardCode="VI"
  CardNumber="{CARD}" ExpireDate="1230" SeriesCode="737"><CardHolderName>Rita Cantu</CardHolderName></PaymentCard>
  </GuaranteeAccepted></GuaranteesAccepted></Guarantee>"""


def reservation(
    number: str = "RES-1",
    status: str = "Commit",
    changed: int = 0,
    *,
    start: str = "2026-12-01",
    end: str = "2026-12-04",
    rooms: int = 1,
    guest: str = GUEST,
    more: str = "",
) -> str:
    """Changed so many hours after it was made."""
    stays = ROOM.format(start=start, end=end) * rooms
    at = f"2026-11-20T{9 + changed:02}:00:00Z"
    return f"""<HotelReservation ResStatus="{status}" CreateDateTime="2026-11-20T09:00:00Z" LastModifyDateTime="{at}">
      <UniqueID Type="14" ID="{number}"/><RoomStays>{stays}</RoomStays>{guest}
      <ResGlobalInfo>{more}{AGENCY}</ResGlobalInfo></HotelReservation>"""


def bare_cancel(number: str = "RES-1", hour: int = 12) -> str:
    return f"""<HotelReservation ResStatus="Cancel" LastModifyDateTime="2026-11-20T{hour}:30:00Z">
      <UniqueID Type="14" ID="{number}"/><ResGlobalInfo><BasicPropertyInfo HotelCode="10107"/></ResGlobalInfo>
      </HotelReservation>"""


def request(*reservations: str, name: str = "OTA_HotelResNotifRQ") -> str:
    return f"""<?xml version="1.0"?><{name} xmlns="http://www.opentravel.org/OTA/2003/05" Version="1.0"
      EchoToken="echo-7" TimeStamp="2026-11-20T10:00:00Z"><POS><Source><RequestorID Type="22" ID="SITEMINDER"/>
      <BookingChannel Type="7"><CompanyName Code="BDC">Booking.com</CompanyName></BookingChannel></Source></POS>
      <HotelReservations>{"".join(reservations)}</HotelReservations></{name}>"""


class Door(Desk):
    def post(self, body: str | bytes, secret: str | None = None, user: Any = None) -> TestResponse:
        pair = f"{user or self.id}:{self.secret if secret is None else secret}"
        basic = {"Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}"}
        return self.client.post(f"/ota/{self.id}", data=body, content_type="text/xml", headers=basic)


def open_door(database: Database) -> Door:
    add_properties(database)
    return Door(database, SystemKind.OTA_XML, "", {}, {"10107": "LIS"})


@pytest.fixture
def door(make_database: MakeDatabase) -> Door:
    return open_door(make_database("segments"))


def everything(database: Database) -> str:
    """All that stands in any table, as text."""
    with database.transaction() as tx:
        names = tx.execute("select tablename from pg_tables where schemaname = 'public' order by 1").fetchall()
        return " ".join(str(tx.execute(f"select * from {name}").fetchall()) for (name,) in names)


def test_a_reservation_is_read_and_answered_with_success(door: Door) -> None:
    answer = door.post(request(reservation(more=PAYMENT)))
    assert answer.status_code == 200 and answer.content_type == "text/xml; charset=utf-8"
    assert re.search(r'<OTA_HotelResNotifRS xmlns="[^"]+" .*EchoToken="echo-7"><Success/></OTA', answer.text)
    assert door.state() == ([
        ("RES-1", "LIS", "booked", date(2026, 11, 20), date(2026, 12, 1), date(2026, 12, 4), None, None, None,
         Decimal("250.5000"), "EUR", 2, 1, "Booking.com", "DBL", "BAR", "Rita", "Cantu", None, "pt", "PT"),
    ], [("email", "express")])  # fmt: skip
    assert door.all("select count(*)::int from contact_point") == [(2,)]  # the agency's is nobody's


def test_it_is_the_same_in_a_soap_envelope_with_its_own_credentials(door: Door) -> None:
    def enveloped(password: str) -> str:
        pair = f"<wsse:Username>{door.id}</wsse:Username><wsse:Password>{password}</wsse:Password>"
        token = f"<wsse:UsernameToken>{pair}</wsse:UsernameToken>"
        names = 'xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" xmlns:wsse="urn:wsse"'
        inner = request(reservation()).partition("?>")[2]
        head = f"<s:Header><wsse:Security>{token}</wsse:Security></s:Header>"
        return f"<s:Envelope {names}>{head}<s:Body>{inner}</s:Body></s:Envelope>"

    assert door.client.post(f"/ota/{door.id}", data=enveloped("wrong")).status_code == 401
    answer = door.client.post(f"/ota/{door.id}", data=enveloped(door.secret))
    assert (
        answer.status_code == 200 and "<soap:Body><OTA_HotelResNotifRS" in answer.text and "<Success/>" in answer.text
    )
    assert len(door.state()[0]) == 1


def test_strangers_are_refused(door: Door) -> None:
    assert door.post(request(reservation()), secret="x").status_code == 401
    assert door.post(request(reservation()), user="somebody").status_code == 401
    assert door.client.post(f"/ota/{door.id}", data=request(reservation())).status_code == 401
    assert door.state()[0] == []


def test_card_numbers_stop_at_the_door(door: Door, capfd: pytest.CaptureFixture[str]) -> None:
    """Neither where they belong nor where somebody wrote them: in no table, no log and no answer."""
    astray = GUEST.replace("Rita", CARD).replace("Cantu", f"Cantu {MASTER}").replace("Ms", CARD)
    kinds = (
        reservation(more=PAYMENT),
        reservation("RES-2", more=PAYMENT, guest=astray),
        reservation("RES-3", more=PAYMENT, end="2026-11-01"),
        reservation("RES-4", more=PAYMENT, status="Dreamt").replace("SPRING", CARD).replace("DBL", CARD),
        reservation("RES-5").replace("late arrival", f"card {CARD}").replace('"BAR"', f'"{CARD}"'),
    )
    with structlog.testing.capture_logs() as logs:
        answers = [door.post(request(one)) for one in kinds]
        answers.append(door.post(request(reservation(more=PAYMENT)) + "<broken"))
        answers.append(door.post(f"<x>{PAYMENT}</x>"))
    told = "".join(answer.text for answer in answers) + str(logs) + "".join(capfd.readouterr())
    kept = everything(door.database)
    for number in (CARD, MASTER, MASTER.replace(" ", ""), "737"):
        assert number not in told
        assert number not in kept or number == "737"
    assert len(door.state()[0]) == 3


LAUGHS = """<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">
<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><OTA_HotelResNotifRQ>&c;</OTA_HotelResNotifRQ>"""
FILE = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]><OTA_HotelResNotifRQ>&f;</OTA_HotelResNotifRQ>'
OUTSIDE = '<!DOCTYPE x SYSTEM "http://127.0.0.1:1/x.dtd"><OTA_HotelResNotifRQ/>'


@pytest.mark.parametrize("bomb", [LAUGHS, FILE, OUTSIDE])
def test_bombs_are_refused_and_said_why(door: Door, bomb: str) -> None:
    answer = door.post(bomb)
    assert answer.status_code == 400
    assert "A document with a DTD or entities is not read." in answer.text and "root:" not in answer.text


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"", "no well-formed XML"),
        (b"\xff\xfe\x00", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><x/>', "no well-formed XML"),
        (b"<x/>", "is expected"),
        (b"<a>" * 9_000 + b"</a>" * 9_000, ""),
        (b"<r>" + b"<a/>" * 15_000 + b"</r>", ""),
    ],
)
def test_what_is_no_message_is_refused(door: Door, body: bytes, said: str) -> None:
    answer = door.post(body)
    assert answer.status_code in (400, 413) and said in answer.text


def test_fifty_megabytes_are_refused_unread(door: Door) -> None:
    from tests.web import claims

    answer = claims(door.client, f"/ota/{door.id}", 50 * 1024 * 1024, "text/xml")
    assert answer.status_code == 413


def test_what_cannot_be_read_is_answered_by_its_number_and_the_others_are_taken(door: Door) -> None:
    bad = (
        reservation("BAD-1", status="Dreamt"),
        reservation("BAD-2", end="2026-11-25"),
        reservation("BAD-3").replace("10107", "999"),
        reservation("BAD-4").replace('Start="2026-12-01"', 'Start="soon"'),
    )
    answer = door.post(request(*bad, reservation("GOOD")))
    errors = dict(re.findall(r'<Error [^>]*RecordID="([^"]+)">([^<]+)</Error>', answer.text))
    assert errors == {
        "BAD-1": "@ResStatus",
        "BAD-2": "departure: before the arrival",
        "BAD-3": "HotelCode 999 is not connected",
        "BAD-4": "TimeSpan/@Start",
    }
    assert "<Success/>" not in answer.text
    assert [row[0] for row in door.state()[0]] == ["GOOD"]
    unread = {"unread:@ResStatus": 1, "unread:departure: before the arrival": 1, "unread:TimeSpan/@Start": 1}
    assert door.all("select left_out from system_connection") == [({"hotel:999": 1, **unread},)]


def test_what_a_message_says_nothing_of_is_counted_once_a_reservation(door: Door) -> None:
    nameless = re.sub("<PersonName>.*</PersonName>", "", GUEST, flags=re.DOTALL)
    unreachable = re.sub("<Telephone.*</Email>", "", GUEST, flags=re.DOTALL)
    silent = reservation("C").replace('CreateDateTime="2026-11-20T09:00:00Z"', "").replace("EUR", "???")
    told = request(
        reservation("A", guest=""), reservation("B", guest=nameless), silent, reservation("D", guest=unreachable)
    )
    for _ in range(2):
        assert "<Success/>" in door.post(told).text
    door.post(request(reservation("A", changed=1, guest="")))
    assert door.all("select left_out from system_connection") == [
        ({"untold:guest": 1, "untold:name": 1, "untold:booked_on": 1, "untold:money": 1, "untold:contact": 1},)
    ]
    page = words(browser(SERVICE.build_web, Config(), door.database, ADA).get(f"/segments/systems/{door.id}"))
    assert "Taken, though something was not told 1 reservation came without a guest" in page
    assert "1 reservation came without the day of booking: that of arrival counts as it" in page


def test_several_rooms_are_one_stay_and_money_without_a_point_is_read_as_it_says(door: Door) -> None:
    total = '<Total AmountAfterTax="50100" DecimalPlaces="2" CurrencyCode="EUR"/>'
    door.post(request(reservation("A", rooms=2), reservation("B", more=total)))
    assert door.all("select reservation, revenue, adults, children from stay order by 1") == [
        ("A", Decimal("501.0000"), 4, 2),
        ("B", Decimal("501.0000"), 2, 1),
    ]


def test_a_message_without_a_guest_is_a_stay_of_nobody_known(door: Door) -> None:
    assert "<Success/>" in door.post(request(reservation(guest=""))).text
    assert [row[0] for row in door.state()[0]] == ["RES-1"]


def test_a_cancellation_by_number_alone_may_be_the_first_that_is_heard(door: Door) -> None:
    answer = door.post(request(bare_cancel()))
    assert "<Success/>" in answer.text and "is not known yet" in answer.text
    door.post(request(reservation()))
    assert [row[2] for row in door.state()[0]] == ["cancelled"]
    door.post(request(reservation(changed=5, status="Commit")))  # it stands again, after the cancellation
    assert [row[2] for row in door.state()[0]] == ["booked"]


STORY = (
    reservation(),
    reservation(status="Modify", changed=1, end="2026-12-06", rooms=2),
    reservation(status="Modify", changed=2, end="2026-12-05"),
    bare_cancel(),
)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(seed=some.integers(0, 10_000), ends=some.integers(1, 4))
def test_any_order_of_three_deliveries_ends_in_the_same_state(
    make_database: MakeDatabase, seed: int, ends: int
) -> None:
    states = []
    for replayed in (False, True):
        door = open_door(make_database("segments"))
        order = list(STORY[:ends]) * (3 if replayed else 1)
        if replayed:
            random.Random(seed).shuffle(order)
        for one in order:
            assert "<Success/>" in door.post(request(one)).text
        ((*stay,),) = door.state()[0]
        states.append([*stay[:8], *stay[9:]])  # when it ended: as told, or when that was heard
    assert states[0] == states[1]
    assert states[0][2] == ("cancelled" if ends == 4 else "booked")


def test_the_same_message_again_changes_nothing(door: Door) -> None:
    """It is news of its hotel all the same."""
    told = "select count(*)::int from outbox where type not in ('property.heard.v1', 'feed.heard.v1')"
    door.post(request(reservation()))
    before = door.all("select version from stay"), door.all(told)
    door.post(request(reservation()))
    assert (door.all("select version from stay"), door.all(told)) == before
