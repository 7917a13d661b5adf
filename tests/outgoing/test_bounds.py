"""Libraries that bring a session of their own are held by the same bounds."""

from __future__ import annotations

import json
import socket

import pytest

from services.console.config import IdentityProvider
from services.console.pages.account.provider import Departure, NotBelieved, OpenIdProvider, ProviderAway, ProviderError
from services.messaging.channels.sender import Outgoing
from services.messaging.channels.twilio.sender import TwilioSender, TwilioSettings
from shared.ids import make_id
from shared.outgoing.reach import networks
from shared.vocabulary.message import MessageState
from tests.cast import NOW
from tests.loopback import PATIENCE
from tests.outgoing.peers import Answers, Peer, peer

DEPARTURE = Departure("state", "nonce", "verifier")


def says(document: object, status: str = "200 OK", *headers: str) -> bytes:
    body = json.dumps(document).encode()
    about = ["Content-Type: application/json", f"Content-Length: {len(body)}", "Connection: close", *headers]
    lines = [f"HTTP/1.1 {status}", *about]
    return "\r\n".join([*lines, "", ""]).encode() + body


def provider(issuer: Peer, listed: str = "") -> OpenIdProvider:
    settings = IdentityProvider(
        issuer=issuer.url(), client="us", secret="secret", label="SSO", networks=networks(listed)
    )
    return OpenIdProvider(settings, "https://loop.example.com/back")


def introduces(issuer: list[Peer], other: str) -> Answers:
    """An issuer's discovery document whose other addresses are these."""

    def answer(asker: socket.socket) -> None:
        ends = dict.fromkeys(("authorization_endpoint", "token_endpoint", "jwks_uri"), other)
        asker.sendall(says({"issuer": issuer[0].url(), **ends}))

    return answer


@pytest.mark.parametrize("listed", ["", "127.0.0.2/32"])
def test_an_issuer_sends_nobody_to_an_address_that_no_administrator_lists(listed: str) -> None:
    found: list[Peer] = []
    with peer(says({}), "127.0.0.2") as inner, peer(introduces(found, inner.url("127.0.0.2"))) as issuer:
        found.append(issuer)
        with pytest.raises(ProviderError) as caught:
            provider(issuer, listed).come_back(DEPARTURE, "code", NOW)
    assert isinstance(caught.value, NotBelieved if listed else ProviderAway)
    assert bool(inner.heard) is bool(listed)


def test_an_issuers_redirect_is_not_followed() -> None:
    with peer(says({})) as inner, peer(moved_to(inner)) as issuer, pytest.raises(NotBelieved):
        provider(issuer).leave()
    assert inner.heard == []


def test_an_issuers_answer_is_no_longer_than_it_may_be() -> None:
    with peer(says({"padding": "x" * 2_000_000})) as issuer, pytest.raises(ProviderAway):
        provider(issuer).leave()


def test_a_text_message_is_not_handed_to_where_the_provider_points() -> None:
    with peer(says({"sid": "SM1"}, "201 Created")) as inner, peer(moved_to(inner)) as twilio:
        address = twilio.url().removesuffix("/hook")
        account = TwilioSender(TwilioSettings("AC1", "token", "+15005550006", address=address, timeout=PATIENCE))
        outcome = account.send([Outgoing(make_id("text"), "sms", "+351912345678", "Olá", NOW, "feedback")])[0]
    assert outcome.state is not MessageState.SENT
    assert inner.heard == []
    assert len(twilio.heard) == 1


def moved_to(other: Peer) -> bytes:
    return says({}, "307 Temporary Redirect", f"Location: {other.url()}")
