"""What DNS must say of a domain, what it says, and the pages that show it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from html import unescape
from typing import NamedTuple
from uuid import uuid4

import pytest

from services.messaging.config import Config
from services.messaging.domains_role import DomainsRole
from services.messaging.rules.domains import records as rules
from services.messaging.service import SERVICE
from services.messaging.store.senders import rows
from shared.outgoing import dns
from tests.cast import ADA, MARTA, NOW
from tests.conftest import MakeDatabase
from tests.messaging.dns_server import Zone, dns_server
from tests.messaging.hotel import Hotel
from tests.messaging.pages_cast import house
from tests.messaging.test_house_senders import sender
from tests.web import Browser, browser, words

HOST = ["include:sendgrid.net"]
PLACE = "/messaging/domains/casa.example.com"


@pytest.mark.parametrize(
    ("host", "mechanism"),
    [
        ("smtp.sendgrid.net", "include:sendgrid.net"),
        ("email-smtp.eu-west-1.amazonaws.com", "include:amazonses.com"),
        ("notsendgrid.net", "a:notsendgrid.net"),
        ("mail.casa.example.com", "a:mail.casa.example.com"),
        ("192.0.2.7", "ip4:192.0.2.7"),
        ("2001:db8::7", "ip6:2001:db8::7"),
    ],
)
def test_spf_allows_a_mail_server_as_its_provider_says(host: str, mechanism: str) -> None:
    assert rules.mechanism_for(host) == mechanism


@pytest.mark.parametrize(
    ("found", "state", "wanted"),
    [
        ([], "missing", "v=spf1 include:sendgrid.net ~all"),
        (["google-site-verification=1"], "missing", "v=spf1 include:sendgrid.net ~all"),
        (["v=spf1 include:sendgrid.net -all"], "found", "v=spf1 include:sendgrid.net -all"),
        (["v=spf1 +include:SendGrid.net -all"], "found", "v=spf1 +include:SendGrid.net -all"),
        (["v=spf1 mx ip4:192.0.2.1 -all"], "different", "v=spf1 mx ip4:192.0.2.1 include:sendgrid.net -all"),
        (["v=spf1 redirect=_spf.x.example"], "different", "v=spf1 include:sendgrid.net redirect=_spf.x.example"),
        (["v=spf1 mx ~all", "v=spf1 a -all"], "several", "v=spf1 mx a include:sendgrid.net -all"),
        (["v=spf10 mx"], "missing", "v=spf1 include:sendgrid.net ~all"),
        (None, "cannot_ask", "v=spf1 include:sendgrid.net ~all"),
    ],
)
def test_what_stands_there_is_kept_and_ours_added(found: list[str] | None, state: str, wanted: str) -> None:
    record = rules.spf("casa.example.com", found, HOST)
    assert (record.state, record.wanted) == (state, wanted)


def test_an_spf_record_that_asks_too_often_is_told() -> None:
    nested = {"a.example": ["v=spf1 " + " ".join(f"include:{n}.example" for n in range(6)) + " -all"],
              "b.example": ["v=spf1 a mx -all"]}  # fmt: skip
    found = ["v=spf1 include:a.example include:b.example ip4:192.0.2.1 -all"]
    record = rules.spf("x.example", found, ["a:mail.x.example"], lambda name: nested.get(name, []))
    assert record.has_too_many and not replace(record, lookups=10).has_too_many
    assert rules.lookups("v=spf1 mx a:x.example ip4:192.0.2.1 include:b.example -all", lambda n: nested.get(n)) == 5
    looped = rules.lookups("v=spf1 include:l.example", lambda _: ["v=spf1 include:l.example"])
    assert looped == rules.MOST_LOOKUPS + 1, "a record that includes itself comes to an end"


@pytest.mark.parametrize(
    ("found", "above", "state"),
    [
        (["v=DMARC1; p=none; rua=mailto:x@x.example"], [], "found"),
        (["v=DMARC1;p=REJECT"], [], "found"),
        ([], ["v=DMARC1; p=quarantine"], "found"),
        ([], [], "missing"),
        (["v=DMARC1"], [], "different"),
        (["v=DMARC1; p=none", "v=DMARC1; p=reject"], [], "several"),
        (None, [], "cannot_ask"),
    ],
)
def test_dmarc_is_read_here_or_above(found: list[str] | None, above: list[str], state: str) -> None:
    assert rules.dmarc("_dmarc.x.example", found, above).state == state


def test_a_key_in_dns_is_ours_another_or_none() -> None:
    name, ours = "gl1._domainkey.x.example", "MIIB" + "A" * 300
    states = [
        rules.dkim(name, found, ours).state
        for found in (
            [f"v=DKIM1; k=rsa; p={ours}"],
            [f"k=rsa;p={ours[:99]} {ours[99:]}"],
            ["v=DKIM1; p=MIIC"],
            [],
            None,
        )
    ]
    assert states == ["found", "found", "different", "missing", "cannot_ask"]


def test_questions_to_dns_end_and_say_what_is_not_known(monkeypatch: pytest.MonkeyPatch) -> None:
    with dns_server() as zone:
        zone.texts["a.example"] = ["x" * 450, "second"]
        zone.exchanges = {"a.example": ["20 later.example.", "10 first.example."], "none.example": ["0 ."]}
        zone.silent, zone.broken = {"silent.example"}, {"broken.example"}
        asked = dns.Dns([("127.0.0.1", zone.port)])
        assert asked.texts("a.example") == ["second", "x" * 450]
        assert asked.exchanges("a.example") == ["first.example", "later.example"]
        assert asked.exchanges("none.example") == []
        assert asked.texts("nobody.example") == []
        monkeypatch.setattr(dns, "ONE_QUESTION", 0.3)
        assert (asked.texts("silent.example"), asked.texts("broken.example")) == (None, None)
        assert asked.texts("a..example") is None, "no name"
        assert dns.Dns([("127.0.0.1", zone.port)], within=0).texts("a.example") is None


@pytest.fixture
def zone() -> Zone:  # type: ignore[misc]
    with dns_server() as found:
        yield found


def test_a_domain_is_pasted_checked_and_signs_once_dns_publishes_its_key(
    make_database: MakeDatabase, zone: Zone
) -> None:
    hotel = house(make_database("messaging"))
    config = Config(resolvers=(("127.0.0.1", zone.port),))
    page, marta = (browser(SERVICE.build_web, config, hotel.database, who) for who in (ADA, MARTA))
    assert "No domain yet" in words(page.get("/messaging/domains"))
    with hotel.database.transaction() as tx:
        rows.add(tx, sender(settings={"host": "smtp.sendgrid.net", "port": 587}), None)
    assert "mail is not signed" in words(page.get("/messaging/domains"))
    assert marta.get(PLACE).status_code == 403 and page.get("/messaging/domains/other.example").status_code == 404
    page.get(PLACE)
    assert "The key is made." in words(page.post(f"{PLACE}/keys"))
    assert "A new key waits already" in words(page.post(f"{PLACE}/keys"))
    selector, public = (
        str(hotel.one("select selector from dkim_key")),
        str(hotel.one("select public_key from dkim_key")),
    )
    text = unescape(page.get(PLACE).text)
    line = f"v=DKIM1; k=rsa; p={public}"
    assert line in text and f"{selector}._domainkey.casa.example.com" in text and "PRIVATE KEY" not in text
    zone.texts["casa.example.com"] = ["v=spf1 mx -all"]
    assert "v=spf1 mx include:sendgrid.net -all" in unescape(page.post(f"{PLACE}/check").text)
    assert hotel.one("select used_from from dkim_key") is None, "nobody finds it yet"
    zone.texts |= {
        "casa.example.com": ["v=spf1 mx include:sendgrid.net -all"],
        "sendgrid.net": ["v=spf1 ip4:192.0.2.0/24 -all"],
        "_dmarc.casa.example.com": ["v=DMARC1; p=none"],
        f"{selector}._domainkey.casa.example.com": [line],
    }
    zone.exchanges["casa.example.com"] = ["10 mx.casa.example.com."]
    assert "all is found" in words(page.post(f"{PLACE}/check"))
    assert hotel.one("select used_from is not null from dkim_key") is True
    zone.broken = {"_dmarc.casa.example.com"}
    assert "cannot ask" in words(page.post(f"{PLACE}/check"))
    said = [body["action"][0] for name, _, body in hotel.said() if name == "audit.recorded.v1"]
    assert [one for one in said if one.startswith("domain.")] == ["domain.key_added", "domain.key_used"]


KEYS = "select selector, public_key from dkim_key"


@pytest.fixture
def asked_daily(make_database: MakeDatabase, zone: Zone) -> Followed:
    """A domain whose four records are right, and whose key signs."""
    hotel = house(make_database("messaging"))
    config = Config(resolvers=(("127.0.0.1", zone.port),))
    role = DomainsRole(hotel.database, config)
    assert role.next_due() is None and role.step(NOW) == 0, "no mail is from any domain"
    with hotel.database.transaction() as tx:
        rows.add(tx, sender(settings={"host": "smtp.sendgrid.net", "port": 587}), None)
    page = browser(SERVICE.build_web, config, hotel.database, ADA)
    page.get(PLACE)
    page.post(f"{PLACE}/keys")
    with hotel.database.glance() as tx:
        ((selector, public),) = tx.execute(KEYS).fetchall()
    zone.texts |= {
        "casa.example.com": ["v=spf1 include:sendgrid.net -all"],
        "_dmarc.casa.example.com": ["v=DMARC1; p=none"],
        f"{selector}._domainkey.casa.example.com": [f"v=DKIM1; k=rsa; p={public}"],
    }
    zone.exchanges["casa.example.com"] = ["10 mx.casa.example.com."]
    return Followed(hotel, role, page, f"{selector}._domainkey.casa.example.com")


class Followed(NamedTuple):
    hotel: Hotel
    role: DomainsRole
    page: Browser
    key: str

    def at_home(self) -> list[str]:
        needs = self.page.get("/messaging/home").get_json()["needs"]
        return [one["text"] for one in needs if one["url"] == PLACE]


def test_dns_is_asked_daily_and_what_was_right_is_told_once_it_is_wrong(asked_daily: Followed, zone: Zone) -> None:
    hotel, role, page, key = asked_daily
    due = role.next_due()
    assert due is not None and due <= NOW and (role.step(NOW), role.step(NOW)) == (1, 0)
    assert hotel.one("select used_from from dkim_key") == NOW, "a key that waited signs once it is published"
    assert role.next_due() == NOW + timedelta(days=1) and not asked_daily.at_home()
    held, zone.texts[key] = zone.texts[key], []
    assert role.step(NOW + timedelta(hours=23)) == 0 and role.step(NOW + timedelta(days=1)) == 1
    (line,) = asked_daily.at_home()
    assert line == "casa.example.com: DNS no longer says what it should of DKIM"
    assert line in words(page.get("/messaging/senders"))
    assert "no longer as it was: DKIM" in words(page.get("/messaging/domains"))
    assert "Right before, wrong since" in words(page.get(PLACE))
    marta = browser(SERVICE.build_web, Config(), hotel.database, MARTA)
    assert not [one for one in marta.get("/messaging/home").get_json()["needs"] if PLACE in one["url"]]
    zone.texts[key] = held
    assert role.step(NOW + timedelta(days=2)) == 1 and not asked_daily.at_home()


def test_a_resolver_that_does_not_answer_makes_nothing_wrong(asked_daily: Followed, zone: Zone) -> None:
    """Nor does it make right what was wrong; it is asked again an hour later, and the page says so."""
    _, role, page, key = asked_daily
    role.step(NOW)
    everything = {"casa.example.com", "_dmarc.casa.example.com", "_dmarc.example.com", key}
    zone.broken = everything
    day = NOW + timedelta(days=1)
    role.step(day)
    assert role.next_due() == day + timedelta(hours=1) and not asked_daily.at_home()
    told = words(page.get(PLACE))
    assert "DNS did not answer" in told and "Found last:" in told
    assert '"domain":true' in page.get("/messaging/home").text.replace(" ", ""), "what DNS said is not forgotten"
    zone.broken, zone.texts["_dmarc.casa.example.com"] = {"_dmarc.example.com"}, []
    role.step(day + timedelta(hours=1))
    assert not asked_daily.at_home(), "whether the domain above says it nobody answered"
    zone.broken = set()
    role.step(day + timedelta(hours=2))
    assert asked_daily.at_home()
    zone.broken = everything
    role.step(day + timedelta(hours=26))
    assert asked_daily.at_home(), "still wrong, as far as is known"


def test_dns_is_asked_at_once_where_another_line_is_wanted(asked_daily: Followed) -> None:
    hotel, role, page, _ = asked_daily
    role.step(NOW)
    with hotel.database.transaction() as tx:
        other = sender(settings={"host": "smtp.mailgun.org", "port": 587})
        rows.add(tx, replace(other, sender_id=uuid4(), name="Second"), None)
    assert "not checked yet" in words(page.get("/messaging/domains"))
    assert role.step(NOW + timedelta(minutes=1)) == 1
    assert "include:mailgun.org" in unescape(page.get(PLACE).text) and len(asked_daily.at_home()) == 1
