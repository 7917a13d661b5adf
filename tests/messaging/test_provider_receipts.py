"""What mail providers report: SES by signed SNS, Mailgun by signed events, Postmark by a password; one and the same."""

from __future__ import annotations

import hmac
import json
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from ipaddress import ip_network
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.serialization import Encoding
from werkzeug.datastructures import Authorization

from services.messaging.api.receipts import mailgun as of_mailgun
from services.messaging.api.receipts import postmark as of_postmark
from services.messaging.api.receipts import ses
from services.messaging.api.receipts.told import Told
from services.messaging.channels.email.mime import MailSettings, as_bytes
from services.messaging.channels.email.settings import mail_server
from services.messaging.config import AMAZON, Config
from services.messaging.service import SERVICE
from shared.ids import make_id
from shared.vocabulary.reason import Reason
from shared.web.config import WebConfig
from tests.cast import ADDRESS, NOW
from tests.conftest import MakeDatabase
from tests.messaging.hotel import Hotel, birthday, email, guest, lisbon
from tests.messaging.outgoing import mail
from tests.outgoing.peers import Peer, peer
from tests.web import Browser, browser

ID = str(birthday().message_id)
TOPIC = "arn:aws:sns:eu-west-1:123456789012:guestloop"
KEY, OTHER = (rsa.generate_private_key(65537, 2048) for _ in range(2))
SECRET = "not-a-secret-of-anybody"


def certificate() -> bytes:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    since = NOW - timedelta(days=1)
    builder = x509.CertificateBuilder(name, name, KEY.public_key(), 7, since, since + timedelta(30))
    return builder.sign(KEY, hashes.SHA256()).public_bytes(Encoding.PEM)


@pytest.fixture
def amazon() -> Iterator[Peer]:
    """Gives its certificate, and takes confirmations."""
    body = certificate()
    head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode()
    with peer(head + body) as found:
        yield found


@pytest.fixture
def hotel(make_database: MakeDatabase) -> Hotel:
    """A birthday mail went to Ana."""
    hotel = Hotel(make_database("messaging"))
    hotel.hears(lisbon(), guest(points=[email(hotel.keyring, ADDRESS)]), birthday())
    hotel.runs()
    return hotel


def believing(amazon: Peer | None = None) -> Config:
    config = Config(mailgun_key=SECRET, postmark_secret=SECRET, ses_topics=frozenset({TOPIC}))
    if amazon is None:
        return config
    address = re.escape(f"http://127.0.0.1:{amazon.port}")
    return replace(config, amazon=address, networks=(ip_network("127.0.0.1/32"),))


def site(hotel: Hotel, amazon: Peer | None = None, **more: Any) -> Browser:
    config = replace(believing(amazon), **more)
    return browser(SERVICE.build_web, config, hotel.database, None, web=WebConfig())


def meant(told: list[Told]) -> list[tuple[str | None, str | None]]:
    return [(one.state and str(one.state), one.reason and str(one.reason)) for one in told]


def known(hotel: Hotel) -> list[tuple[str, str | None]]:
    return [tuple(row) for row in hotel.all("select state, reason from receipt")]


# SES


def notification(amazon: Peer, said: dict[str, Any], key: Any = KEY, **more: Any) -> dict[str, Any]:
    body = {
        "Type": "Notification",
        "MessageId": "n1",
        "TopicArn": TOPIC,
        "Message": json.dumps(said),
        "Timestamp": "2026-11-21T12:00:00.000Z",
        "SignatureVersion": "1",
        "SigningCertURL": f"http://127.0.0.1:{amazon.port}/SimpleNotificationService-{'0' * 32}.pem",
        **more,
    }
    names = ["Message", "MessageId", "Subject", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type"]
    signed = "".join(f"{name}\n{body[name]}\n" for name in names if name in body).encode()
    kind = hashes.SHA1() if body["SignatureVersion"] == "1" else hashes.SHA256()
    return {**body, "Signature": b64encode(key.sign(signed, PKCS1v15(), kind)).decode()}


def of_ses(kind: str, name: str = "", **what: Any) -> dict[str, Any]:
    sent = {"messageId": "0102-ses", "tags": {"message": [ID], "ses:caller-identity": ["x"]}}
    return {"eventType": kind, "mail": sent, name or kind.lower(): what}


def tell(site: Browser, body: Any) -> int:
    return site.client.post("/messaging/receipts/ses", data=json.dumps(body), content_type="text/plain").status_code


NO_SUCH_USER = {"status": "5.1.1", "diagnosticCode": "smtp; 550 5.1.1 user unknown", "emailAddress": ADDRESS}


@pytest.mark.parametrize(
    "said, state",
    [
        (of_ses("Delivery", timestamp="2026-11-21T11:59:00.000Z"), ("delivered", None)),
        (of_ses("DeliveryDelay", "deliveryDelay"), ("on_its_way", None)),
        (of_ses("Complaint", complaintFeedbackType="abuse"), ("complained", None)),
        (
            of_ses("Bounce", bounceType="Permanent", bounceSubType="NoEmail", bouncedRecipients=[{}]),
            ("bounced", "bad_address"),
        ),
        (
            of_ses("Bounce", bounceType="Permanent", bounceSubType="General", bouncedRecipients=[NO_SUCH_USER]),
            ("bounced", "bad_address"),
        ),
        (
            of_ses("Bounce", bounceType="Permanent", bounceSubType="OnAccountSuppressionList", bouncedRecipients=[]),
            ("bounced", "returned"),
        ),
        (of_ses("Bounce", bounceType="Transient", bounceSubType="MailboxFull"), ("bounced", "mailbox_full")),
        (of_ses("Bounce", bounceType="Transient", bounceSubType="General"), ("bounced", "temporary")),
    ],
)
@pytest.mark.parametrize("version", ["1", "2"])
def test_what_ses_reports(amazon: Peer, said: dict[str, Any], state: tuple[str, str | None], version: str) -> None:
    signed = notification(amazon, said, SignatureVersion=version)
    assert meant(ses.told(signed, believing(amazon), NOW)) == [state]


def test_what_comes_by_the_door_counts_once_and_its_certificate_is_kept(hotel: Hotel, amazon: Peer) -> None:
    told = site(hotel, amazon)
    assert [tell(told, notification(amazon, of_ses("Delivery"))) for _ in range(2)] == [200, 200]
    assert known(hotel) == [("delivered", None)]
    assert len(amazon.heard) == 1


def test_ses_by_the_head_that_we_wrote(hotel: Hotel, amazon: Peer) -> None:
    said = of_ses("Delivery")
    said["mail"] = {"headers": [{"name": "Message-ID", "value": f"<{ID}@hotel.example.com>"}]}
    del said["eventType"]
    assert tell(site(hotel, amazon), notification(amazon, {**said, "notificationType": "Delivery"})) == 200
    assert known(hotel) == [("delivered", None)]


def test_whom_amazon_did_not_sign_for_is_not_believed(hotel: Hotel, amazon: Peer) -> None:
    told, said = site(hotel, amazon), of_ses("Complaint")
    true = notification(amazon, said)
    elsewhere = "https://evil.example.com/SimpleNotificationService-1.pem"
    forged: list[dict[str, Any]] = [
        notification(amazon, said, key=OTHER),
        {**true, "Message": json.dumps(of_ses("Delivery"))},
        {**true, "TopicArn": "arn:aws:sns:eu-west-1:666:other"},
        notification(amazon, said, TopicArn="arn:aws:sns:eu-west-1:666:other"),
        {**true, "SigningCertURL": elsewhere},
        {**true, "SigningCertURL": f"http://127.0.0.1:{amazon.port}@evil.example.com/SimpleNotificationService-1.pem"},
        {**true, "SignatureVersion": "3"},
        {**true, "Signature": "no base64"},
        {**true, "Type": "Other"},
        {**true, "TopicArn": []},
        {},
    ]
    assert [tell(told, one) for one in forged] == [403] * len(forged)
    assert tell(site(hotel, amazon, ses_topics=frozenset()), true) == 403
    assert known(hotel) == []


@pytest.mark.parametrize(
    "address, is_amazons",
    [
        ("https://sns.eu-west-1.amazonaws.com", True),
        ("https://sns.us-gov-west-1.amazonaws.com", True),
        ("https://sns.cn-north-1.amazonaws.com.cn", True),
        ("http://sns.eu-west-1.amazonaws.com", False),
        ("https://sns.eu-west-1.amazonaws.com.evil.example", False),
        ("https://sns.eu-west-1.amazonaws.com@evil.example", False),
        ("https://evil.example/sns.eu-west-1.amazonaws.com", False),
        ("https://s3.eu-west-1.amazonaws.com", False),
    ],
)
def test_which_addresses_are_amazons(address: str, is_amazons: bool) -> None:
    assert (re.fullmatch(AMAZON, address) is not None) is is_amazons


def test_a_subscription_of_a_topic_of_ours_is_confirmed_where_amazon_is(hotel: Hotel, amazon: Peer) -> None:
    def asked(url: str, **more: Any) -> int:
        fields = {"Type": "SubscriptionConfirmation", "Token": "t", "SubscribeURL": url, **more}
        return tell(site(hotel, amazon), notification(amazon, {}, **fields))

    mine = f"http://127.0.0.1:{amazon.port}/?Action=ConfirmSubscription&Token=t&TopicArn={TOPIC}"
    assert asked(mine) == 200
    assert b"GET /?Action=ConfirmSubscription&Token=t" in amazon.heard[-1]
    heard = len(amazon.heard)
    assert asked("http://169.254.169.254/?Action=ConfirmSubscription&x") == 403
    assert asked(mine, TopicArn="arn:aws:sns:eu-west-1:666:other") == 403
    assert len(amazon.heard) == heard


def test_where_amazon_does_not_answer_it_is_asked_to_try_again(hotel: Hotel) -> None:
    with peer(b"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n") as down:
        assert tell(site(hotel, down), notification(down, of_ses("Delivery"))) == 503
    assert known(hotel) == []


# Mailgun


def mailgun(event: dict[str, Any], *, key: str = SECRET, at: float = NOW.timestamp()) -> dict[str, Any]:
    stamp = str(int(at))
    signed = hmac.digest(key.encode(), f"{stamp}token".encode(), "sha256").hex()
    named = {"message": {"headers": {"message-id": f"{ID}@hotel.example.com"}}, "timestamp": at, **event}
    return {"signature": {"timestamp": stamp, "token": "token", "signature": signed}, "event-data": named}


def failed(code: int, said: str, **more: Any) -> dict[str, Any]:
    return {"event": "failed", "severity": "permanent", "delivery-status": {"code": code, "message": said}, **more}


@pytest.mark.parametrize(
    "event, state",
    [
        ({"event": "delivered"}, [("delivered", None)]),
        ({"event": "complained"}, [("complained", None)]),
        (failed(550, "5.1.1 no such user"), [("bounced", "bad_address")]),
        (failed(552, "5.2.2 full"), [("bounced", "mailbox_full")]),
        (failed(550, "5.7.1 no"), [("bounced", "policy_refused")]),
        (failed(605, "", reason="suppress-bounce"), [("bounced", "bad_address")]),
        (failed(550, "no"), [("bounced", "returned")]),
        (failed(450, "later", severity="temporary"), [("on_its_way", None)]),
        ({"event": "opened"}, []),
        ({"event": "delivered", "message": {"headers": {"message-id": "x@other.example.com"}}}, []),
    ],
)
def test_what_mailgun_reports(event: dict[str, Any], state: list[tuple[str, str | None]]) -> None:
    assert meant(of_mailgun.told(mailgun(event), believing(), NOW)) == state


def test_mailgun_is_believed_by_its_signature_while_it_is_fresh(hotel: Hotel) -> None:
    told, event = site(hotel), {"event": "complained"}
    wrong: list[Any] = [mailgun(event, key="another"), mailgun(event, at=NOW.timestamp() - 40_000), {}, [], "x"]
    wrong.append({**mailgun(event), "signature": {"timestamp": "x", "token": "token", "signature": "é"}})
    assert {told.client.post("/messaging/receipts/mailgun", json=one).status_code for one in wrong} == {403}
    off = site(hotel, mailgun_key="")
    assert off.client.post("/messaging/receipts/mailgun", json=mailgun(event, key="")).status_code == 403
    assert known(hotel) == []


# Postmark


def postmark(site: Browser, body: dict[str, Any], password: str = SECRET) -> int:
    named = {"Metadata": {"message": ID}, "MessageID": str(make_id("postmark", 1)), **body}
    proof = ("guestloop", password) if password else None
    return site.client.post("/messaging/receipts/postmark", json=named, auth=proof).status_code


@pytest.mark.parametrize(
    "body, state",
    [
        ({"RecordType": "Delivery", "DeliveredAt": "2026-11-21T11:59:00Z"}, [("delivered", None)]),
        ({"RecordType": "SpamComplaint"}, [("complained", None)]),
        ({"RecordType": "Bounce", "Type": "HardBounce", "Details": "550 5.1.1 unknown"}, [("bounced", "bad_address")]),
        ({"RecordType": "Bounce", "Type": "HardBounce", "Details": "550 5.7.1 no"}, [("bounced", "policy_refused")]),
        ({"RecordType": "Bounce", "Type": "SoftBounce", "Details": "552 5.2.2 full"}, [("bounced", "mailbox_full")]),
        ({"RecordType": "Bounce", "Type": "Blocked"}, [("bounced", "policy_refused")]),
        ({"RecordType": "Bounce", "Type": "NewKind"}, [("bounced", "returned")]),
        ({"RecordType": "Bounce", "Type": "Transient"}, [("on_its_way", None)]),
        ({"RecordType": "Bounce", "Type": "AutoResponder"}, [("on_its_way", None)]),
        ({"RecordType": "Open"}, []),
    ],
)
def test_what_postmark_reports(body: dict[str, Any], state: list[tuple[str, str | None]]) -> None:
    proof = Authorization("basic", {"username": "guestloop", "password": SECRET})
    named = {"Metadata": {"message": ID}, "MessageID": str(make_id("postmark", 1)), **body}
    assert meant(of_postmark.told(named, proof, believing(), NOW)) == state


def test_postmark_is_believed_by_its_password(hotel: Hotel) -> None:
    body = {"RecordType": "SpamComplaint"}
    assert [postmark(site(hotel), body, one) for one in ("another", "")] == [403, 403]
    assert postmark(site(hotel, postmark_secret=""), body, "") == 403
    assert known(hotel) == []


@pytest.mark.parametrize("way", ["ses", "mailgun", "postmark"])
def test_no_more_by_a_provider_ends_its_kind(hotel: Hotel, amazon: Peer, way: str) -> None:
    told = site(hotel, amazon)
    if way == "ses":
        assert tell(told, notification(amazon, of_ses("Subscription"))) == 200
    elif way == "mailgun":
        assert (
            told.client.post("/messaging/receipts/mailgun", json=mailgun({"event": "unsubscribed"})).status_code == 200
        )
    else:
        theirs = {"SuppressSending": True, "SuppressionReason": "ManualSuppression"}
        assert postmark(told, {"RecordType": "SubscriptionChange", **theirs}) == 200
    assert hotel.all("select channel, purpose, source from suppression") == [("email", "marketing", "provider")]
    assert known(hotel) == []


def test_all_of_them_give_the_same_fact(hotel: Hotel, amazon: Peer) -> None:
    """A bad address by each is the same event, once."""
    told = site(hotel, amazon)
    bounce = of_ses("Bounce", bounceType="Permanent", bounceSubType="NoEmail", bouncedRecipients=[NO_SUCH_USER])
    assert tell(told, notification(amazon, bounce)) == 200
    assert told.client.post("/messaging/receipts/mailgun", json=mailgun(failed(550, "5.1.1 x"))).status_code == 200
    assert postmark(told, {"RecordType": "Bounce", "Type": "HardBounce", "Details": "5.1.1"}) == 200
    names = [name for name, _, _ in hotel.said() if name in ("message.bounced.v1", "point.refused.v1")]
    assert names == ["message.bounced.v1", "point.refused.v1"]
    assert known(hotel) == [("bounced", str(Reason.BAD_ADDRESS))]


@pytest.mark.parametrize(
    "host, header",
    [
        ("smtp.postmarkapp.com", "X-PM-Metadata-message"),
        ("email-smtp.eu-west-1.amazonaws.com", "X-SES-MESSAGE-TAGS"),
        ("smtp.mailgun.org", None),
        ("evilpostmarkapp.com", None),
    ],
)
def test_a_provider_that_renames_mails_is_told_our_name_of_each(host: str, header: str | None) -> None:
    named = {"GUESTLOOP_EMAIL": "smtp", "GUESTLOOP_SMTP_HOST": host, "GUESTLOOP_MAIL_FROM": "hello@hotel.example.com"}
    sender = mail_server(named)
    assert sender is not None
    settings: MailSettings = sender._settings.mail
    text = as_bytes(mail(), settings).decode()
    assert (f"\r\n{header}: " in text) is (header is not None)
    assert header is None or re.search(rf"\r\n{header}: (?:message=)?{mail().message_id}\r\n", text)
