"""Pictures that come with text messages: fetched once, kept behind the sign-in, shown, erased."""

from __future__ import annotations

import struct
import zlib
from base64 import b64decode
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler
from ipaddress import ip_network
from typing import ClassVar
from uuid import UUID

import pytest

from services.feedback.commands.receive_reply import Reply, receive_reply
from services.feedback.config import Config
from services.feedback.pictures_role import MOST_TRIES, ReplyPictures
from services.feedback.service import SERVICE
from services.feedback.store import reply_pictures
from shared.crypto.purposes import Sealing
from shared.vocabulary.channel import Channel
from tests.cast import ANA, ANTON, DINA, NOW, WEI, Member
from tests.conftest import MakeDatabase
from tests.feedback.cast import NUMBER, Feedback
from tests.loopback import answering
from tests.web import Browser, browser, words


def png() -> bytes:
    """One grey pixel."""

    def piece(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", zlib.compress(b"\0\x80")) + piece(b"IEND", b"")


class Provider(BaseHTTPRequestHandler):
    """Sends on from /media to /cdn, as the provider does; what it was asked with is kept."""

    asked: ClassVar[list[tuple[str, str | None]]] = []

    def do_GET(self) -> None:
        self.asked.append((self.path, self.headers.get("Authorization")))
        if self.path == "/media":
            self.send_response(307)
            self.send_header("Location", f"http://127.0.0.2:{self.server.server_port}/cdn")  # type: ignore[attr-defined]
            self.end_headers()
            return
        self.send_response({"/cdn": 200, "/text": 200, "/busy": 503}.get(self.path, 404))
        self.end_headers()
        self.wfile.write(png() if self.path == "/cdn" else b"no picture")

    def log_message(self, *_: object) -> None:
        """Silence."""


@pytest.fixture
def provider() -> Iterator[str]:
    Provider.asked.clear()
    with answering(Provider, "") as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def feedback(make_database: MakeDatabase) -> Feedback:
    feedback = Feedback(make_database("feedback"))
    feedback.knows(ANA)
    return feedback


def arrives(feedback: Feedback, url: str) -> UUID:
    found = Reply(ref="1", channel=Channel.SMS, point=feedback.point("sms", NUMBER), text="")
    with feedback.tx() as tx:
        receive_reply(tx, found, NOW)
        for _ in range(2):  # the webhook is delivered again
            reply_pictures.add(tx, found.reply_id, [tx.keyring.seal(url, Sealing.WORDS)], NOW)
    return found.reply_id


def role(feedback: Feedback, provider: str) -> ReplyPictures:
    loopback = ip_network("127.0.0.0/8")
    config = Config(twilio_token="t", twilio_account="AC1", twilio_address=provider, networks=(loopback,))
    return ReplyPictures(feedback.database, config)


def as_(feedback: Feedback, who: Member) -> Browser:
    return browser(SERVICE.build_web, Config(), feedback.database, who)


def test_a_picture_is_fetched_kept_sealed_and_shown_to_whoever_sees_contacts(feedback: Feedback, provider: str) -> None:
    reply_id = arrives(feedback, f"{provider}/media")
    fetches = role(feedback, provider)
    assert fetches.next_due() == NOW
    assert (fetches.step(NOW), fetches.step(NOW)) == (1, 0)
    ((picture_id, state, url, sealed),) = feedback.all(
        "select picture_id, state, url_sealed, content_sealed from reply_picture"
    )
    assert (state, url) == ("kept", None)
    assert b64decode(feedback.database.keyring.open(sealed, Sealing.WORDS))[:3] == b"\xff\xd8\xff"
    (_, known), (_, sent_on) = Provider.asked
    assert (known is not None, sent_on) == (True, None)  # our credentials go to the provider alone
    address = f"/feedback/replies/{reply_id}/pictures/{picture_id}"
    shown = as_(feedback, DINA).client.get(address)
    assert (shown.status_code, shown.headers["Cache-Control"]) == (200, "private, no-store")
    assert as_(feedback, WEI).get(address).status_code == 404
    assert as_(feedback, ANTON).get(address).status_code == 403
    assert address in as_(feedback, DINA).get("/feedback/replies?view=all").text


@pytest.mark.parametrize("path", ["/text", "/gone"])
def test_what_is_no_picture_is_lost_and_said_to_be(feedback: Feedback, provider: str, path: str) -> None:
    arrives(feedback, provider + path)
    role(feedback, provider).step(NOW)
    assert feedback.all("select state, url_sealed from reply_picture") == [("lost", None)]
    assert "could not be fetched" in words(as_(feedback, DINA).get("/feedback/replies?view=all"))


def test_a_busy_provider_is_asked_again_and_not_for_ever(feedback: Feedback, provider: str) -> None:
    arrives(feedback, f"{provider}/busy")
    fetches, at = role(feedback, provider), NOW
    for _ in range(MOST_TRIES + 2):
        fetches.step(at)
        at += timedelta(days=1)
    assert len(Provider.asked) == MOST_TRIES
    assert feedback.all("select state from reply_picture") == [("lost",)]


def test_one_that_cannot_even_be_asked_for_keeps_none_of_the_others_and_is_lost_in_the_end(
    feedback: Feedback, provider: str
) -> None:
    reply_id = arrives(feedback, "http://[half an address")
    with feedback.tx() as tx:
        urls = [tx.keyring.seal(url, Sealing.WORDS) for url in ("http://[half an address", f"{provider}/media")]
        reply_pictures.add(tx, reply_id, urls, NOW)
    fetches, at = role(feedback, provider), NOW
    assert fetches.step(at) == 2
    assert feedback.all("select state from reply_picture order by place") == [("waiting",), ("kept",)]
    for _ in range(MOST_TRIES):
        at += timedelta(hours=1)
        fetches.step(at)
    assert feedback.all("select state from reply_picture order by place") == [("lost",), ("kept",)]


def test_a_picture_lies_where_we_may_not_reach(feedback: Feedback, provider: str) -> None:
    arrives(feedback, f"{provider}/cdn")
    ReplyPictures(feedback.database, Config()).step(NOW)  # the loopback is not public
    assert Provider.asked == []
    assert feedback.all("select state from reply_picture") == [("waiting",)]


def test_an_erased_guests_pictures_are_gone(feedback: Feedback, provider: str) -> None:
    arrives(feedback, f"{provider}/cdn")
    role(feedback, provider).step(NOW)
    feedback.erased(ANA, 2)
    assert feedback.all("select count(*) from reply_picture") == [(0,)]
