"""An administrator erases a guest on the guest's page: numbers, a typed name, once, and what is left to see."""

from __future__ import annotations

from pathlib import Path

import pytest

from services.segments.config import Config
from services.segments.service import SERVICE
from shared.database.pool import Database
from shared.personal_data.erasures import ErasureList
from shared.web.config import WebConfig
from tests.cast import ADA, DINA, FILIPA, MARTA, Member
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties, rows_of, told
from tests.segments.test_pages_guests import JOAO, RITA, bring, guest_id, page_of
from tests.web import Browser, browser, words

RITAS = f"{page_of(RITA)}/erasure"


@pytest.fixture
def segments(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    bring(database, [RITA, JOAO])
    return database


@pytest.fixture
def listed(tmp_path: Path) -> ErasureList:
    return ErasureList(tmp_path / "erasures")


def desk(database: Database, listed: ErasureList, who: Member | None = ADA) -> Browser:
    web = WebConfig(gateway="http://127.0.0.1:9")  # nobody listens there: the neighbours are silent
    return browser(SERVICE.build_web, Config(erasures=listed.path), database, who, web=web)


@pytest.mark.parametrize("who", [MARTA, DINA, FILIPA])
def test_only_administrators_see_the_button_and_may_erase(segments: Database, listed: ErasureList, who: Member) -> None:
    one = desk(segments, listed, who)
    assert "Erase" not in words(one.get(page_of(RITA)))
    assert one.get(RITAS).status_code == 403
    assert one.post(RITAS, {"name": "Rita Cantu"}).status_code == 403
    assert rows_of(segments, "select count(*) from guest where erased_at is not null") == [(0,)]


def test_the_page_says_the_consequence_in_numbers_and_asks_for_the_name(
    segments: Database, listed: ErasureList
) -> None:
    ada = desk(segments, listed)
    assert "Erase…" in words(ada.get(page_of(RITA)))
    page = words(ada.get(RITAS))
    assert "Stays 1" in page and "Addresses and numbers 2" in page and "Type «Rita Cantu» to confirm" in page
    refused = ada.post(RITAS, {"name": "João Conceição"})
    assert refused.status_code == 422 and "not what the line above says" in words(refused)
    assert listed.read().listed == ()


def test_it_is_erased_once_audited_listed_and_the_page_says_so(segments: Database, listed: ErasureList) -> None:
    ada = desk(segments, listed)
    ada.get(RITAS)
    for _ in range(2):
        page = words(ada.post(RITAS, {"name": "Rita Cantu"}))
        assert "Erased on" in page and "Certificate" in page and "Rita" not in page
    assert told(segments).count("guest.erased") == 1
    assert [one.guests for one in listed.read().listed] == [(guest_id(RITA),)]
    audited = rows_of(segments, "select convert_from(body, 'utf8') from outbox where type = 'audit.recorded.v1'")
    assert sum('"guest.erased"' in body for (body,) in audited) == 1
    assert ada.get(page_of(RITA)).location.endswith("/erasure/certificate")
    assert desk(segments, listed, FILIPA).get(page_of(RITA)).status_code == 404
    assert words(ada.get(page_of(JOAO))).count("João")


def test_a_list_that_cannot_be_written_erases_nobody(segments: Database, tmp_path: Path) -> None:
    ada = desk(segments, ErasureList(tmp_path / "missing" / "erasures"))
    ada.get(RITAS)
    answer = ada.post(RITAS, {"name": "Rita Cantu"})
    assert answer.status_code >= 400 and "expired" not in words(answer)
    assert rows_of(segments, "select count(*) from guest where erased_at is not null") == [(0,)]


def test_the_stay_of_an_erased_guest_stands_on_today_without_a_link(segments: Database, listed: ErasureList) -> None:
    ada = desk(segments, listed)
    ada.get(f"{page_of(JOAO)}/erasure")
    ada.post(f"{page_of(JOAO)}/erasure", {"name": "João Conceição"})
    answer = desk(segments, listed, FILIPA).get("/segments/today")
    assert "Arriving 1" in words(answer) and "Erased guest" in words(answer)
    assert str(guest_id(JOAO)) not in answer.get_data(as_text=True)
