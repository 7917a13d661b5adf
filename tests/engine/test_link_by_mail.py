"""A forgotten password, from the sign-in page over two services and a mail server back to the sign-in page."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.staff import MARTA_MAIL, open_house
from tests.harness import ServiceHarness
from tests.messaging.mail_server import inbox
from tests.messaging.staff_mail import ORIGIN, StaffMail, smtp
from tests.web import words

NEW = "seven lemons in the snow"


def carry(speaker: ServiceHarness, hearer: ServiceHarness, name: str) -> None:
    for kind, _, chunk in speaker.outbox():
        if kind == name:
            hearer.hear_at(NOW, chunk)


def test_the_link_in_the_mail_opens_the_account_it_was_asked_for(make_database: MakeDatabase) -> None:
    house = open_house(make_database("console"))
    with inbox() as server:
        desk = StaffMail(make_database("messaging"), email=smtp(server.port))
        desk.work()
        carry(desk, house, "senders.changed.v1")
        browser = house.browser()
        browser.get("/sign-in/forgotten")
        assert "Look into your mailbox" in words(browser.post("/sign-in/forgotten", {"email": MARTA_MAIL}))
        carry(house, desk, "notice.requested.v1")
        desk.work()
        carry(desk, house, "notice.settled.v1")
        (mail,) = server.mails
    (link,) = set(re.findall(rf"{ORIGIN}/sign-in/link/\S+", str(mail.get_body(("plain",)).get_content())))  # type: ignore[union-attr]
    marta = house.browser()
    marta.get(urlsplit(link).path, follow_redirects=True)
    assert "Your password is set" in words(marta.post("/sign-in/link", {"password": NEW}))
    assert house.signed_in(MARTA_MAIL, NEW).get("/account").status_code == 200
