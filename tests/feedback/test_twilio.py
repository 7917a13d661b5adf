"""Twilio hands in what guests answer by SMS: signed, delivered again, forged, in many words."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from twilio.request_validator import RequestValidator
from werkzeug.test import TestResponse

from services.feedback import api
from services.feedback.config import Config
from services.feedback.service import SERVICE
from shared.crypto.purposes import Sealing
from shared.web.config import WebConfig
from tests.cast import ANA, BEN
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, NUMBER, Feedback
from tests.web import Browser, browser, claims

TOKEN, ORIGIN, PATH = "12345-not-a-secret", "https://loop.example.com", "/feedback/twilio/incoming"
FORM = "application/x-www-form-urlencoded"
GSM = re.compile(r"[@£$¥èéùìòÇØøÅåÆæßÉ !\"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà\n\r_{}\[\]]*")


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA, language="en")
    return feedback


@pytest.fixture
def twilio(feedback: Feedback) -> Browser:
    return browser(SERVICE.build_web, Config(TOKEN), feedback.database, None, at=AT, web=WebConfig(ORIGIN, ORIGIN))


def told(twilio: Browser, body: str, sid: str = "SM1", *, token: str = TOKEN, **more: Any) -> TestResponse:
    form = {"MessageSid": sid, "AccountSid": "AC1", "From": NUMBER, "To": "+351910000900", "Body": body, **more}
    signature = RequestValidator(token).compute_signature(ORIGIN + PATH, form)
    return twilio.client.post(PATH, data=form, headers={"X-Twilio-Signature": signature})


def says(answer: TestResponse) -> str:
    assert answer.status_code == 200 and answer.content_type.startswith("text/xml")
    return " ".join(re.findall(r"<Message>(.*?)</Message>", answer.get_data(as_text=True)))


def test_a_score_is_taken_and_thanked_for(feedback: Feedback, twilio: Browser) -> None:
    feedback.sent("survey")
    assert "9 of 10" in says(told(twilio, "９ but noisy"))
    (said,) = feedback.published("survey.answered.v1")
    assert (said["score"], said["channel"]) == (9, "sms")
    assert feedback.database.keyring.open(said["comment"], Sealing.WORDS) == "but noisy"


def test_the_same_message_again_changes_nothing_and_is_not_answered_twice(feedback: Feedback, twilio: Browser) -> None:
    feedback.sent("survey")
    told(twilio, "3")
    assert says(told(twilio, "3")) == ""
    assert len(feedback.published("survey.answered.v1")) == len(feedback.published("case.opened.v1")) == 1


def test_forged_unsigned_or_of_another_account_is_refused(feedback: Feedback, twilio: Browser) -> None:
    form = {"MessageSid": "SM1", "From": NUMBER, "Body": "STOP"}
    signature = RequestValidator(TOKEN).compute_signature(ORIGIN + PATH, form)
    assert told(twilio, "STOP", token="another").status_code == 403
    assert twilio.client.post(PATH, data=form).status_code == 403
    changed = {**form, "From": "+351910000002"}
    assert twilio.client.post(PATH, data=changed, headers={"X-Twilio-Signature": signature}).status_code == 403
    assert feedback.published("optout.requested.v1") == []


@pytest.mark.parametrize("headers", [{}, {"X-Twilio-Signature": ""}])
def test_nothing_is_read_of_what_bears_no_signature(twilio: Browser, headers: dict[str, str]) -> None:
    assert claims(twilio.client, PATH, 60_000, FORM, headers=headers).status_code == 403


def test_what_no_provider_sends_is_refused_unread(twilio: Browser) -> None:
    forged = {"X-Twilio-Signature": "forged"}
    assert claims(twilio.client, PATH, 65_537, FORM, headers=forged).status_code == 413
    many = twilio.client.post(PATH, data=b"a&" * 200, content_type=FORM, headers=forged)
    assert many.status_code == 413


def test_the_host_a_proxy_passes_on_does_not_matter(twilio: Browser) -> None:
    form = {"MessageSid": "SM1", "From": NUMBER, "Body": "hello"}
    signature = RequestValidator(TOKEN).compute_signature("http://inside:8080" + PATH, form)
    headers = {"X-Twilio-Signature": signature, "Host": "inside:8080"}
    assert twilio.client.post(PATH, data=form, headers=headers).status_code == 403


def test_without_a_token_nothing_is_believed(feedback: Feedback) -> None:
    deaf = browser(SERVICE.build_web, Config(), feedback.database, None, at=AT, web=WebConfig(ORIGIN, ORIGIN))
    assert told(deaf, "STOP", token="").status_code == 403


def test_a_stop_ends_it_for_everyone_on_the_number_and_is_confirmed_once(feedback: Feedback, twilio: Browser) -> None:
    feedback.knows(BEN, language="en")
    assert "no more text messages" in says(told(twilio, "STOP"))
    assert says(told(twilio, "stop!", "SM2")) == ""
    said = feedback.published("optout.requested.v1")
    assert [(one["point"], one["scope"]) for one in said] == [(feedback.point("sms", NUMBER), "channel")] * 2


def test_what_the_provider_has_confirmed_is_not_confirmed_again(feedback: Feedback, twilio: Browser) -> None:
    assert says(told(twilio, "Quiero salir", OptOutType="STOP")) == ""
    assert len(feedback.published("optout.requested.v1")) == 1
    assert says(told(twilio, "HELP", "SM2", OptOutType="HELP")) == ""


def test_what_may_be_an_objection_waits_for_a_person(feedback: Feedback, twilio: Browser) -> None:
    assert says(told(twilio, "Who gave you my number?")) == ""
    assert feedback.published("optout.requested.v1") == []
    assert len(feedback.published("case.opened.v1")) == 1


def test_help_is_answered_in_the_guests_language(feedback: Feedback, twilio: Browser) -> None:
    feedback.knows(ANA, 2, language="de-AT")
    assert "Wir sind das Hotel" in says(told(twilio, "HELP"))


def test_who_has_stopped_is_not_thanked_by_sms(feedback: Feedback, twilio: Browser) -> None:
    feedback.sent("survey")
    told(twilio, "STOP")
    assert says(told(twilio, "9", "SM2")) == ""
    assert len(feedback.published("survey.answered.v1")) == 1


@pytest.mark.parametrize("body", ["很好", "", "thank you", "\x00"])
def test_words_are_kept_and_not_answered(feedback: Feedback, twilio: Browser, body: str) -> None:
    assert says(told(twilio, body)) == ""
    assert feedback.all("select taken_as from reply") == [("words" if body.strip("\0") else "signs",)]


def test_each_answer_fits_one_part() -> None:
    found = yaml.safe_load((Path(api.__file__).parent / "sms_texts.yaml").read_text())
    for tag, answers in found.items():
        for key, text in answers.items():
            whole = text.format(score=10, low=9, high=10)
            assert len(whole) <= (160 if GSM.fullmatch(whole) else 70), (tag, key)


def by_whatsapp(twilio: Browser, body: str, sid: str = "SM1", **more: Any) -> str:
    return says(told(twilio, body, sid, From=f"whatsapp:{NUMBER}", To="whatsapp:+351910000900", **more))


def test_what_comes_by_whatsapp_is_of_the_same_guest_and_opens_the_window_once(
    feedback: Feedback, twilio: Browser
) -> None:
    told(twilio, "Is there a shuttle?", "SM1")
    for _ in range(2):
        by_whatsapp(twilio, "And breakfast?", "SM2", ProfileName="Somebody Else")
    assert feedback.all("select channel, guest_id from reply order by channel") == [("sms", ANA), ("whatsapp", ANA)]
    assert feedback.all("select channel, guest_id from thread") == [("whatsapp", ANA)]
    (said,) = feedback.published("reply.received.v1")
    assert (said["channel"], said["point"]) == ("whatsapp", feedback.point("sms", NUMBER))
    assert "Somebody" not in str(feedback.all("select given_name, family_name, name_key from guest_known, thread"))


def test_a_button_is_words_and_stop_by_whatsapp_is_of_whatsapp(feedback: Feedback, twilio: Browser) -> None:
    assert "no more WhatsApp messages" in by_whatsapp(twilio, "", ButtonText="Stop", ButtonPayload="stop-offers")
    (said,) = feedback.published("optout.requested.v1")
    assert (said["channel"], said["scope"], said["point"]) == ("whatsapp", "channel", feedback.point("sms", NUMBER))
    assert by_whatsapp(twilio, "Stop", "SM2") == ""
