"""E-mail over TLS, with a sign-in: only to a server that can prove its name."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import AuthResult, LoginPassword

from services.messaging.channels.email.dialogue import SmtpSettings
from services.messaging.channels.email.mime import MailSettings
from services.messaging.channels.email.smtp import SmtpSender
from shared.vocabulary.message import MessageState
from shared.vocabulary.reason import Reason
from tests.loopback import PATIENCE
from tests.messaging.certificates import make_certificate
from tests.messaging.mail_server import Inbox, inbox
from tests.messaging.outgoing import mail

MAIL = MailSettings("stay@alfama.example", "mail.alfama.example")


def knows(_: Any, __: Any, ___: Any, ____: str, given: Any) -> AuthResult:
    right = isinstance(given, LoginPassword) and (given.login, given.password) == (b"alfama", b"secret")
    return AuthResult(success=right, handled=False)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return make_certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture
def guarded(certificate: tuple[Path, Path]) -> Iterator[Inbox]:
    """A server that wants STARTTLS and a sign-in."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*certificate)
    with inbox(tls_context=context, require_starttls=True, authenticator=knows, auth_required=True) as server:
        yield server


@pytest.fixture
def trusted(certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))


def sender(port: int, **changes: Any) -> SmtpSender:
    fields: dict[str, Any] = {"user": "alfama", "password": "secret", "timeout": PATIENCE}
    return SmtpSender(SmtpSettings("127.0.0.1", port, MAIL, **fields | changes))


@pytest.mark.usefixtures("trusted")
def test_a_mail_travels_encrypted_and_signed_in(guarded: Inbox) -> None:
    (outcome,) = sender(guarded.port).send([mail()])
    assert outcome.state is MessageState.SENT
    assert guarded.recipients == [["guest1@mail.example.com"]]


def test_a_server_that_cannot_prove_its_name_is_handed_nothing(guarded: Inbox) -> None:
    (outcome,) = sender(guarded.port).send([mail()])
    assert (outcome.state, outcome.reason, outcome.again) == (MessageState.FAILED, Reason.UNREACHABLE, True)
    assert guarded.raw == []


@pytest.mark.usefixtures("trusted")
def test_a_wrong_password_is_our_set_up_and_the_batch_is_kept_for_later(guarded: Inbox) -> None:
    first, second = sender(guarded.port, password="guessed").send([mail(1), mail(2)])
    assert (first.state, first.reason, first.again) == (MessageState.FAILED, Reason.SET_UP, True)
    assert (second.state, second.again) == (MessageState.FAILED, True)
    assert guarded.raw == []


def test_a_server_without_tls_is_handed_neither_password_nor_mail() -> None:
    with inbox() as server:
        (outcome,) = sender(server.port).send([mail()])
        assert server.raw == []
    assert (outcome.state, outcome.again) == (MessageState.FAILED, True)
