"""Reports by mail: each once a colleague, hotel and period, as they would read it and in their language; whatever dies
on the way, nothing goes twice, and nothing that nobody may see."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from werkzeug.serving import make_server

from services.console.clock import session_for_reports
from services.console.commands.accounts import end_access
from services.console.commands.reports.wishes import Wanted, change_hours, wish
from services.console.reports_role import Reports
from services.console.rules.reports.periods import Hours, ReportKind, next_send, window_at, window_from
from services.console.service import SERVICE
from services.console.store import accounts
from shared.access.people import Person
from shared.crypto.purposes import Sealing
from shared.errors import InputError
from shared.vocabulary.mail_body import MailBody
from shared.vocabulary.role import Role
from shared.web.config import WebConfig
from tests.cast import NOW
from tests.conftest import MakeDatabase
from tests.console.conftest import Serve
from tests.console.staff import House, open_house
from tests.console.test_changes import keep, stays
from tests.console.test_key_figures import told
from tests.web import words

MONTH, WEEK = ReportKind.MONTH, ReportKind.WEEK
DUE = datetime(2026, 12, 2, 7, 0, tzinfo=UTC)  # Lisbon's winter is UTC
A_DAY = timedelta(days=1)


@pytest.fixture
def house(make_database: MakeDatabase) -> House:
    made = open_house(make_database("console"))
    keep(made.database, stays({((2026, 11), "LIS", "OTA", ""): 90, ((2025, 11), "LIS", "OTA", ""): 40,
                               ((2026, 11), "SHA", "携程", ""): 35}))  # fmt: skip
    made.sends_mail()
    return made


@pytest.fixture
def pages(house: House, serve: Serve) -> Iterator[str]:
    """Console's own pages, where the role asks for them."""
    told_then = told(windows={}, counted_at=None)
    web = WebConfig("https://loop.example.com", gateway=serve(told_then))
    house.clock.advance_to(DUE)
    server = make_server(
        "127.0.0.1", 0, SERVICE.build_web(house.config, house.database, house.clock, web), threaded=True
    )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def role_of(house: House, gateway: str) -> Reports:
    return Reports(house.database, gateway, session_for_reports(house.database.keyring))


def want(house: House, who: Any, *reports: tuple[ReportKind, str], language: str = "", pdf: bool = False) -> None:
    with house.database.transaction() as tx:
        account = accounts.by_id(tx, who)
        assert account is not None
        by = Person(account.person_id, account.name, Role.ADMINISTRATOR, frozenset())
        wish(tx, account, Wanted(reports, language or None, pdf), by, NOW)


def mails(house: House) -> list[tuple[dict[str, Any], MailBody]]:
    found = [one for one in house.published("notice.requested.v1") if one["kind"] == "report"]
    return [(one, MailBody.read(house.database.keyring.open(one["body"], Sealing.NOTICE))) for one in found]


def test_a_monthly_report_goes_once_as_its_colleague_reads_it(house: House, pages: str) -> None:
    want(house, house.marta, (MONTH, "LIS"), language="zh-Hans", pdf=True)
    role = role_of(house, pages)
    assert role.next_due() == DUE and role.step(DUE - A_DAY) == 0
    for _ in range(3):
        role.step(DUE)
    ((notice, body),) = mails(house)
    assert notice["language"] == "zh-Hans" and notice["details"] == {"name": "Marta Marques"}
    assert body.subject == "月报 · Casa do Tejo Lisboa · 2026年11月"
    assert "2026年11月共有 90 次住店结束" in body.page and "携程" not in body.page + body.text
    assert 'src="cid:chart-0@guestloop"' in body.page and 'alt="已结束的住店：' in body.page
    assert "2026年11月：90" in body.text and "https://loop.example.com/figures/reports" in body.text
    assert [(one.media_type, one.content_id, one.name) for one in body.parts] == [
        ("image/png", "chart-0@guestloop", ""), ("image/png", "chart-1@guestloop", ""),
        ("application/pdf", "", "report-LIS-2026-11-01.pdf"),
    ]  # fmt: skip
    assert role.next_due() == datetime(2027, 1, 2, 7, 0, tzinfo=UTC)


def test_a_week_has_no_figures_of_guests_and_all_hotels_are_for_who_sees_them(house: House, pages: str) -> None:
    want(house, house.ada, (WEEK, ""), (WEEK, "SHA"))
    house.clock.advance_to(datetime(2026, 12, 7, 7, 0, tzinfo=UTC))
    role_of(house, pages).step(house.clock.now())
    subjects = {body.subject: body for _, body in mails(house)}
    assert set(subjects) == {
        "Weekly report · All hotels · Nov 30, 2026 to Dec 6, 2026",
        "Weekly report · Riverside House Shanghai · Nov 30, 2026 to Dec 6, 2026",
    }
    assert all("Retention" not in one.page and "a week is too short" in one.page for one in subjects.values())
    with pytest.raises(InputError):
        want(house, house.marta, (WEEK, ""))
    with pytest.raises(InputError):
        want(house, house.marta, (WEEK, "SHA"))


def test_a_process_that_dies_on_the_way_sends_it_once_all_the_same(
    house: House, pages: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    want(house, house.marta, (MONTH, "LIS"))
    with monkeypatch.context() as patch:
        patch.setattr("services.console.reports_role.hand_over", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            role_of(house, pages).step(DUE)
    role = role_of(house, pages)
    assert role.step(DUE + timedelta(minutes=1)) == 0 and mails(house) == [], "another one may still be at work on it"
    role.step(DUE + timedelta(minutes=11))
    role.step(DUE + timedelta(minutes=22))
    assert len(mails(house)) == 1


def test_two_at_once_make_one_of_it(house: House, pages: str) -> None:
    want(house, house.marta, (MONTH, "LIS"))
    workers = [threading.Thread(target=role_of(house, pages).step, args=(DUE,)) for _ in range(2)]
    for each in workers:
        each.start()
    for each in workers:
        each.join()
    assert len(mails(house)) == 1


def test_pages_that_are_silent_are_asked_again_until_it_is_too_late(house: House) -> None:
    want(house, house.marta, (MONTH, "LIS"))
    role = role_of(house, "http://127.0.0.1:9")  # nobody listens there
    role.step(DUE)
    assert house.all("select state, reason, attempts from report_due") == [("due", "silent", 1)]
    assert role.next_due() == DUE + timedelta(minutes=1)
    role.step(DUE + timedelta(days=8))
    assert house.all("select state, reason from report_due") == [("dropped", "silent")] and mails(house) == []


def test_without_a_real_sender_nothing_is_made_and_later_it_goes(house: House, pages: str) -> None:
    want(house, house.marta, (MONTH, "LIS"))
    house.sends_mail(False)
    role = role_of(house, pages)
    role.step(DUE)
    assert house.all("select state, attempts from report_due") == [("due", 0)]
    house.sends_mail()
    role.step(DUE + A_DAY)
    assert len(mails(house)) == 1


def test_who_has_no_access_any_more_gets_nothing(house: House, pages: str) -> None:
    want(house, house.marta, (MONTH, "LIS"), (WEEK, "LIS"))
    with house.database.transaction() as tx:
        end_access(tx, house.marta, "Ada Azevedo", NOW)
    role_of(house, pages).step(DUE)
    assert mails(house) == [] and house.one("select reason from report_due where kind = 'month'") == "no_access"


@pytest.mark.usefixtures("pages")
def test_the_page_of_a_mail_is_answered_to_whom_it_is_for(house: House) -> None:
    marta = house.browser()
    address = "/figures/reports/mail?kind=month&first=2026-11-01"
    assert marta.get(f"{address}&hotel=LIS").status_code == 302, "to the sign-in"
    with marta.client.session_transaction() as session:
        with house.database.transaction() as tx:
            account = accounts.by_id(tx, house.marta)
        assert account is not None
        cookie = session_for_reports(house.database.keyring)(account, None, DUE)
        session.clear()
    marta.client.set_cookie("guestloop", cookie.split("; ")[0].removeprefix("guestloop="))
    assert marta.get(f"{address}&hotel=LIS").status_code == 200
    assert marta.get(address).status_code == marta.get("/figures/reports/mail?kind=day").status_code == 404
    assert marta.get("/figures/reports/mail?kind=month&first=2026-12-01&hotel=LIS").status_code == 404, "not over"
    house.clock.advance_to(DUE + timedelta(minutes=6))
    assert marta.get(f"{address}&hotel=LIS").status_code == 302, "such a session lasts minutes"


def test_everybody_has_a_switch_and_administrators_all_of_them(house: House) -> None:
    ada = house.signed_in()
    page = words(ada.get("/figures/reports"))
    assert "Marta Marques" in page and "When they go" in page
    ada.get(f"/figures/reports/{house.marta}")
    ada.post(f"/figures/reports/{house.marta}", {"report": ["week:LIS", "month:LIS"], "language": "zh-Hans"})
    assert house.all("select kind, property, language, changed_by from report_wish order by kind") == [
        ("month", "LIS", "zh-Hans", "Ada Azevedo"), ("week", "LIS", "zh-Hans", "Ada Azevedo")]  # fmt: skip
    wrong = ada.post(f"/figures/reports/{house.marta}", {"report": ["week:SHA"]})
    assert wrong.status_code == 422 and "Choose hotels that this colleague may see." in words(wrong)
    ada.post("/figures/reports/hours", {"weekday": "5", "monthday": "3", "hour": "18"})
    assert house.one("select min(next_at) from report_wish") == datetime(2026, 11, 27, 18, tzinfo=UTC)
    marta = house.signed_in("marta@casa.example.com", "eleven slow green trams")
    mine = words(marta.get("/figures/reports"))
    assert (
        "What I get" in mine and "Ada Azevedo" not in mine.split("Reports by mail", 1)[1] and "When they go" not in mine
    )
    marta.post("/figures/reports", {})
    assert house.all("select from report_wish") == []
    assert marta.get(f"/figures/reports/{house.ada}").status_code == 403
    assert marta.post("/figures/reports/hours", {"weekday": "1", "monthday": "1", "hour": "1"}).status_code == 403
    assert ada.get(f"/figures/reports/{uuid4()}").status_code == 404


def test_reports_go_by_the_hotels_clock_also_when_it_is_put_on(house: House) -> None:
    shanghai = next_send(MONTH, Hours(), "Asia/Shanghai", NOW)
    assert shanghai.astimezone(ZoneInfo("Asia/Shanghai")) == datetime(2026, 12, 2, 7, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert window_at(MONTH, date(2026, 12, 2)) == window_from(MONTH, date(2026, 11, 1))
    assert window_at(WEEK, date(2026, 12, 7)).first == window_at(WEEK, date(2026, 12, 13)).first == date(2026, 11, 30)
    sunday = replace(Hours(), weekday=7, hour=1)  # 1:00 does not exist on the last Sunday of March
    gap = next_send(WEEK, sunday, "Europe/Lisbon", datetime(2026, 3, 28, 12, tzinfo=UTC))
    assert gap == datetime(2026, 3, 29, 1, tzinfo=UTC)
    assert next_send(WEEK, sunday, "Europe/Lisbon", gap) == datetime(2026, 4, 5, 0, tzinfo=UTC)
    with house.database.transaction() as tx:
        change_hours(tx, Hours(2, 9, 6), Person(house.ada, "Ada Azevedo", Role.ADMINISTRATOR, frozenset()), NOW)
