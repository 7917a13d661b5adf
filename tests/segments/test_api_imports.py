"""A program brings files by its key, as often as it likes."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient

from services.segments.clock import Imports
from services.segments.config import Config
from services.segments.imports.files.columns import ImportMapping
from services.segments.imports.mappings import document_of
from services.segments.service import SERVICE
from services.segments.store.imports.files import save_mapping
from shared.access.people import keep_people, secret_hash
from shared.clock import VirtualClock
from shared.database.pool import Database
from shared.events import chunk_of
from shared.events.console import AccessChanged
from shared.ids import make_id
from shared.vocabulary.role import Role
from tests.cast import MARTA, NOW
from tests.conftest import MakeDatabase
from tests.segments.rows import add_properties, rows_of
from tests.segments.test_import import line, write
from tests.web import browser

KEY_ID: UUID = make_id("key", "the pms")
KEY = {"Authorization": f"Bearer glk_{KEY_ID.hex}_secret"}


@pytest.fixture
def database(make_database: MakeDatabase) -> Database:
    database = make_database("segments")
    add_properties(database)
    key = AccessChanged(
        person_id=KEY_ID, version=1, name="The PMS", role=Role.PROGRAM, properties=[], language=None,
        secret_hash=secret_hash("secret"), occurred_at=NOW,
    )  # fmt: skip
    with database.transaction() as tx:
        keep_people(tx, chunk_of([key]), NOW)
        save_mapping(tx, "pms", document_of(ImportMapping()), "Marta Marques", NOW)
    return database


@pytest.fixture
def config(tmp_path: Path) -> Config:
    return Config(imports=tmp_path / "imports")


@pytest.fixture
def client(database: Database, config: Config) -> FlaskClient:
    return browser(SERVICE.build_web, config, database, None).client


@pytest.fixture
def content(tmp_path: Path) -> bytes:
    return write(tmp_path / "export.csv", [line(1), line(2, status="maybe")]).read_bytes()


def bring(client: FlaskClient, content: bytes, source: str = "pms", **headers: str) -> Any:
    return client.post(
        f"/api/imports?source={source}", data=content, headers={**KEY, **headers}, content_type="text/csv"
    )


def test_a_program_brings_a_file_and_asks_what_became_of_it(
    client: FlaskClient, database: Database, config: Config, content: bytes
) -> None:
    taken = bring(client, content)
    assert taken.status_code == 202 and taken.json["state"] == "queued"
    assert Imports(database, config, VirtualClock(NOW)).step(NOW) == 1
    state: Any = client.get(taken.headers["Location"], headers=KEY).json
    assert (state["state"], state["counts"]["stays_made"], state["counts"]["rejected"]) == ("done", 1, 1)
    rejects = client.get(state["rejects"], headers=KEY).get_data(as_text=True)
    assert rejects.splitlines()[1] == "3,status,no status of a stay known here,m••••"


def test_a_form_with_the_file_does_as_well(client: FlaskClient, content: bytes) -> None:
    form = {"file": (BytesIO(content), "may.csv"), "source": "pms"}
    taken = client.post("/api/imports", data=form, headers=KEY, content_type="multipart/form-data")
    assert taken.status_code == 202 and (taken.json or {})["name"] == "may.csv"


def test_the_same_file_or_key_again_is_the_same_import(
    client: FlaskClient, database: Database, config: Config, content: bytes
) -> None:
    first = bring(client, content).json
    assert bring(client, content).json["id"] == first["id"]
    other = bring(client, content, **{"Idempotency-Key": "21 November"}).json
    assert other["id"] != first["id"]
    assert bring(client, content, **{"Idempotency-Key": "21 November"}).json["id"] == other["id"]
    taken = bring(client, content + b"\n", **{"Idempotency-Key": "21 November"})
    assert taken.status_code == 409 and "was used for another file" in taken.json["message"]
    assert rows_of(database, "select count(*) from import_file") == [(2,)]
    assert len(list(config.imports.iterdir())) == 2


def test_a_key_limited_to_a_hotel_brings_its_rows_only(
    client: FlaskClient, database: Database, config: Config, tmp_path: Path
) -> None:
    content = write(tmp_path / "two.csv", [line(1), line(2, property="SHA")]).read_bytes()
    with database.transaction() as tx:
        tx.execute("update person_known set properties = '{LIS}' where person_id = %s", [KEY_ID])
    taken = bring(client, content)
    assert taken.status_code == 202
    assert Imports(database, config, VirtualClock(NOW)).step(NOW) == 1
    state: Any = client.get(taken.headers["Location"], headers=KEY).json
    assert (state["state"], state["counts"]["stays_made"], state["counts"]["rejected"]) == ("done", 1, 1)
    rejects = client.get(state["rejects"], headers=KEY).get_data(as_text=True)
    assert rejects.splitlines()[1].startswith("3,property,a row of another hotel")
    assert rows_of(database, "select property from stay") == [("LIS",)]


def test_what_others_brought_is_nothing_for_who_is_limited(
    client: FlaskClient, database: Database, content: bytes
) -> None:
    taken = bring(client, content)
    with database.transaction() as tx:
        tx.execute("update person_known set properties = '{LIS}' where person_id = %s", [KEY_ID])
    for more in ("", "/rejects.csv"):
        assert client.get(f"{taken.headers['Location']}{more}", headers=KEY).status_code == 404


def test_a_file_that_failed_may_be_brought_again(client: FlaskClient, database: Database, content: bytes) -> None:
    first = bring(client, content).json
    with database.transaction() as tx:
        tx.execute("update import_file set state = 'failed', ended_at = %s, repeat_key = null", [NOW])
    assert bring(client, content, **{"Idempotency-Key": "again"}).json["id"] != first["id"]


@pytest.mark.parametrize(
    ("source", "change", "field"),
    [
        ("nobody", (b"", b""), "source"),
        ("", (b"", b""), "source"),
        ("pms", (b"reservation_no", b"Vorgang"), "reservation"),
        ("pms", (b"3/13/2016", b"3/4/2016"), "status_date"),
    ],
)
def test_an_error_names_the_field_and_nothing_is_kept(
    client: FlaskClient, config: Config, content: bytes, source: str, change: tuple[bytes, bytes], field: str
) -> None:
    refused = bring(client, content.replace(*change) if change[0] else content, source)
    assert refused.status_code == 422 and field in refused.json["problems"]
    assert not config.imports.exists() or list(config.imports.iterdir()) == []


def test_no_file_is_an_error_of_its_own(client: FlaskClient) -> None:
    assert bring(client, b"").json["problems"] == {"file": "missing or empty"}


def test_without_a_key_nobody_comes_in(client: FlaskClient, content: bytes) -> None:
    assert client.post("/api/imports?source=pms", data=content).status_code == 401
    forged = {"Authorization": f"Bearer glk_{KEY_ID.hex}_guessed"}
    assert client.post("/api/imports?source=pms", data=content, headers=forged).status_code == 401
    assert client.get(f"/api/imports/{KEY_ID}", headers=KEY).status_code == 404


def test_a_key_opens_no_page_meant_for_people(client: FlaskClient) -> None:
    assert client.get("/segments/imports", headers=KEY).status_code == 401
    assert client.get("/segments/guests", headers=KEY).status_code == 401


def test_a_cookie_counts_for_nothing_where_no_form_token_is_asked_for(
    database: Database, config: Config, content: bytes
) -> None:
    marta = browser(SERVICE.build_web, config, database, MARTA)
    assert marta.client.get(f"/api/imports/{KEY_ID}").status_code == 401
    assert marta.client.post("/api/imports?source=pms", data=content).status_code == 401
    assert rows_of(database, "select 1 from import_file") == []


def test_the_description_names_every_route_and_all_that_is_told(client: FlaskClient, content: bytes) -> None:
    described = client.get("/api/imports/openapi.json").json
    assert described is not None
    rules = {str(rule).replace("<uuid:file_id>", "{file_id}") for rule in client.application.url_map.iter_rules()}
    paths = {path for path in rules if path.startswith("/api/imports") and not path.endswith("openapi.json")}
    assert {path for path in described["paths"] if path.startswith("/api/imports")} == paths
    assert set(described["components"]["schemas"]["Import"]["properties"]) == set(bring(client, content).json)
