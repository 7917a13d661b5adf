"""WhatsApp: approved templates at any time, free words within a day after the guest wrote, its own consent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.messaging.channels.sender import LookupOutcome, LookupRequest
from services.messaging.channels.twilio.codes import REASONS, came_back
from services.messaging.channels.twilio.sender import TwilioSettings
from services.messaging.channels.whatsapp.approved import ContentAccount, NotTold, Told
from services.messaging.channels.whatsapp.sender import WhatsAppSender
from services.messaging.channels.whatsapp.text import WhatsAppText
from services.messaging.config import Config
from services.messaging.library.advice import advice
from services.messaging.library.checks import check, sample_values
from services.messaging.library.documents import read_template
from services.messaging.library.rendering import prepared
from services.messaging.service import SERVICE
from services.messaging.store.templates.drafts import draft
from services.messaging.wording.names import Person
from services.messaging.wording.piece import Approved
from services.messaging.wording.sandbox import MissingValue
from shared.errors import InputError, Problem
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.cast import MARTA
from tests.conftest import MakeDatabase
from tests.loopback import PATIENCE
from tests.messaging.outgoing import text
from tests.messaging.pages_cast import house
from tests.messaging.twilio_server import ACCOUNT, TOKEN, Twilio, twilio
from tests.web import browser, words

SID = "HX" + "0a" * 16
NUMBER = "+351920000001"
FILLED = Approved(SID, {"1": "Ana", "2": "Casa Alfama"})


@pytest.fixture
def server() -> Iterator[Twilio]:
    with twilio() as running:
        yield running


def sender(server: Twilio, name: str = "+15005550006") -> WhatsAppSender:
    return WhatsAppSender(TwilioSettings(ACCOUNT, TOKEN, name, address=server.address, timeout=PATIENCE))


def whatsapp(number: int = 1, **changes: Any) -> Any:
    return text(number, channel="whatsapp", **changes)


def test_an_approved_template_is_asked_for_by_its_sid_and_free_words_as_they_stand(server: Twilio) -> None:
    answers = sender(server).send([whatsapp(text="Good day", approved=FILLED), whatsapp(2, text="Good\nday")])
    assert [one.state for one in answers] == [MessageState.SENT] * 2
    by_number = {one["To"]: one for one in server.requests}
    assert by_number[f"whatsapp:{NUMBER}"] == {
        "To": f"whatsapp:{NUMBER}",
        "From": "whatsapp:+15005550006",
        "ContentSid": SID,
        "ContentVariables": json.dumps({"1": "Ana", "2": "Casa Alfama"}),
    }
    assert by_number["whatsapp:+351920000002"]["Body"] == "Good\nday"


def test_a_messaging_service_is_named_as_it_is(server: Twilio) -> None:
    service = "MG" + "1" * 32
    sender(server, service).send([whatsapp(approved=FILLED)])
    assert server.requests[0]["MessagingServiceSid"] == service and "From" not in server.requests[0]


@pytest.mark.parametrize(
    ("to", "reason"), [("+15005556016", Reason.WINDOW_CLOSED), ("+15005556024", Reason.BAD_ADDRESS)]
)
def test_a_refusal_is_final_and_says_why(server: Twilio, to: str, reason: Reason) -> None:
    (answer,) = sender(server).send([whatsapp(to=to)])
    assert (answer.state, answer.reason, answer.again) == (MessageState.FAILED, reason, False)


def test_a_lost_answer_is_found_in_the_list_of_its_own_channel(server: Twilio) -> None:
    """Unknown, and never sent again blindly; a text message to the same number is not taken for it."""
    at = server.at - timedelta(minutes=1)
    server.take({"To": NUMBER, "From": "+15005550006", "Body": "Good day"})
    asked = LookupRequest(message_id=whatsapp().message_id, to=NUMBER, text="Good day", since=at)
    assert sender(server).find(asked).trace is LookupOutcome.NONE
    made = server.take({"To": f"whatsapp:{NUMBER}", "From": "whatsapp:+15005550006", "Body": "Good day"})
    found = sender(server).find(asked)
    assert (found.trace, found.provider_ref) == (LookupOutcome.FOUND, made["sid"])


@pytest.mark.parametrize(
    ("code", "reason"),
    [(63016, Reason.WINDOW_CLOSED), (63003, Reason.BAD_ADDRESS), (63024, Reason.BAD_ADDRESS), (63049, Reason.POLICY),
     (63041, Reason.CONTENT), (63018, Reason.TEMPORARY), (63007, Reason.SET_UP), (63014, Reason.OPTED_OUT),
     (63999, Reason.RETURNED)],
)  # fmt: skip
def test_what_whatsapps_codes_ask_of_us(code: int, reason: Reason) -> None:
    assert came_back(code) is reason and (code in REASONS) == (reason is not Reason.RETURNED)


def document(part: dict[str, Any], purpose: str = "stay_service") -> dict[str, Any]:
    return {"key": "hello", "name": "Hello", "purpose": purpose, "locales": {"en": {"whatsapp": part}}}


APPROVED_PART = {
    "content": SID,
    "text": "{{1}}, welcome to {{2}}. Reply STOP to hear no more.\n[See you soon]",
    "variables": ["{{ guest.greeting }}", "{{ property.name }}"],
}


PREPARED_PART = {name: APPROVED_PART[name] for name in ("text", "variables")}


def problems(part: dict[str, Any], purpose: str = "stay_service") -> dict[str, str]:
    try:
        check(read_template(document(part, purpose), version=1))
    except InputError as error:
        return {place: word.code if isinstance(word, Problem) else word for place, word in error.problems.items()}
    return {}


@pytest.mark.parametrize(
    ("part", "purpose", "wrong"),
    [
        (APPROVED_PART, "marketing", {}),
        ({"text": "{{ guest.greeting }}, come and see us."}, "marketing", {}),
        ({**APPROVED_PART, "content": "HX12"}, "marketing", {"content": "content_sid"}),
        ({**APPROVED_PART, "variables": ["{{ guest.greeting }}"]}, "marketing", {"variables": "variables"}),
        ({**APPROVED_PART, "variables": ["a", ""]}, "marketing", {"variables/1": "needed"}),
        ({**APPROVED_PART, "text": "{{ guest.name }}"}, "marketing", {"text": "only_numbers"}),
        ({**APPROVED_PART, "text": "{{1}}: {{3}}"}, "marketing", {"variables": "variables"}),
        ({**APPROVED_PART, "text": "{{1}}, come to {{2}}."}, "marketing", {"text": "no_way_out"}),
        ({**APPROVED_PART, "text": "{{1}}, come to {{2}}."}, "stay_service", {}),
        ({**APPROVED_PART, "variables": ["{{ guest.first_name }}", "x"]}, "marketing", {"": "not_for_all"}),
        ({"text": "Good day", "variables": ["x"]}, "marketing", {"variables": "no_places"}),
        (PREPARED_PART, "marketing", {}),
        ({**PREPARED_PART, "variables": ["x"]}, "marketing", {"variables": "variables"}),
        ({"text": "{{1}}, come to {{2}}."}, "marketing", {"variables": "variables"}),
        ({**PREPARED_PART, "text": "{{1}}, come to {{2}}."}, "marketing", {"text": "no_way_out"}),
        ({**APPROVED_PART, "variables": ["{{ stay.arrival }}", "x"]}, "marketing", {"variables/0": "telling"}),
    ],
)
def test_what_is_checked_before_it_is_published(part: dict[str, Any], purpose: str, wrong: dict[str, str]) -> None:
    start = "/locales/en/whatsapp"
    assert problems(part, purpose) == {f"{start}/{place}".rstrip("/"): code for place, code in wrong.items()}


def test_what_a_guest_reads_is_what_fills_the_approved_text() -> None:
    ready = prepared(read_template(document(APPROVED_PART), version=1), "en", "whatsapp")
    rendered = ready.render(sample_values(Person("Ana", "Silva", None), "en"))
    assert rendered.text.startswith("Dear Ana Silva, welcome to Hotel Example by the River. Reply STOP")
    assert rendered.approved is not None and rendered.approved.variables["2"] == "Hotel Example by the River"
    assert not ready.needs_window


def test_a_text_that_is_not_approved_yet_goes_filled_in_and_only_to_who_wrote_lately() -> None:
    ready = prepared(read_template(document(PREPARED_PART, "marketing"), version=1), "en", "whatsapp")
    rendered = ready.render(sample_values(Person("Ana", "Silva", None), "en"))
    assert rendered.text.startswith("Dear Ana Silva, welcome to Hotel Example by the River. Reply STOP")
    assert rendered.approved is None and ready.needs_window


@pytest.mark.parametrize(
    ("text", "told"),
    [("{{1}}, come to {{2}}. STOP", True), ("Come to {{1}}: {{2}}.", True), ("Dear {{1}}, come to {{2}}. STOP", False)],
)
def test_a_text_that_would_not_be_approved_is_worth_a_look(text: str, told: bool) -> None:
    part = {"text": text, "variables": ["a", "b"]}
    found = advice(read_template(document(part), version=1))
    assert [problem.code for problem in found.values()] == ["edge"] * told
    assert not advice(read_template(document({**part, "content": SID}), version=1))


def test_another_language_may_do_without_a_text_that_is_not_approved() -> None:
    without: dict[str, Any] = {
        "en": {"whatsapp": PREPARED_PART, "sms": {"text": "Good day."}},
        "de": {"sms": {"text": "Guten Tag."}},
    }
    of = {**document(PREPARED_PART), "locales": without}
    check(read_template(of, version=1))
    of["locales"] = {**without, "en": {**without["en"], "whatsapp": APPROVED_PART}}
    with pytest.raises(InputError, match="cannot be published") as refused:
        check(read_template(of, version=1))
    assert list(refused.value.problems) == ["/locales/de"]


def test_a_marketer_sends_the_texts_in_for_approval_and_pastes_what_comes_back(make_database: MakeDatabase) -> None:
    hotel = house(make_database("messaging"))
    marta = browser(SERVICE.build_web, Config(), hotel.database, MARTA)
    page = "/messaging/templates/win-back"
    assert "not approved yet Texts to send in for approval" in words(marta.get(page))
    shown = words(marta.get(f"{page}/whatsapp-texts"))
    assert "Name win_back_zh_cn Language zh_CN Category Marketing" in shown
    assert "Example for {{1}} Hotel Example by the River" in shown
    assert "It has been a while since you were last with us at {{1}}, and we would love to see you again." in shown
    typed = {"name": "Win back", "subject": "A word", "body": "Hello.", "language": "en", "draft_version": 1}
    typed |= {"whatsapp": "Come back to {{1}}. Reply STOP to hear no more.", "variables": "{{ property.name }}"}
    marta.get(f"{page}/edit")
    marta.post(f"{page}/edit", {**typed, "content": SID})
    assert f"English approved Name win_back_en Language en Category Marketing ContentSid {SID}" in words(
        marta.get(f"{page}/whatsapp-texts")
    )


def test_an_empty_variable_is_never_sent() -> None:
    part = {**APPROVED_PART, "variables": ["{% if guest.title %}{{ guest.title }}{% endif %}", "x"]}
    ready = prepared(read_template(document(part), version=1), "en", "whatsapp")
    with pytest.raises(MissingValue):
        ready.render(sample_values(Person("Ana", "Silva", None), "en"))


def test_free_words_keep_their_lines_and_say_how_to_hear_no_more() -> None:
    part = {"text": "Good day, {{ guest.name }}.\n\n\n\nhttps://hotel.example/spa"}
    ready = prepared(read_template(document(part, "marketing"), version=1), "en", "whatsapp")
    rendered = ready.render(sample_values(Person("Ana", "Silva", None), "en"), tracked=lambda n: f"https://go/l/{n}")
    assert rendered.text == "Good day, Ana Silva.\n\nhttps://go/l/1\n\nReply STOP to hear no more."
    assert rendered.approved is None and ready.needs_window


@pytest.mark.parametrize("part", [APPROVED_PART, {"text": "Good day.\nWelcome."}])
def test_the_editors_fields_make_the_same_part_again(part: dict[str, Any]) -> None:
    kind = WhatsAppText()
    assert kind.part(kind.typed(part)) == part
    assert kind.part({"whatsapp": " ", "content": "", "variables": "\n"}) is None


def test_the_approved_text_is_told_by_twilio(server: Twilio) -> None:
    types = {"twilio/quick-reply": {"body": "{{1}}, welcome.", "actions": [{"title": "Stop", "id": "stop"}]}}
    server.contents[SID] = {"types": types, "status": "approved"}
    account = ContentAccount(ACCOUNT, TOKEN, server.address)
    assert account.tell(SID) == Told("{{1}}, welcome.\n[Stop]", 1, "approved")
    for asked in (ContentAccount(ACCOUNT, "another", server.address), account):
        with pytest.raises(NotTold):
            asked.tell("HX" + "1" * 32)
    with pytest.raises(NotTold):
        account.tell("../Accounts")


def test_a_marketer_fetches_the_approved_text_into_the_draft(server: Twilio, make_database: MakeDatabase) -> None:
    server.contents[SID] = {"types": {"twilio/text": {"body": "{{1}}: {{2}}. STOP"}}, "status": "pending"}
    hotel = house(make_database("messaging"))
    config = Config(twilio_account=ACCOUNT, twilio_token=TOKEN, content_address=server.address)
    marta = browser(SERVICE.build_web, config, hotel.database, MARTA)
    page = "/messaging/templates/birthday/edit"
    marta.get(page)
    typed = {"name": "Hello", "subject": "A word", "body": "Hello.", "language": "en", "draft_version": 1}
    typed |= {"content": SID, "variables": "{{ guest.greeting }}\nx\ny"}
    shown = words(marta.post(f"{page}/approved-text", typed))
    assert "WhatsApp has not approved it: pending" in shown
    with hotel.database.transaction() as tx:
        found = draft(tx, "birthday")
    assert found is not None and found.document["locales"]["en"]["whatsapp"] == {
        "content": SID,
        "text": "{{1}}: {{2}}. STOP",
        "variables": ["{{ guest.greeting }}", "x"],
    }
    again = words(marta.post(f"{page}/approved-text", {**typed, "draft_version": 2, "content": "HX" + "1" * 32}))
    assert "Twilio did not tell the text" in again
