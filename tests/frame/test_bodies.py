"""How much of a body is read, and that nothing of it is before it is known who sends it."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask import current_app
from werkzeug.test import TestResponse

from shared.access.people import May
from shared.crypto.signing import LinkSigner
from shared.events.console import EVERY_SERVICE
from shared.vocabulary.grant import Grant
from shared.web.access_control import door_of
from shared.web.awaited_body import AWAIT_BODY, SMALL_BODY, BodyAwaited, await_body
from shared.web.bodies import MB, OF_A_FILE, OF_A_PAGE, longest_body
from shared.web.config import WebConfig
from tests.cast import ADA, FILIPA, Member
from tests.conftest import MakeDatabase
from tests.web import Browser, browser, claims, words

UPLOADS = {
    "segments": (
        "/segments/imports",
        "/api/imports",
        "/api/stays/lines",
        "/api/guests/lines",
        "/api/spend/lines",
        "/segments/money/rates/file",
        "/segments/segments/lists",
    ),
    "feedback": (
        *("/feedback/opt-outs", "/feedback/reviews", "/feedback/cases/<uuid:case_id>/pictures"),
        *("/api/mail", "/api/reviews/lines", "/feedback/inbox/canned"),
        *("/feedback/inbox/<uuid:thread_id>/answers", "/feedback/inbox/<uuid:thread_id>/canned"),
    ),
    "messaging": ("/messaging/offers/uses", "/messaging/offers/<offer_key>/codes/file", "/messaging/pictures"),
    "console": ("/properties/<code>/brand",),
}
BY_LINK = {"feedback": ("/feedback/survey/<token>/pictures",)}
"""Where guests hand in files, by the signed link of a message."""
FORMS = "multipart/form-data; boundary=x"


def at_work(make_database: MakeDatabase, service: str, folder: Path, who: Member | None) -> Browser:
    config: Any = import_module(f"services.{service}.config").Config
    web: Any = import_module(f"services.{service}.service").SERVICE.build_web
    settings = config(imports=folder) if service == "segments" else config()
    return browser(web, settings, make_database(service), who, web=WebConfig())


def sent(person: Browser, path: str, length: int | None, **more: Any) -> TestResponse:
    return claims(person.client, path, length, FORMS, **more)


@pytest.mark.parametrize(("service", "path"), [(name, one) for name, paths in UPLOADS.items() for one in paths])
def test_an_upload_is_not_read_for_strangers_nor_without_a_token(
    make_database: MakeDatabase, tmp_path: Path, service: str, path: str
) -> None:
    path = (
        path.replace("<uuid:case_id>", str(UUID(int=7)))
        .replace("<uuid:thread_id>", str(UUID(int=7)))
        .replace("<code>", "LIS")
    )
    stranger = at_work(make_database, service, tmp_path, None)
    assert sent(stranger, path, 200 * MB).status_code in (302, 401, 413)
    assert sent(stranger, path, 1000, headers={"Authorization": "Bearer glk_no"}).status_code in (302, 401)
    person = at_work(make_database, service, tmp_path, ADA)
    refused = 401 if path.startswith("/api/") else 400  # a cookie counts for nothing where programs come
    for headers in ({}, {"X-CSRFToken": "no"}):
        assert sent(person, path, 1000, headers=headers).status_code == refused
    assert sent(person, f"{path}?csrf_token=no", 1000).status_code == refused
    assert sent(person, path, 257 * MB).status_code in (refused, 413)


def test_an_upload_is_not_read_for_those_who_may_not(make_database: MakeDatabase, tmp_path: Path) -> None:
    person = at_work(make_database, "segments", tmp_path, FILIPA)
    assert sent(person, "/segments/imports", 1000).status_code == 403


@pytest.mark.parametrize("service", EVERY_SERVICE)
def test_every_address_has_its_bound(make_database: MakeDatabase, tmp_path: Path, service: str) -> None:
    app = at_work(make_database, service, tmp_path, None).app
    with app.app_context():
        takes = {rule.endpoint: longest_body(rule.endpoint) for rule in app.url_map.iter_rules()}
        doors = {name: door_of(name) for name in takes if not name.endswith("static")}
        files = {name for name in takes if hasattr(current_app.view_functions[name], "takes_files")}
    rules = {name: app.url_map._rules_by_endpoint[name][0].rule for name in takes}
    by_link = {name for name in files if rules[name] in BY_LINK.get(service, ())}
    assert {rules[name] for name in files} == {*UPLOADS.get(service, ()), *BY_LINK.get(service, ())}
    for name, door in doors.items():
        wanted = SMALL_BODY if door == "everybody" else OF_A_PAGE
        assert takes[name] <= OF_A_FILE and (name in files or takes[name] == wanted), name
        known = isinstance(door, May | Grant) or app.view_functions[name].__dict__.get("by_link")
        assert name not in files or known, f"{name} takes files of strangers"
        assert (name in by_link) == bool(app.view_functions[name].__dict__.get("by_link")), name


@pytest.mark.parametrize("length", [1000, 5 * MB, None])
def test_an_upload_by_a_link_is_not_read_where_the_link_is_not_whole(
    make_database: MakeDatabase, tmp_path: Path, length: int | None
) -> None:
    stranger = at_work(make_database, "feedback", tmp_path, None)
    signer = LinkSigner.of(stranger.app.extensions["guestloop"].database.keyring)
    for token in ("x", signer.sign("unsubscribe", UUID(int=7))):
        path = BY_LINK["feedback"][0].replace("<token>", token)
        assert claims(stranger.client, path, length, FORMS).status_code == 404


def test_a_page_takes_a_megabyte_and_says_so(make_database: MakeDatabase, tmp_path: Path) -> None:
    person = at_work(make_database, "segments", tmp_path, ADA)
    answer = sent(person, "/segments/segments", OF_A_PAGE + 1)
    assert answer.status_code == 413 and "too large" in words(answer)
    stranger = at_work(make_database, "console", tmp_path, None)
    assert sent(stranger, "/sign-in", SMALL_BODY + 1).status_code == 413


def test_a_large_body_is_asked_for_only_once_it_is_known_who_sends_it(
    make_database: MakeDatabase, tmp_path: Path
) -> None:
    """The server reads a body when the app raises this, and then runs the request again."""
    person = at_work(make_database, "segments", tmp_path / "imports", ADA)
    page = person.get("/segments/imports").get_data(as_text=True)
    address = page.partition('action="/segments/imports?')[2].partition('"')[0]
    on_its_way = {AWAIT_BODY: await_body}
    with pytest.raises(BodyAwaited) as awaited:
        sent(person, f"/segments/imports?{address}", 200 * MB, environ=on_its_way)
    assert (awaited.value.longest, awaited.value.folder) == (OF_A_FILE, tmp_path / "imports")
    assert sent(person, "/segments/imports", 200 * MB, environ=on_its_way).status_code == 400
    stranger = at_work(make_database, "console", tmp_path, None)
    endless = {"wsgi.input_terminated": True, **on_its_way}
    assert sent(stranger, "/sign-in", None, environ=endless).status_code == 413
