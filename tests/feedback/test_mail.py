"""Mail that came in: each once, acted on by what it says, kept sealed; forged and foreign alike are nothing here."""

from __future__ import annotations

import zlib
from base64 import b64decode
from collections.abc import Callable
from email import message_from_bytes
from email.policy import SMTP
from threading import Thread

import pytest

from services.feedback.commands.receive_mail import Taken, incoming, receive_mail
from services.feedback.config import Config
from services.feedback.mail.read import LONGEST
from services.feedback.pictures_role import ReplyPictures
from services.feedback.service import SERVICE
from shared.clock import VirtualClock
from shared.crypto.mail_addresses import BackAddress, BackSigner
from shared.crypto.purposes import Sealing
from shared.ids import make_id
from shared.vocabulary.grant import Grant
from shared.web.config import WebConfig
from tests.cast import ADDRESS, ANA, DINA, WEI
from tests.conftest import MakeDatabase
from tests.feedback.cast import AT, Feedback
from tests.feedback.test_reply_pictures import png
from tests.mail.mails import TO, complaint, dsn, qmail, reply
from tests.programs import Program, program
from tests.web import browser, words

BACK = BackAddress("back", "reply.example.com")
PATH = "/api/mail"


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.property_says(threshold=6)
    feedback.knows(ANA, language="en")
    feedback.sent("survey", channel="email")
    return feedback


def address(feedback: Feedback, way: str = "reply", message: str = "survey") -> str:
    tokens = BackSigner(feedback.database.keyring).tokens(make_id("message", message))
    return BACK.of(getattr(tokens, way))


def take(feedback: Feedback, raw: bytes, *recipients: str) -> Taken:
    came = incoming(BackSigner(feedback.database.keyring), BACK, raw, recipients, "smtp")
    if came is None:
        return Taken.REFUSED
    with feedback.tx() as tx:
        return receive_mail(tx, came, AT)


def reported(feedback: Feedback) -> list[tuple[str, str | None]]:
    return [(one["what"], one["reason"]) for one in feedback.published("message.reported.v1")]


def test_a_reply_is_threaded_by_its_signed_address_and_answers_the_survey(feedback: Feedback) -> None:
    feedback.sent("another", channel="email")  # a later message to the same guest
    body = "9, but noisy\n\nOn Mon, 6 Jun 2016, Casa <back@reply.example.com> wrote:\n> How was it, from 0 to 10?"
    assert take(feedback, reply(body), address(feedback)) is Taken.NEW
    (said,) = feedback.published("survey.answered.v1")
    assert (said["score"], said["channel"], said["guest_id"]) == (9, "email", str(ANA))
    message_id, reply_id, raw = feedback.all("select message_id, reply_id, raw_sealed from inbound_mail")[0]
    assert message_id == make_id("message", "survey")
    assert feedback.one("select guest_id from reply where reply_id = %s", reply_id) == ANA
    packed = feedback.database.keyring.open(raw, Sealing.WORDS)
    assert zlib.decompress(b64decode(packed)) == reply(body), "the whole of it is kept"


def with_pictures(raw: bytes, *pictures: tuple[bytes, str]) -> bytes:
    """`pictures`: bytes and how each is told to be shown."""
    said = message_from_bytes(raw, policy=SMTP)
    for content, shown in pictures:
        said.add_attachment(content, "image", "png", disposition=shown, filename="picture.png")
    return said.as_bytes()


def test_pictures_attached_to_a_mail_are_kept_and_shown_as_those_of_text_messages(feedback: Feedback) -> None:
    attached = [(png(), "attachment"), (png(), "inline"), (b"x", "attachment")]
    raw = with_pictures(reply("The sink is broken, see"), *attached)
    for _ in range(2):
        take(feedback, raw, address(feedback))
    role = ReplyPictures(feedback.database, Config())
    assert role.step(AT) == 2 and role.next_due() is None
    states = "select place, state, content_type, url_sealed is null from reply_picture order by place"
    assert feedback.all(states) == [(0, "kept", "image/jpeg", True), (1, "lost", "", True)]
    reply_id, picture_id = feedback.all("select reply_id, picture_id from reply_picture where place = 0")[0]
    dina = browser(SERVICE.build_web, Config(), feedback.database, DINA)
    assert dina.client.get(f"/feedback/replies/{reply_id}/pictures/{picture_id}").content_type == "image/jpeg"
    feedback.erased(ANA, 2)
    assert feedback.one("select count(content_sealed) from reply_picture") == 0


def test_the_same_mail_again_is_one_however_it_comes(feedback: Feedback) -> None:
    raw = reply("7. Fine")
    by_another = b"Received: from mx2.example.com\r\n" + raw
    assert [take(feedback, one, address(feedback)) for one in (raw, raw, by_another)] == [
        Taken.NEW,
        Taken.AGAIN,
        Taken.AGAIN,
    ]
    assert len(feedback.all("select * from reply")) == len(feedback.published("survey.answered.v1")) == 1


def test_two_at_the_same_moment_are_one(feedback: Feedback) -> None:
    found: list[Taken] = []
    threads = [Thread(target=lambda: found.append(take(feedback, reply("7"), address(feedback)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [Taken.AGAIN] * 3 + [Taken.NEW]
    assert feedback.one("select count(*) from reply") == 1


FORGED: list[Callable[[str], str]] = [
    lambda mine: mine.replace("+r", "+b"),
    lambda mine: mine[:-30] + ("a" if mine[-30] != "a" else "b") + mine[-29:],
    lambda mine: mine.replace("reply.example.com", "other.example.com"),
    lambda _: BACK.bare,
    lambda _: "back+r@reply.example.com",
    lambda _: "",
]


@pytest.mark.parametrize("forge", FORGED)
def test_forged_and_foreign_are_refused_alike(feedback: Feedback, forge: Callable[[str], str]) -> None:
    assert take(feedback, reply("STOP"), forge(address(feedback))) is Taken.REFUSED
    assert feedback.all("select * from inbound_mail") == feedback.all("select * from reply") == []


def test_the_head_of_a_mail_says_whom_it_was_for_where_the_envelope_does_not(feedback: Feedback) -> None:
    raw = reply("8").replace(TO.encode(), f"Casa do Rio <{address(feedback).upper()}>".encode())
    assert take(feedback, raw) is Taken.NEW
    assert take(feedback, raw, "somebody@else.example.com") is Taken.REFUSED, "the envelope knows better"


def test_what_is_too_long_is_refused(feedback: Feedback) -> None:
    assert take(feedback, reply("x" * LONGEST), address(feedback)) is Taken.REFUSED


@pytest.mark.parametrize("raw", [dsn("5.1.1", "550 5.1.1 User unknown"), qmail("550 5.1.1 User unknown")])
def test_a_returned_mail_is_reported_with_its_code_and_not_kept(feedback: Feedback, raw: bytes) -> None:
    assert take(feedback, raw, address(feedback, "returned")) is Taken.NEW
    (said,) = feedback.published("message.reported.v1")
    assert (said["what"], said["reason"], said["code"]) == ("bounced", "bad_address", "5.1.1")
    assert said["message_id"] == str(make_id("message", "survey"))
    assert feedback.all("select kind, raw_sealed from inbound_mail") == [("bounce", None)]
    assert feedback.all("select * from reply") == []


def test_a_report_is_known_by_the_mail_that_it_carries(feedback: Feedback) -> None:
    mine = address(feedback)
    assert take(feedback, complaint(mine), BACK.bare) is Taken.NEW
    assert take(feedback, complaint(mine, "text/rfc822-headers"), "abuse@reply.example.com") is Taken.NEW
    assert take(feedback, dsn("5.2.2", "552 mailbox full", original=mine), BACK.bare) is Taken.NEW
    assert take(feedback, complaint("back+rforged@reply.example.com"), BACK.bare) is Taken.REFUSED
    assert reported(feedback) == [("complained", None), ("complained", None), ("bounced", "mailbox_full")]


def test_words_that_quote_a_signed_address_are_no_report(feedback: Feedback) -> None:
    assert take(feedback, reply(f"my address is {address(feedback)}"), BACK.bare) is Taken.REFUSED


@pytest.mark.parametrize("way", ["reply", "returned"])
def test_out_of_office_counts_as_nothing(feedback: Feedback, way: str) -> None:
    raw = reply("10", subject="Automatic reply: How was it?", more="Auto-Submitted: auto-replied\r\n")
    assert take(feedback, raw, address(feedback, way)) is Taken.NEW
    assert feedback.all("select kind, reply_id from inbound_mail") == [("automatic", None)]
    assert feedback.published("survey.answered.v1") == [] and reported(feedback) == []
    assert feedback.all("select * from reply") == []


def test_a_mail_program_asks_for_no_more(feedback: Feedback) -> None:
    assert take(feedback, reply("", subject="unsubscribe"), address(feedback, "unsubscribe")) is Taken.NEW
    marked = reply("", subject="unsubscribe", more="Auto-Submitted: auto-generated\r\n")
    assert take(feedback, marked, address(feedback, "unsubscribe", "other")) is Taken.NEW
    assert reported(feedback) == [("unsubscribed", None)] * 2


def test_stop_ends_it_where_it_was_sent_whoever_of_the_house_writes_it(feedback: Feedback) -> None:
    raw = reply("STOP").replace(b"ana@example.com", b"ben@elsewhere.example.com")
    assert take(feedback, raw, address(feedback)) is Taken.NEW
    assert reported(feedback) == [("unsubscribed", None)]
    objected = feedback.published("optout.requested.v1")
    assert {(one["channel"], one["scope"]) for one in objected} == {("email", "feedback")}
    points = [feedback.point("email", one) for one in ("ben@elsewhere.example.com", ADDRESS)]
    assert [one["point"] for one in objected] == points, "theirs, and the address it was sent to"


def test_a_late_bounce_of_an_erased_guest_leaves_nothing_of_them(feedback: Feedback) -> None:
    feedback.erased(ANA, 2)
    assert take(feedback, reply("my name is Ana"), address(feedback)) is Taken.NEW
    assert feedback.all("select raw_sealed from inbound_mail") == [(None,)]


def test_erasure_and_the_term_take_the_mail_along(feedback: Feedback) -> None:
    take(feedback, reply("8"), address(feedback))
    feedback.erased(ANA, 2)
    assert feedback.all("select raw_sealed, reply_id from inbound_mail") == [(None, None)]


def test_the_whole_mail_can_be_read_by_who_sees_the_guest_and_it_is_in_the_trail(feedback: Feedback) -> None:
    take(feedback, reply("9\n\n> How was it?\nwrite to ben@example.com", subject="Re: Your stay"), address(feedback))
    reply_id = feedback.one("select reply_id from reply")
    page = f"/feedback/replies/{reply_id}/mail"
    desk, other = (browser(SERVICE.build_web, Config(), feedback.database, one, at=AT) for one in (DINA, WEI))
    read = words(desk.get(page))
    assert "> How was it?" in read and "Re: Your stay" in read and "Ana Silva" in read
    assert other.get(page).status_code == 404, "another hotel's"
    assert "The whole mail" in words(desk.get("/feedback/replies?view=all"))
    trail = [one for one in feedback.published("audit.recorded.v1") if one["action"] == "reply.mail_read"]
    assert [one["subject"] for one in trail] == [f"reply {reply_id}"]
    feedback.erased(ANA, 2)
    assert desk.get(page).status_code == 404


# by HTTP


def post(handing: Program, raw: bytes, to: str = "") -> int:
    answer = handing.client.post(
        f"{PATH}?to={to.replace('+', '%2B')}", data=raw, content_type="message/rfc822", headers=handing.headers
    )
    return answer.status_code


def hand(feedback: Feedback, *grants: Grant, hotel: str = "", back: BackAddress | None = BACK) -> Program:
    client = SERVICE.build_web(Config(mail_back=back), feedback.database, VirtualClock(AT), WebConfig()).test_client()
    return program(feedback.database, client, *grants, hotel=hotel)


def test_a_program_hands_in_a_mail_as_it_is(feedback: Feedback) -> None:
    handing = hand(feedback, Grant.MAIL_WRITE)
    assert post(handing, reply("9"), address(feedback)) == 204
    assert post(handing, reply("9"), address(feedback)) == 204
    assert feedback.all("select way, kind from inbound_mail") == [("http", "reply")]
    assert len(feedback.published("survey.answered.v1")) == 1


def test_nobody_learns_which_addresses_there_are(feedback: Feedback) -> None:
    handing = hand(feedback)
    answers = [post(handing, reply("STOP"), forge(address(feedback))) for forge in FORGED]
    assert answers == [post(handing, reply("8"), address(feedback))] * len(FORGED)
    assert feedback.one("select count(*) from inbound_mail") == 1


def test_without_a_key_that_grants_it_nothing_is_taken(feedback: Feedback) -> None:
    mine = address(feedback)
    assert post(hand(feedback, Grant.GUESTS_READ), reply("9"), mine) == 403
    assert post(hand(feedback, Grant.MAIL_WRITE, hotel="LIS"), reply("9"), mine) == 404, "mail is of all hotels"
    assert post(hand(feedback, back=None), reply("9"), mine) == 404
    unsigned = hand(feedback).client.post(PATH, data=reply("9"), content_type="message/rfc822")
    assert unsigned.status_code == 401
    assert post(hand(feedback), b"x" * (LONGEST + 1), mine) == 413
    assert feedback.all("select * from inbound_mail") == []
