"""What the operator's desk says of the senders: what it was told, and never «sandbox» for what it was not told."""

from __future__ import annotations

import pytest

from guestloop.operations import doctor

SERVERS = {"GUESTLOOP_SEGMENTS_DATABASE": "host=127.0.0.1 port=9"}
TOLD_NOTHING = {"GUESTLOOP_EMAIL": "", "GUESTLOOP_SMS": "", "GUESTLOOP_WHATSAPP": ""}  # as compose hands it on
NOWHERE = {"GUESTLOOP_SMTP_HOST": "127.0.0.1", "GUESTLOOP_SMTP_PORT": "9", "GUESTLOOP_SMTP_SECURITY": "none"}
SMTP = {**TOLD_NOTHING, **NOWHERE, "GUESTLOOP_EMAIL": "smtp", "GUESTLOOP_MAIL_FROM": "hello@prova.example.com"}


def said(environment: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """Of senders and mail server; the rest is not asked."""
    for name in ("_databases", "_settings"):
        monkeypatch.setattr(doctor, name, lambda *_: iter(()))
    found = doctor.check(environment, None)  # type: ignore[arg-type]
    return {one.what: one.problem or one.detail for one in found if "send" in one.what or "mail" in one.what}


def test_where_it_was_not_told_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    (text,) = said(SERVERS, monkeypatch).values()
    assert text.startswith("not told here") and "sandbox" not in text


def test_where_the_house_decides_it_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    found = said({**SERVERS, **TOLD_NOTHING}, monkeypatch)
    assert found["sender of email"].startswith("the house decides on its pages")


def test_where_the_environment_names_a_mail_server_it_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    found = said({**SERVERS, **SMTP}, monkeypatch)
    assert found["sender of email"] == "smtp"
    assert "127.0.0.1:9 does not answer" in found["mail server"]


def test_what_the_environment_keeps_back_is_in_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    found = said({**SERVERS, **TOLD_NOTHING, "GUESTLOOP_EMAIL": "sandbox"}, monkeypatch)
    assert found["sender of email"] == "sandbox: nothing is sent"
