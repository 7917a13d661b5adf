"""The frame around every page: who gets in, what they see around the page, how errors are told."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from flask import Blueprint, Flask, render_template_string, request, session
from structlog.testing import capture_logs

from shared.access.people import May
from shared.clock import VirtualClock
from shared.errors import Conflict, InputError, NotFound
from shared.web.access_control import me, needs, open_to_all, scope, signed_in
from shared.web.app import make_app
from shared.web.config import WebConfig
from shared.web.site import here, site_of
from tests.cast import ADA, ANTON, DINA, MARTA, NOW, Member, employ
from tests.conftest import MakeDatabase
from tests.web import Browser, words

PAGE = """
{% extends "web/shell.html" %}{% import "web/ui.html" as ui with context %}{% set active = "guests" %}
{% block title %}{{ _("Guests") }}{% endblock %}
{% block content %}{% call ui.head("Hello") %}{{ ui.post_button("Save", "/segments/save", main=true) }}{% endcall %}
<p>{{ at | moment("Asia/Shanghai") }}</p><p>{{ 1234.5 | number }}</p>{% endblock %}
"""


EVERY = {"everywhere": True, "hotels": []}


def doors() -> Blueprint:
    found = Blueprint("toy", __name__, url_prefix="/segments")

    @found.get("/page")
    @signed_in
    def page() -> str:
        return render_template_string(PAGE, at=here().now() - timedelta(days=1))

    @found.get("/scope")
    @signed_in
    def show_scope() -> dict[str, object]:
        return {"scope": scope().values, "name": me().name}

    @found.get("/team")
    @needs(May.ADMINISTER)
    def team() -> str:
        return "the team"

    @found.route("/rule", methods=["GET", "POST"])
    @needs(May.CONFIGURE)
    def rule() -> str:
        return "the rule"

    @found.get("/file")
    @needs(May.IMPORT_DATA)
    def file() -> str:
        return "rows of all hotels"

    @found.get("/forgotten")
    def forgotten() -> str:
        return "nobody said who may come here"

    @found.get("/open")
    @open_to_all
    def opened() -> str:
        return "come in"

    @found.post("/save")
    @signed_in
    def save() -> str:
        return f"saved {request.form['what']}"

    @found.get("/fails/<how>")
    @signed_in
    def fails(how: str) -> str:
        raise {
            "input": InputError("Not so.", {"line 3, birth_date": "a day is expected"}),
            "conflict": Conflict(),
            "gone": NotFound("There is no such guest."),
        }.get(how, ValueError("a secret of the code"))

    return found


@pytest.fixture
def app(make_database: MakeDatabase) -> Flask:
    database = make_database("segments")
    employ(database)
    site = site_of(WebConfig(demo=True), database, VirtualClock(NOW))
    made = make_app(site, Path("nowhere"), [doors()])
    made.config["PROPAGATE_EXCEPTIONS"] = False
    return made


def as_(app: Flask, who: Member | None) -> Browser:
    return Browser(app, who)


def test_a_stranger_is_sent_to_sign_in_and_back_again(app: Flask) -> None:
    answer = as_(app, None).get("/segments/page?kind=stay")
    assert answer.status_code == 302
    assert answer.headers["Location"].startswith("/sign-in?next=/segments/page")


def test_who_is_signed_in_sees_the_page_in_its_frame(app: Flask) -> None:
    answer = as_(app, MARTA).get("/segments/page")
    text = words(answer)
    for seen in ("Marta Marques", "Guests", "Journeys", "demo figures", "1,234.5", "yesterday 20:00 (Shanghai)"):
        assert seen in text
    assert "Team" not in text  # not hers to use
    assert 'aria-current="page"' in answer.get_data(as_text=True)


def test_the_frame_speaks_chinese(app: Flask) -> None:
    answer = as_(app, MARTA).get("/segments/page", headers={"Accept-Language": "zh-CN"})
    assert '<html lang="zh-Hans">' in answer.get_data(as_text=True)
    assert "宾客" in words(answer) and "昨天 20:00 （上海）" in words(answer)


def test_an_account_opens_only_what_its_role_may(app: Flask) -> None:
    assert as_(app, MARTA).get("/segments/team").status_code == 403
    assert as_(app, ADA).get("/segments/team").status_code == 200


def test_what_belongs_to_all_hotels_is_not_changed_by_who_sees_one(app: Flask) -> None:
    with app.extensions["guestloop"].transaction() as tx:
        tx.execute("update person_known set properties = '{LIS}' where name = 'Marta Marques'")
    marta = as_(app, MARTA)
    marta.get("/segments/page")
    assert marta.get("/segments/rule").status_code == 200
    assert marta.post("/segments/rule").status_code == 403
    assert marta.get("/segments/file").status_code == 200  # an import refuses row by row
    ada = as_(app, ADA)
    ada.get("/segments/page")
    assert ada.post("/segments/rule").status_code == 200
    assert ada.get("/segments/file").status_code == 200


def test_what_was_refused_is_logged_without_a_name(app: Flask) -> None:
    with capture_logs() as logs:
        as_(app, MARTA).get("/segments/team")
        as_(app, MARTA).post("/segments/save", {"csrf_token": "guessed"})
    assert [(line["event"], line["status"], line["page"], line["person"]) for line in logs] == [
        ("a request was refused", 403, "/segments/team", str(MARTA.person_id)),
        ("a request was refused", 400, "/segments/save", str(MARTA.person_id)),
    ]
    assert "Marta" not in str(logs)


def test_by_https_only_the_browser_is_told_to_stay_with_it(make_database: MakeDatabase) -> None:
    database = make_database("segments")
    employ(database)
    app = make_app(site_of(WebConfig(), database, VirtualClock(NOW)), Path("nowhere"), [doors()], secure=True)

    @app.get("/segments/remembered")
    @open_to_all
    def remembered() -> str:
        session["language"] = "en"
        return "seen"

    answer = app.test_client().get("/segments/remembered", base_url="https://hotel.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-guestloop=")
    assert all(mark in cookie for mark in ("Secure", "HttpOnly", "Path=/", "SameSite=Lax")) and "Domain" not in cookie


def test_no_page_says_more_than_a_browser_needs(app: Flask) -> None:
    headers = as_(app, MARTA).get("/segments/page").headers
    policy = headers["Content-Security-Policy"]
    assert "object-src 'none'" in policy and "base-uri 'none'" in policy and "frame-ancestors 'self'" in policy
    assert "unsafe" not in policy.replace("style-src 'self' 'unsafe-inline'", "")
    assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers  # on a machine of one's own there is no https to stay with


def test_a_page_that_nobody_marked_is_closed_to_all(app: Flask) -> None:
    assert as_(app, ADA).get("/segments/forgotten").status_code == 403


def test_guests_pages_set_no_cookie(app: Flask) -> None:
    answer = as_(app, None).get("/segments/open")
    assert answer.status_code == 200
    assert "Set-Cookie" not in answer.headers


def test_whoever_lost_access_is_out_at_once(app: Flask) -> None:
    browser = as_(app, ANTON)
    assert browser.get("/segments/page").status_code == 200
    with app.extensions["guestloop"].transaction() as tx:
        tx.execute("update person_known set role = null where name = 'Anton Alves'")
    assert browser.get("/segments/page").status_code == 302


def test_a_form_without_its_token_changes_nothing(app: Flask) -> None:
    browser = as_(app, MARTA)
    forged = browser.post("/segments/save", {"what": "x", "csrf_token": "made up"})
    assert forged.status_code == 400 and "has expired" in words(forged)
    browser.get("/segments/page")
    assert browser.post("/segments/save", {"what": "x"}).get_data(as_text=True) == "saved x"


def test_the_hotel_chosen_is_kept_and_only_ones_own_can_be_chosen(app: Flask) -> None:
    marta, dina = as_(app, MARTA), as_(app, DINA)
    assert marta.get("/segments/scope").json == {"scope": EVERY, "name": "Marta Marques"}
    assert marta.get("/segments/scope?hotel=SHA").json["scope"]["hotels"] == ["SHA"]  # type: ignore[index]
    assert marta.get("/segments/scope").json["scope"]["hotels"] == ["SHA"]  # type: ignore[index]
    assert marta.get("/segments/scope?hotel=").json["scope"] == EVERY  # type: ignore[index]
    assert dina.get("/segments/scope?hotel=SHA").json["scope"] == {"everywhere": False, "hotels": ["LIS"]}  # type: ignore[index]


@pytest.mark.parametrize(
    ("how", "status", "says"),
    [
        ("input", 422, "line 3, birth_date a day is expected"),
        ("conflict", 409, "changed by somebody else"),
        ("gone", 404, "There is no such guest."),
        ("unforeseen", 500, "it has been recorded"),
    ],
)
def test_an_error_is_a_page_in_words(app: Flask, how: str, status: int, says: str) -> None:
    answer = as_(app, MARTA).get(f"/segments/fails/{how}")
    assert answer.status_code == status
    assert says in words(answer)
    assert "secret of the code" not in words(answer)


def test_a_program_is_told_in_json(app: Flask) -> None:
    answer = app.test_client().get("/segments/page", headers={"Authorization": "Bearer glk_none_such"})
    assert answer.status_code == 401
    assert "API key" in answer.json["message"]  # type: ignore[index]


def test_health_asks_for_no_sign_in(app: Flask) -> None:
    assert app.test_client().get("/segments/health").json == {"service": "segments", "state": "up"}
    assert app.test_client().get("/segments/ready").status_code == 200
