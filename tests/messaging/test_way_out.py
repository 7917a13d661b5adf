"""The way out as a guest meets it: GET shows, POST acts, in their language, no cookie; forged links share one page."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from services.messaging.config import Config
from services.messaging.service import SERVICE
from shared.clock import VirtualClock
from shared.crypto.purposes import Sealing
from shared.crypto.signing import LinkSigner
from shared.web.config import WebConfig
from shared.web.i18n.guest_languages import GUEST_LANGUAGES
from tests.cast import ADDRESS, ANA, BEN
from tests.conftest import MakeDatabase
from tests.messaging.ana import NUMBER
from tests.messaging.hotel import MONDAY, Hotel, birthday, email, guest, lisbon, mobile, stay, survey
from tests.web import words

FRAME = Path(__file__).parent.parent.parent / "shared" / "web" / "static" / "css"


class Guest:
    """Ana with the links of the messages, as a mail program opens them."""

    def __init__(self, hotel: Hotel) -> None:
        self.hotel = hotel
        self.clock = VirtualClock(MONDAY)
        self.client: FlaskClient = SERVICE.build_web(Config(), hotel.database, self.clock, WebConfig()).test_client()
        self.signer = LinkSigner.of(hotel.keyring)

    def link(self, message: Any, more: str = "") -> str:
        return f"/messaging/way-out/{self.signer.sign('unsubscribe', message.message_id)}{more}"


@pytest.fixture
def ana(make_database: MakeDatabase) -> Guest:
    hotel = Hotel(make_database("messaging"))
    points = [email(hotel.keyring, ADDRESS), mobile(hotel.keyring, NUMBER)]
    hotel.hears(lisbon(), guest(points=points, language="de"), guest(BEN, points=points[:1]), stay("LIS-000001"))
    hotel.hears(birthday(), survey())
    hotel.runs()
    assert {state for state, _ in hotel.outcomes()} == {"sent"}
    return Guest(hotel)


def suppressed(ana: Guest) -> list[tuple[str, str]]:
    with ana.hotel.database.transaction() as tx:
        return tx.execute("select channel, purpose from suppression order by 1, 2").fetchall()


def next_outcome(ana: Guest) -> tuple[str, str | None]:
    """What becomes of the next birthday's mail, an hour later."""
    later = MONDAY + timedelta(hours=1)
    ana.hotel.hears(birthday(plan=2, due_at=later))
    ana.hotel.runs(later)
    return ana.hotel.outcomes()[-1]


def test_opening_the_link_changes_nothing_and_sets_no_cookie(ana: Guest) -> None:
    for more in ("", "/preferences"):
        answer = ana.client.get(ana.link(birthday(), more))
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert suppressed(ana) == []


def test_it_speaks_the_language_of_the_message_and_names_the_house(ana: Guest) -> None:
    text = words(ana.client.get(ana.link(birthday())))
    assert "Keine Angebote mehr per E-Mail?" in text
    assert "Casa do Rio, Lda. · Rua das Flores 1, 1200-001 Lisboa" in text
    assert "a•••@e•••.com" in text and ADDRESS not in text


def test_it_wears_the_brand_of_the_hotel_that_wrote(ana: Guest) -> None:
    ana.hotel.hears(
        lisbon(code="ALG", name="Algarve", colour="#7a1f3d"),
        lisbon(version=2, names={"de": "Haus am Fluss"}, colour="#1f4e79", logo="ab" * 32),
    )
    for more in ("", "/preferences"):
        page = ana.client.get(ana.link(birthday(), more)).get_data(as_text=True)
        assert f'src="/brand/{"ab" * 32}"' in page and "--accent: #1f4e79" in page and "Haus am Fluss" in page
    ana.hotel.hears(lisbon(version=3, colour="#ffcc00"))
    assert "--accent:" not in ana.client.get(ana.link(birthday())).get_data(as_text=True), "letters too light to read"


@pytest.mark.parametrize("tag", GUEST_LANGUAGES)
def test_the_switch_gives_each_language(ana: Guest, tag: str) -> None:
    for more in ("", "/preferences"):
        answer = ana.client.get(f"{ana.link(birthday(), more)}?in={tag}")
        assert answer.status_code == 200 and f'<html lang="{tag}">' in answer.get_data(as_text=True)


def test_one_press_ends_offers_for_everybody_on_the_address_and_says_so(ana: Guest) -> None:
    ana.client.get(ana.link(birthday()))
    answer = ana.client.post(ana.link(birthday()), follow_redirects=True)
    assert "keine Angebote mehr" in words(answer)
    assert suppressed(ana) == [("email", "marketing")]
    changed = [body for name, _, body in ana.hotel.said() if name == "consent.changed.v1"]
    assert {guest_id for body in changed for guest_id in body["guest_id"]} == {str(ANA), str(BEN)}


def test_the_way_out_of_a_survey_ends_surveys_only(ana: Guest) -> None:
    ana.client.post(ana.link(survey()))
    assert suppressed(ana) == [("email", "feedback")]


def test_a_mail_program_acts_at_once_and_twice_is_once(ana: Guest) -> None:
    for _ in range(2):
        answer = ana.client.post(ana.link(birthday()), data={"List-Unsubscribe": "One-Click"})
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers
    assert suppressed(ana) == [("email", "marketing")]
    assert [name for name, _, _ in ana.hotel.said()].count("consent.changed.v1") == 1


def test_the_next_claim_heeds_it(ana: Guest) -> None:
    ana.client.post(ana.link(birthday()))
    assert next_outcome(ana) == ("skipped", "suppressed")


@pytest.mark.parametrize("token", ["x", "AAAAAAAAAAAAAAAAAAAAAA.forged", "survey"])
def test_a_forged_link_is_one_kind_page(ana: Guest, token: str) -> None:
    given = ana.signer.sign("survey", birthday().message_id) if token == "survey" else token
    for answer in (
        ana.client.get(f"/messaging/way-out/{given}", headers={"Accept-Language": "fr"}),
        ana.client.post(f"/messaging/way-out/{given}?in=fr"),
    ):
        assert answer.status_code == 404
        assert "Ce lien n’est pas complet." in words(answer)
    assert suppressed(ana) == []


def test_offers_for_everyone_end_what_is_chosen_for_the_guest(ana: Guest) -> None:
    answer = ana.client.post(
        ana.link(birthday(), "/preferences"), data={"offers": "everyone", "surveys": "yes"}, follow_redirects=True
    )
    assert "Gespeichert" in words(answer)
    assert next_outcome(ana) == ("skipped", "for_everyone_only")
    ana.clock.advance_to(MONDAY + timedelta(hours=1))
    ana.client.post(ana.link(birthday(), "/preferences"), data={"offers": "me"})
    page = ana.client.get(ana.link(birthday(), "/preferences")).get_data(as_text=True)
    assert 'value="me" checked' in page


def test_who_left_may_come_back_and_the_words_are_the_proof(ana: Guest) -> None:
    ana.client.post(ana.link(birthday()))
    ana.clock.advance_to(MONDAY + timedelta(hours=1))
    ana.client.post(ana.link(birthday(), "/preferences?in=en"), data={"offers": "me"})
    assert suppressed(ana) == []
    proof = ana.hotel.one("select proof_sealed from consent_ledger where proof_sealed is not null")
    assert "Offers chosen for me" in ana.hotel.keyring.open(proof, Sealing.PROOF)


def test_none_and_no_end_both_and_saving_the_same_changes_nothing(ana: Guest) -> None:
    for _ in range(2):
        ana.client.post(ana.link(birthday(), "/preferences"), data={"offers": "none", "surveys": "no"})
    assert suppressed(ana) == [("email", "feedback"), ("email", "marketing")]
    assert [name for name, _, _ in ana.hotel.said()].count("consent.changed.v1") == 2


def test_the_language_chosen_is_the_language_written(ana: Guest) -> None:
    ana.client.post(ana.link(birthday(), "/preferences"), data={"language": "fr"})
    next_outcome(ana)
    assert ana.hotel.lines()[-1]["language"] == "fr"


def test_a_page_weighs_less_than_thirty_kilobytes_with_its_sheets(ana: Guest) -> None:
    sheets = sum((FRAME / f"{name}.css").stat().st_size for name in ("tokens", "type", "guest"))
    for more in ("", "/preferences"):
        page = ana.client.get(ana.link(birthday(), more)).get_data()
        assert len(page) + sheets < 30_000 and b"<script" not in page
