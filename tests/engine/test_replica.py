"""Pages read from a streaming standby: nobody notices, whatever becomes of it, but whoever is asked what reads cost."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from structlog.testing import capture_logs

from guestloop.operations.doctor import replica_of
from services.segments.config import Config
from services.segments.service import SERVICE
from shared.access.people import May, keep_people
from shared.crypto.purposes import IN_THE_RING
from shared.crypto.sealing import KeyRing
from shared.database import replica as replicas
from shared.database.migrate import SHARED_MIGRATIONS, migrate
from shared.database.pool import Database, Tx
from shared.database.replica import REPLICA, Because, Figures
from shared.embedded.server import EmbeddedPostgres
from shared.events import chunk_of
from shared.web.access_control import needs
from shared.web.replica_figures import ReplicaFigures
from shared.web.site import here
from tests.cast import ANTON, FILIPA, MARTA, NOW, access_of
from tests.databases import MIGRATED_AT
from tests.engine.replicated import COOKIE, NAME, House
from tests.loopback import until
from tests.observability.role import Role
from tests.standby import Standby
from tests.web import Browser, words

GUESTS = "/segments/guests"
STANDS = "select pg_is_in_recovery()"
SHORT = timedelta(seconds=0.2)


@pytest.fixture(scope="module")
def primary(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(tmp_path_factory.mktemp("primary") / "postgres", durable=False, archived=True) as server:
        server.create_databases([NAME])
        migrate(server.dsn(NAME), [SHARED_MIGRATIONS, SERVICE.migrations], MIGRATED_AT)
        with psycopg.connect(server.dsn(NAME)) as connection:
            connection.execute("create table numbers as select n from generate_series(1, 1000) n")
        yield server


@pytest.fixture(scope="module")
def standby(primary: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standby]:
    with Standby(tmp_path_factory.mktemp("standby") / "postgres", primary) as server:
        yield server


@pytest.fixture
def house(
    primary: EmbeddedPostgres, standby: Standby, keyring: KeyRing, monkeypatch: pytest.MonkeyPatch
) -> Iterator[House]:
    monkeypatch.setattr(replicas, "TRIED_AGAIN_AFTER", 0.05)
    house = House(primary, standby, keyring)
    yield house
    house.close()
    standby.resume()


def add_guest(by: Browser, family_name: str) -> str:
    by.get(GUESTS)
    form = {"property": "LIS", "given_name": "Rita", "family_name": family_name}
    return words(by.post(f"{GUESTS}/new", {"key": str(uuid4()), **form}))


def lists(reader: Browser, family_name: str) -> bool:
    return f"Rita {family_name}" in words(reader.get(GUESTS))


def figures(of: Database) -> Figures:
    assert of.replica is not None
    return of.replica.figures


def stands_there(database: Database, after: int = 0) -> bool:
    """Whether what is read now is read at the standby."""
    with database.reading(after) as tx:
        return tx.execute(STANDS).fetchone() == (True,)


def test_a_page_is_read_at_the_standby_and_a_form_does_its_work_at_the_primary(house: House) -> None:
    database = house.database()
    reader, writer = house.desk(MARTA, database), house.desk()
    house.standby.pause()
    assert "The guest is here." in add_guest(writer, "Alvor")
    assert not lists(reader, "Alvor")
    house.standby.resume()
    house.standby.catches_up()
    assert lists(reader, "Alvor")
    assert figures(database).reads[REPLICA] >= 2
    assert stands_there(database)


def test_whoever_saves_sees_it_at_once_whichever_process_answers(house: House) -> None:
    one, other = house.database(), house.database()
    saver, stranger = house.desk(FILIPA, one), house.desk(ANTON, other)
    elsewhere = house.desk(FILIPA, other)
    house.standby.pause()
    assert "The guest is here." in add_guest(saver, "Belmonte")
    house.takes_over(saver, elsewhere)
    assert lists(saver, "Belmonte") and lists(elsewhere, "Belmonte")
    assert not lists(stranger, "Belmonte")
    assert figures(other).reads[Because.OWN_WRITE]
    house.standby.resume()
    house.standby.catches_up()
    before = figures(other).reads[Because.OWN_WRITE]
    assert lists(elsewhere, "Belmonte") and lists(stranger, "Belmonte")
    assert figures(other).reads[Because.OWN_WRITE] == before


def test_a_position_that_nobody_can_have_costs_its_bearer_the_replica_and_nothing_else(house: House) -> None:
    database = house.database()
    reader = house.desk(MARTA, database)
    for told in ("-1", "x", "9" * 40, "٣"):
        reader.client.set_cookie(COOKIE, told)
        assert reader.get(GUESTS).status_code == 200
    assert not figures(database).reads[Because.OWN_WRITE]
    reader.client.set_cookie(COOKIE, "9" * 19)
    assert reader.get(GUESTS).status_code == 200
    assert figures(database).reads[Because.OWN_WRITE]


def test_whose_access_ended_sees_nothing_though_the_standby_does_not_know(house: House) -> None:
    database = house.database()
    marta = house.desk(MARTA, database)
    assert marta.get(GUESTS).status_code == 200
    house.standby.pause()
    with database.transaction() as tx:
        keep_people(tx, chunk_of([replace(access_of(MARTA, version=2), role=None)]), NOW)
    assert marta.get(GUESTS).status_code == 302
    with database.transaction() as tx:
        keep_people(tx, chunk_of([access_of(MARTA, version=3)]), NOW)
    assert marta.get(GUESTS).status_code == 200


def test_one_that_is_behind_is_left_out_and_said_so_once(house: House) -> None:
    database, check = house.database(most_behind=SHORT), house.database(most_behind=SHORT)
    reader, writer = house.desk(MARTA, database), house.desk()
    until(lambda: stands_there(database))  # nobody writes: it is not behind, however long
    house.standby.pause()
    add_guest(writer, "Cascais")
    with capture_logs() as logs:
        until(lambda: lists(reader, "Cascais"))
        assert lists(reader, "Cascais")
        assert gauges(database)["guestloop_replica_left_out_since_seconds"] > 0
    assert [one["event"] for one in logs if "replica" in one["event"]] == ["replica left out"]
    assert "behind" in str(replica_of("segments", check).problem)
    house.standby.resume()
    house.standby.catches_up()
    with capture_logs() as logs:
        until(lambda: stands_there(database))
    assert logs[0]["event"] == "replica read from again"
    until(lambda: gauges(database)["guestloop_replica_left_out_since_seconds"] == 0)
    until(lambda: replica_of("segments", check).problem is None)


def test_pages_answer_while_it_is_away_and_read_from_it_once_it_is_back(house: House) -> None:
    database = house.database()
    reader, writer = house.desk(MARTA, database), house.desk()
    assert stands_there(database)
    house.standby.kill()
    try:
        add_guest(writer, "Douro")
        assert lists(reader, "Douro")
        assert figures(database).because is Because.AWAY
        assert "does not answer" in str(replica_of("segments", house.database()).problem)
    finally:
        house.standby.start()
    until(lambda: stands_there(database))
    house.standby.catches_up()
    assert lists(reader, "Douro") and figures(database).because is None


def test_a_page_that_collides_with_recovery_is_read_again_at_the_primary(house: House) -> None:
    """A row that it may yet read is removed there as here: the standby ends who stands in the way."""
    database = house.database()
    app, tried = SERVICE.build_web(Config(), database, house.clock, house.web), list[bool]()

    @app.get("/segments/slow")
    @needs(May.SEE_GUESTS)
    def slow() -> str:
        with here().transaction() as tx:
            tried.append(tx.execute(STANDS).fetchone() == (True,))
            tx.execute("declare all_of_it cursor for select n from numbers")
            tx.execute("fetch 1 from all_of_it")
            if tried == [True]:
                house.removes_what_is_read()
            return str(tx.execute("fetch 1 from all_of_it").fetchone())

    house.tells_standby("max_standby_streaming_delay", "0")
    try:
        assert house.reader(app, MARTA).get("/segments/slow").status_code == 200
    finally:
        house.tells_standby("max_standby_streaming_delay", "30s")
    assert tried == [True, False]
    assert figures(database).reads[Because.FAILED] == 1
    assert stands_there(database)


def test_a_page_that_writes_after_all_does_so_at_the_primary_and_its_reader_sees_it(house: House) -> None:
    database = house.database()
    app = SERVICE.build_web(Config(), database, house.clock, house.web)

    @app.get("/segments/writes")
    @needs(May.SEE_GUESTS)
    def write() -> str:
        with here().transaction() as tx:
            tx.execute("insert into numbers values (0)")
            return "written"

    reader = house.reader(app, MARTA)
    house.standby.pause()
    assert reader.get("/segments/writes").text == "written"
    assert figures(database).reads[Because.WRITES] == 1
    assert reader.client.get_cookie(COOKIE) is not None


def test_an_export_that_fails_there_is_written_again_from_its_beginning(house: House) -> None:
    database, asked = house.database(), list[bool]()

    def work(tx: Tx) -> str:
        asked.append(tx.execute(STANDS).fetchone() == (True,))
        if asked == [True]:
            tx.execute("select pg_terminate_backend(pg_backend_pid())")
        return "whole"

    assert stands_there(database)
    assert database.read(work) == "whole"
    assert asked == [True, False]


def test_a_setting_that_names_the_primary_is_found_and_harmless(house: House) -> None:
    database = house.database(replica=house.primary.dsn(NAME))
    assert not stands_there(database)
    assert figures(database).because is Because.NO_STANDBY
    assert "a primary answers" in str(replica_of("segments", database).problem)


@pytest.mark.proof
def test_a_web_process_is_told_of_it_by_its_setting_and_tells_what_it_reads(house: House, tmp_path: Path) -> None:
    told = {
        "GUESTLOOP_SEGMENTS_DATABASE": house.primary.dsn(NAME),
        "GUESTLOOP_SEGMENTS_REPLICA": house.standby.dsn(NAME),
        "GUESTLOOP_KEYS": KeyRing.fresh(IN_THE_RING),
    }
    web = Role("segments", "web", told, tmp_path)
    try:
        until(lambda: 'guestloop_reads_total{at="replica",service="segments"} 0.0' in web.ask("/metrics")[1])
        assert (
            'guestloop_replica_left_out_since_seconds{because="none",service="segments"} 0.0' in web.ask("/metrics")[1]
        )
    finally:
        web.process.terminate()
        web.process.wait()


def gauges(of: Database) -> dict[str, float]:
    """What a scrape finds."""
    assert of.replica is not None
    return {
        one.name: one.value for metric in ReplicaFigures("segments", of.replica).collect() for one in metric.samples
    }
