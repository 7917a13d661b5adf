"""Signing up by a page: who becomes a guest, who is known, what waits for people, and what the page never tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from werkzeug.test import TestResponse

from services.segments.clock import SignUps
from services.segments.commands.reservations.book import book
from services.segments.config import Config
from services.segments.consumer import SUBSCRIPTIONS
from services.segments.queries.published import guest_states
from services.segments.rules import sign_ups as rules
from services.segments.service import SERVICE
from services.segments.shipped.sign_up import sign_up_texts
from shared.database.pool import Database
from shared.personal_data.erase import erase_rows
from shared.web.app import FOLDER
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from tests.cast import ANTON, FILIPA, MARTA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.harness import ServiceHarness
from tests.segments.rows import MORNING, add_properties, row, rows_of
from tests.segments.test_heard import hear, lisbon
from tests.web import Browser, browser, words

RITA = {"given_name": "Rita", "family_name": "Cantu", "email": "rita@example.com", "email-marketing": "1"}
OWN = {"privacy": "https://tejo.example/privacy", "imprint": "Casa do Tejo, Lda. · Rua 1, Lisboa"}
FORMS = "/segments/sign-ups"
SAID = sign_up_texts()["en"]["own"]["email-marketing"]


class Segments(ServiceHarness):
    subscriptions = SUBSCRIPTIONS


def console(database: Database, who: Member = MARTA) -> Browser:
    return browser(SERVICE.build_web, Config(), database, who)


def stranger(database: Database) -> Browser:
    return browser(SERVICE.build_web, Config(), database, None)


def typed_form(
    more: Mapping[str, str] | None = None,
    *,
    code: str = "lisboa",
    hotel: str = "LIS",
    tags: tuple[str, ...] = ("en", "zh-Hans"),
) -> dict[str, str]:
    found = {"code": code, "name": "Front desk", "property": hotel, "asks_birth_date": "1", "box.email-marketing": "1"}
    found["box.sms-marketing"] = "1"
    for tag in tags:
        own = {**sign_up_texts()[tag]["own"], **OWN}
        found |= {f"{tag}.offered": "1", **{f"{tag}.{part}": text for part, text in own.items()}}
    return {**found, **(more or {})}


def make_form(database: Database, who: Member = MARTA, *, publish: bool = True, **more: Any) -> None:
    reader = console(database, who)
    reader.get(f"{FORMS}/new")
    form = typed_form(**more)
    assert "The form is a draft" in words(reader.post(f"{FORMS}/new", form))
    if publish:
        assert "Guests can sign up now." in words(reader.post(f"{FORMS}/{form['code']}/publication"))


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    make_form(database)
    return database


def key_of(page: TestResponse) -> str:
    found = re.search(r'name="key" value="([^"]+)"', page.get_data(as_text=True))
    assert found
    return found[1]


def sign_up(database: Database, code: str = "lisboa", tag: str = "en", **typed: str) -> TestResponse:
    phone = stranger(database)
    key = key_of(phone.get(f"/join/{code}?in={tag}"))
    return phone.post(f"/join/{code}?in={tag}", {"key": key, **RITA, **typed})


def take_over(database: Database, **config: Any) -> int:
    clock, taken = SignUps(database, Config(**config)), 0
    while clock.next_due():
        taken += clock.step(NOW)
    return taken


def signed_up(database: Database) -> list[dict[str, Any]]:
    return Segments(database).published("guest.signed_up.v1")


def test_somebody_unknown_becomes_a_guest_without_a_stay_and_their_words_travel(segments: Database) -> None:
    page = sign_up(segments, language="x", birth_date="1980-05-04")
    assert page.status_code == 200 and "Thank you." in words(page)
    assert take_over(segments) == 1
    names = [name for name, _, _ in Segments(segments).outbox() if name.startswith("guest.")]
    assert names == ["guest.changed.v1", "guest.signed_up.v1"]
    (guest,) = Segments(segments).published("guest.changed.v1")
    assert (guest["given_name"], guest["home_property"], guest["language"]) == ("Rita", "LIS", "en")
    assert guest["birth_date"] == "1980-05-04"
    (said,) = signed_up(segments)
    assert (said["form"], said["form_version"], said["property"], said["is_new"]) == ("lisboa", 1, "LIS", True)
    assert said["guest_id"] == guest["guest_id"] and said["zone"] == "Europe/Lisbon"
    (box,) = said["boxes"]
    assert (box["channel"], box["purpose"], box["words"]) == ("email", "marketing", SAID)
    assert box["point"] == guest["points"][0]["point"] and not box["must_confirm"]
    kept = rows_of(segments, "select state, given_name, email_sealed, birth_date, network from sign_up")
    assert kept == [("taken", "", None, None, "")]
    story = words(console(segments, FILIPA).get(f"/segments/guests/{guest['guest_id']}"))
    assert "signed up by the form lisboa, version 1" in story


def test_a_box_of_whatsapp_is_of_the_number_that_was_typed_and_of_no_other_channel(segments: Database) -> None:
    make_form(segments, code="quay", more={"box.whatsapp-marketing": "1"})
    sign_up(segments, "quay", phone="+351 912 345 679", **{"whatsapp-marketing": "1"})
    take_over(segments)
    (said,), (guest,) = signed_up(segments), Segments(segments).published("guest.changed.v1")
    (number,) = (point["point"] for point in guest["points"] if point["channel"] == "sms")
    assert [(box["channel"], box["point"] == number) for box in said["boxes"]] == [("email", False), ("whatsapp", True)]


def test_the_same_form_sent_twice_is_one_sign_up(segments: Database) -> None:
    phone = stranger(segments)
    key = key_of(phone.get("/join/lisboa"))
    for _ in range(3):
        assert "Thank you." in words(phone.post("/join/lisboa?in=en", {"key": key, **RITA}))
    assert take_over(segments) == 1
    assert len(signed_up(segments)) == 1
    phone.post("/join/lisboa?in=en", {"key": key, **RITA, "given_name": "Rosa", "email": "rosa@example.com"})
    assert take_over(segments) == 1, "the next one at the same screen is somebody else"


def test_a_guest_known_by_the_address_alone_is_who_signs_up_and_the_name_waits_for_people(segments: Database) -> None:
    sign_up(segments)
    take_over(segments)
    with segments.transaction() as tx:  # as a list of addresses makes a guest
        tx.execute("update guest set given_name = '', family_name = ''")
    sign_up(segments)
    take_over(segments)
    assert rows_of(segments, "select count(*) from guest") == [(1,)]
    assert "Rita Cantu" in words(console(segments).get("/segments/sign-ups/differences"))


def test_who_signs_up_again_stays_one_guest(segments: Database) -> None:
    for _ in range(2):
        sign_up(segments)
    assert take_over(segments) == 2
    assert rows_of(segments, "select count(*) from guest") == [(1,)]
    first, second = signed_up(segments)
    assert (first["is_new"], second["is_new"]) == (True, False)
    assert first["guest_id"] == second["guest_id"]


def known(database: Database, **more: Any) -> UUID:
    with database.transaction() as tx:
        book(tx, [row(1, email="rita@example.com", **more)], MORNING)
    ((found,),) = rows_of(database, "select id from guest")
    assert isinstance(found, UUID)
    return found


def test_a_known_guest_is_not_overwritten_and_what_differs_waits_for_people(segments: Database) -> None:
    guest = known(segments, phone="+351912345678", birth_date=date(1980, 5, 4))
    sign_up(segments, birth_date="1980-05-05", phone="+351 912 345 679", **{"sms-marketing": "1"})
    take_over(segments)
    assert rows_of(segments, "select given_name, birth_date from guest") == [("Rita", date(1980, 5, 4))]
    (said,) = signed_up(segments)
    assert said["guest_id"] == str(guest) and [box["channel"] for box in said["boxes"]] == ["email"]
    page = words(console(segments, FILIPA).get(f"{FORMS}/differences"))
    assert "birth date 1980-05-05" in page or "May 5, 1980" in page or "5 May 1980" in page, page
    assert "+351912345679" in page and "offers by text message" in page


def settle(database: Database, who: Member, **values: str) -> TestResponse:
    ((number,),) = rows_of(database, "select id from sign_up")
    reader = console(database, who)
    reader.get(f"{FORMS}/differences")
    return reader.post(f"{FORMS}/differences/{number}", values)


def test_what_the_desk_takes_over_is_a_correction_by_hand_and_its_boxes_count(segments: Database) -> None:
    guest = known(segments, phone="+351912345678")
    sign_up(segments, birth_date="1980-05-05", phone="+351 912 345 679", **{"sms-marketing": "1"})
    take_over(segments)
    for _ in range(2):
        settle(segments, FILIPA, take="1")
    assert rows_of(segments, "select birth_date, heard is not null from guest") == [(date(1980, 5, 5), True)]
    with segments.transaction() as tx:
        (state,) = guest_states(tx, [guest], NOW)
    assert sorted(point.channel for point in state.points) == ["email", "sms", "sms"]
    first, second = signed_up(segments)
    assert [box["channel"] for box in second["boxes"]] == ["sms"] and (first["version"], second["version"]) == (1, 2)
    assert rows_of(segments, "select state, phone_sealed, settled_by from sign_up") == [
        ("settled", None, "Filipa Faria")
    ]


def test_what_the_desk_leaves_changes_nothing_and_is_forgotten(segments: Database) -> None:
    known(segments)
    sign_up(segments, birth_date="1980-05-05")
    take_over(segments)
    settle(segments, FILIPA)
    assert rows_of(segments, "select birth_date from guest") == [(None,)]
    assert rows_of(segments, "select state, birth_date from sign_up") == [("settled", None)]
    assert len(signed_up(segments)) == 1


def test_another_hotels_colleague_neither_sees_nor_decides(segments: Database) -> None:
    known(segments)
    sign_up(segments, birth_date="1980-05-05")
    take_over(segments)
    assert "Nothing to decide" in words(console(segments, WEI).get(f"{FORMS}/differences"))
    assert settle(segments, WEI, take="1").status_code == 404
    assert rows_of(segments, "select state from sign_up") == [("differs",)]


def test_another_name_on_a_known_address_is_another_guest(segments: Database) -> None:
    known(segments)
    sign_up(segments, given_name="Bruno", family_name="Lopes")
    take_over(segments)
    assert rows_of(segments, "select count(*) from guest") == [(2,)]
    (said,) = signed_up(segments)
    assert said["is_new"]


def test_a_name_and_birth_date_alone_hand_nobodys_address_to_a_guest(segments: Database) -> None:
    known(segments, birth_date=date(1980, 5, 4))
    sign_up(segments, email="stranger@example.com", birth_date="1980-05-04")
    take_over(segments)
    assert rows_of(segments, "select count(*) from guest") == [(2,)]
    assert rows_of(segments, "select key from possible_duplicate") == [("name_birth",)]


def test_the_page_answers_the_same_whether_or_not_the_address_is_known(segments: Database) -> None:
    known(segments)
    answers = set()
    for address in ("rita@example.com", "joana@example.com"):
        phone = stranger(segments)
        key = key_of(phone.get("/join/lisboa?in=en"))
        response = phone.post("/join/lisboa?in=en", {"key": key, **RITA, "email": address}, follow=False)
        answers.add((response.status_code, response.headers["Location"], response.get_data()))
        assert "Set-Cookie" not in response.headers
    assert len(answers) == 1
    assert signed_up(segments) == [], "it is looked up later, by a role of its own"


def test_a_program_that_fills_every_field_is_thanked_and_not_kept(segments: Database) -> None:
    assert "Thank you." in words(sign_up(segments, website="https://spam.example"))
    assert rows_of(segments, "select count(*) from sign_up") == [(0,)]


WRONG = [
    ({"given_name": "", "family_name": " "}, "Your name is needed."),
    ({"email": "rita@"}, "This e-mail address cannot be used."),
    ({"email": "a@example.com, b@example.com"}, "This e-mail address cannot be used."),
    ({"email": ""}, "What you ticked needs your e-mail address."),
    ({"sms-marketing": "1"}, "What you ticked needs your mobile number."),
    ({"phone": "12"}, "This number cannot be used."),
    ({"birth_date": "4.5.80"}, "This date cannot be read"),
    ({"birth_date": "2012-01-01"}, "You need to be 16 or older"),
    ({"key": "x"}, "Please open the page again."),
]


@pytest.mark.parametrize(("typed", "said"), WRONG, ids=[said[:24] for _, said in WRONG])
def test_what_cannot_be_used_is_said_beside_its_field_and_nothing_is_kept(
    segments: Database, typed: dict[str, str], said: str
) -> None:
    page = sign_up(segments, **typed)
    assert page.status_code == 422 and said in words(page)
    assert 'value="Cantu"' in page.get_data(as_text=True) or "family_name" in typed
    assert rows_of(segments, "select count(*) from sign_up") == [(0,)]


def test_nothing_is_ticked_before_and_nothing_ticked_is_no_sign_up(segments: Database) -> None:
    phone = stranger(segments)
    page = phone.get("/join/lisboa?in=en")
    assert "checked" not in page.get_data(as_text=True)
    values = {name: text for name, text in RITA.items() if name != "email-marketing"}
    answer = phone.post("/join/lisboa?in=en", {"key": key_of(page), **values})
    assert answer.status_code == 422 and "Tick what you would like to receive." in words(answer)


def test_chinese_guests_read_sign_and_are_kept_in_chinese(segments: Database) -> None:
    page = words(stranger(segments).get("/join/lisboa", headers={"Accept-Language": "zh-CN,zh;q=0.9"}))
    assert "保持联系" in page and "Stay in touch" not in page
    sign_up(segments, tag="zh-Hans", given_name="伟", family_name="张")
    take_over(segments)
    (said,) = signed_up(segments)
    assert said["language"] == "zh-Hans"
    assert said["boxes"][0]["words"] == sign_up_texts()["zh-Hans"]["own"]["email-marketing"]


def test_a_second_hotels_form_makes_its_own_guest_and_numbers_are_read_there(segments: Database) -> None:
    make_form(segments, code="bund", hotel="SHA")
    sign_up(segments, "bund", phone="138 0013 8000", **{"sms-marketing": "1"})
    take_over(segments)
    (said,) = signed_up(segments)
    assert (said["property"], said["zone"]) == ("SHA", "Asia/Shanghai")
    (guest,) = Segments(segments).published("guest.changed.v1")
    assert guest["home_property"] == "SHA" and len(guest["points"]) == 2


def test_the_form_of_the_whole_house_belongs_to_no_hotel(segments: Database) -> None:
    make_form(segments, code="house", hotel="")
    sign_up(segments, "house")
    take_over(segments)
    (said,) = signed_up(segments)
    assert said["property"] is None
    (guest,) = Segments(segments).published("guest.changed.v1")
    assert guest["home_property"] is None


@pytest.mark.parametrize(
    ("hotel", "by_mail", "by_sms", "confirms"),
    [
        ("LIS", "CN", "CN", (False, False)),
        ("SHA", "CN", "", (True, False)),
        ("SHA", "", "CN", (False, True)),
        ("SHA", "CN", "CN", (True, True)),
    ],
)
def test_whether_it_must_be_confirmed_is_the_countrys_rule_for_each_channel(
    segments: Database, hotel: str, by_mail: str, by_sms: str, confirms: tuple[bool, bool]
) -> None:
    make_form(segments, code="other", hotel=hotel)
    sign_up(segments, "other", phone="+8613800138000", **{"sms-marketing": "1"})
    take_over(segments, double_opt_in=frozenset({by_mail}), double_opt_in_sms=frozenset({by_sms}))
    (said,) = signed_up(segments)
    found = {box["channel"]: box["must_confirm"] for box in said["boxes"]}
    assert (found["email"], found["sms"]) == confirms


def test_changed_words_are_a_new_version_and_a_consent_cites_the_one_that_was_read(segments: Database) -> None:
    page = stranger(segments)
    key = key_of(page.get("/join/lisboa?in=en"))
    page.post("/join/lisboa?in=en", {"key": key, **RITA})
    reader = console(segments)
    reader.get(f"{FORMS}/lisboa")
    new = typed_form({"version": "1", "en.email-marketing": "Yes to everything."})
    for _ in range(2):
        reader.post(f"{FORMS}/lisboa", new)
    take_over(segments)
    (said,) = signed_up(segments)
    assert (said["form_version"], said["boxes"][0]["words"]) == (1, SAID)
    versions = rows_of(segments, "select version from sign_up_wording order by version")
    assert versions == [(1,), (2,)], "saved twice is one version"
    assert "Version 1" in words(reader.get(f"{FORMS}/lisboa"))
    other = reader.post(f"{FORMS}/lisboa", typed_form({"version": "1", "en.title": "Hello"}))
    assert other.status_code == 409 and "Somebody reworded it meanwhile" in words(other)


def test_a_draft_and_a_withdrawn_form_take_nobody(segments: Database) -> None:
    make_form(segments, code="draft", publish=False)
    for code in ("draft", "nobodys"):
        closed = stranger(segments).get(f"/join/{code}?in=en")
        assert closed.status_code == 404 and "takes no sign-ups" in words(closed)
    phone = stranger(segments)
    key = key_of(phone.get("/join/lisboa"))
    reader = console(segments)
    reader.get(f"{FORMS}/lisboa")
    reader.post(f"{FORMS}/lisboa/withdrawal")
    assert phone.post("/join/lisboa?in=en", {"key": key, **RITA}).status_code == 404
    assert rows_of(segments, "select count(*) from sign_up") == [(0,)]


def test_the_page_and_its_sheet_wear_the_brand_of_their_hotel(segments: Database) -> None:
    brand: dict[str, Any] = {"names": {"zh-Hans": "里斯本特茹之家"}, "colour": "#1f4e79", "logo": "ab" * 32}
    hear(segments, replace(lisbon(9, "Europe/Lisbon"), code="LIS", **brand))
    there = "/join/lisboa?in=zh-Hans", f"{FORMS}/lisboa/sheet?in=zh-Hans"
    for page in (stranger(segments).get(there[0]), console(segments).get(there[1])):
        text = page.get_data(as_text=True)
        assert "里斯本特茹之家" in text and "--accent: #1f4e79" in text and f'src="/brand/{"ab" * 32}"' in text
    hear(segments, replace(lisbon(8, "Europe/Lisbon"), code="LIS"))
    assert "里斯本特茹之家" in words(stranger(segments).get("/join/lisboa?in=zh-Hans")), "what is older changes nothing"


def test_codes_and_a_sheet_by_language(segments: Database) -> None:
    reader = console(segments)
    svg = reader.get(f"{FORMS}/lisboa/qr.svg?in=zh-Hans")
    png = reader.client.get(f"{FORMS}/lisboa/qr.png")
    assert svg.content_type == "image/svg+xml" and b"<svg" in svg.get_data()
    assert png.get_data().startswith(b"\x89PNG")
    sheet = reader.get(f"{FORMS}/lisboa/sheet?in=zh-Hans")
    assert "/join/lisboa?in=zh-Hans" in words(sheet) and "保持联系" in words(sheet)
    assert b"<svg" in sheet.get_data()


def test_who_may_make_forms(segments: Database) -> None:
    for who in (FILIPA, ANTON, WEI):
        assert console(segments, who).get(FORMS).status_code == 403
    reader = console(segments)
    reader.get(f"{FORMS}/new")
    again = reader.post(f"{FORMS}/new", typed_form())
    assert again.status_code == 422 and "Another form has this address already." in words(again)
    for changed, said in (
        ({"code": "Ä b"}, "Small letters, digits and hyphens"),
        ({"en.privacy": "javascript:alert(1)"}, "The address of a page is needed"),
        ({"zh-Hans.email-marketing": ""}, "needed in every language that is offered"),
        ({"name": ""}, "A name of 80 characters"),
    ):
        answer = reader.post(f"{FORMS}/new", typed_form({"code": "other", **changed}))
        assert answer.status_code == 422 and said in words(answer)


@pytest.mark.parametrize("tag", GUEST_LANGUAGES)
def test_every_language_says_everything_in_30_kb(make_database: MakeDatabase, tag: str) -> None:
    def keys(texts: Any) -> Any:
        return {name: keys(value) for name, value in texts.items()} if isinstance(texts, dict) else bool(texts)

    assert keys(sign_up_texts()[tag]) == keys(sign_up_texts()["en"])
    database = make_database("segments")
    add_properties(database)
    make_form(database, tags=(tag,))
    page = stranger(database).get(f"/join/lisboa?in={tag}")
    body = page.get_data(as_text=True)
    sheets = sum((FOLDER / "static" / "css" / f"{name}.css").stat().st_size for name in ("tokens", "type", "guest"))
    assert len(body.encode()) + sheets < 30_000
    assert f'<html lang="{tag}">' in body and "<script" not in body
    assert "Set-Cookie" not in page.headers


def test_an_erased_guests_sign_up_goes_with_them(segments: Database) -> None:
    sign_up(segments)
    take_over(segments)
    (said,) = signed_up(segments)
    with segments.transaction() as tx:
        erase_rows(tx, SERVICE.personal_data, [UUID(said["guest_id"])])
    assert rows_of(segments, "select count(*) from sign_up") == [(0,)]


def sent(database: Database, at: datetime = NOW, network: str = "192.0.2.7", **typed: str) -> TestResponse:
    phone = browser(SERVICE.build_web, Config(), database, None, at=at)
    values = {"key": str(uuid4()), **RITA, **typed}
    return phone.post("/join/lisboa?in=en", values, follow=False,
                      environ_overrides={"REMOTE_ADDR": network})  # fmt: skip


def test_a_flood_from_one_network_is_held_without_a_gateway_and_for_a_while_only(
    segments: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_FROM_A_NETWORK", 3)
    answers = [sent(segments, email=f"g{n}@example.com") for n in range(3)]
    assert [one.status_code for one in answers] == [303] * 3
    held = sent(segments, email="g4@example.com", network="192.0.2.200")  # the same network
    assert held.status_code == 429 and 0 < int(held.headers["Retry-After"]) <= 600
    assert "Please send it again in a few minutes." in words(held) and "g4@example.com" in held.text, "nothing is lost"
    assert sent(segments, email="g5@example.com", network="198.51.100.1").status_code == 303
    assert sent(segments, NOW + rules.SPAN, email="g4@example.com").status_code == 303
    assert take_over(segments) == 5


def test_a_flood_from_everywhere_is_held_by_form(segments: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    make_form(segments, code="porto")
    monkeypatch.setattr(rules, "MOST_OF_A_FORM", 2)
    found = [sent(segments, email=f"g{n}@example.com", network=f"192.0.{n}.1").status_code for n in range(3)]
    assert found == [303, 303, 429]
    assert sign_up(segments, code="porto").status_code == 200, "another form is open"


def test_nobodys_mailbox_is_filled_and_no_answer_tells_it(segments: Database) -> None:
    """Somebody types a stranger's address again and again: each is answered as the first, five a day are kept."""
    answers = [sent(segments, given_name=f"Rita{n}") for n in range(rules.MOST_OF_A_POINT + 2)]
    assert {one.status_code for one in answers} == {303}
    assert len({one.headers["Location"] for one in answers}) == 1
    assert rows_of(segments, "select count(*) from sign_up") == [(rules.MOST_OF_A_POINT,)]
    assert sent(segments, email="other@example.com").status_code == 303
    assert sent(segments, NOW + timedelta(days=1, minutes=1)).status_code == 303
    assert rows_of(segments, "select count(*) from sign_up") == [(rules.MOST_OF_A_POINT + 2,)]


def test_whether_an_address_is_known_changes_no_answer_before_and_beyond_the_limit(
    segments: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rules, "MOST_FROM_A_NETWORK", 1)
    with segments.transaction() as tx:
        book(tx, [row(1, email="rita@example.com")], MORNING)
    told = []
    for network, address in (("192.0.2.1", "rita@example.com"), ("198.51.100.1", "anna@example.com")):
        for _ in range(2):
            answer = sent(segments, network=network, email=address)
            told.append((answer.status_code, key_free(answer).replace(address, "…")))
    assert told[:2] == told[2:]


def key_free(answer: TestResponse) -> str:
    return re.sub(r'name="key" value="[^"]+"', "", answer.get_data(as_text=True))
